"""Errors of HTTP itself are in the reader's language, with what to do."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import UnsupportedMediaType

from tests.limiting import limited
from volunteer_service.api.shared import problems
from volunteer_service.errors import Refused


def _is_chinese(words: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in words)


def test_every_status_of_a_refusal_has_a_title_in_both_languages(app: Flask) -> None:
    statuses = {kind.status for kind in _kinds(Refused)} | problems.WORDS.keys() | {500}
    assert statuses <= problems.TITLES.keys()
    for status in statuses:
        with app.test_request_context("/api/v1/x", headers={"Accept-Language": "en"}):
            said = problems.problem(status, "code", "words").get_json()["title"]
            assert said.isascii(), said
        with app.test_request_context("/api/v1/x"):
            assert _is_chinese(problems.problem(status, "code", "words").get_json()["title"])


def _kinds(kind: type[Refused]) -> set[type[Refused]]:
    return {kind}.union(*(_kinds(each) for each in kind.__subclasses__()))


@pytest.mark.parametrize(
    ("method", "path", "status", "zh", "en"),
    [
        ("GET", "/api/v1/nothing", 404, "请核对路径", "address"),
        ("DELETE", "/api/v1/openapi.json", 405, "Allow", "Allow"),
    ],
)
def test_unknown_paths_and_methods(
    client: FlaskClient, method: str, path: str, status: int, zh: str, en: str
) -> None:
    for language, words in (("zh", zh), ("en", en)):
        answer = client.open(path, method=method, headers={"Accept-Language": language})
        assert answer.status_code == status
        assert answer.mimetype == "application/problem+json"
        detail = answer.get_json()["detail"]
        assert words in detail
        assert detail in answer.get_data(as_text=True)  # no escapes
        assert _is_chinese(answer.get_json()["title"]) is (language == "zh")
        assert answer.get_json()["type"] == "about:blank"
        assert _is_chinese(detail) is (language == "zh")


def test_certificate_checks_over_the_api_are_limited_with_the_page(app: Flask) -> None:
    with limited(app) as client:
        for _ in range(30):
            assert client.get("/api/v1/certificates/verify/x").status_code == 200
            assert client.get("/v/x").status_code == 200
        answer = client.get("/api/v1/certificates/verify/x")
        assert answer.status_code == 429
        assert "请 1 分钟后再试" in answer.get_json()["detail"]
        assert client.get("/v/x").status_code == 429


def test_a_body_that_is_not_json_is_told_so(app: Flask) -> None:
    with app.test_request_context("/api/v1/x", headers={"Accept-Language": "en"}):
        answer = problems.http(UnsupportedMediaType())
    assert answer.status_code == 415
    assert "must be JSON" in answer.get_json()["detail"]

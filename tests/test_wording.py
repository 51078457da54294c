"""A refusal is worded whole in the reader's language, its ``why`` too."""

import pytest
from flask import Flask

from volunteer_service.errors import Invalid
from volunteer_service.people.registrations.registration_fields import IdentityInvalid
from volunteer_service.wording import refusal


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "结束时间要晚于开始时间。"), ("en", "The end must be after the start.")],
)
def test_why_is_translated(app: Flask, language: str, words: str) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        assert refusal(Invalid(field="ends_at", why="结束时间要晚于开始时间")) == words


def test_numbers_of_a_why_are_filled(app: Flask) -> None:
    why = {"why": "应为 %(least)s 到 %(most)s 的整数", "least": 1, "most": 60}
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert "1 to 60" in refusal(Invalid(field="notice_working_days", **why))


def test_a_table_of_cures_is_translated(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        worded = refusal(IdentityInvalid(field="identity", why="校验不对，请按证件核对"))
    assert worded.isascii() or not any("\u4e00" <= sign <= "\u9fff" for sign in worded)

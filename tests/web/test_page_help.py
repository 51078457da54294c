"""Every page has its help: three sentences in both languages, for the person whom it serves."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from tests import make
from tests.e2e.pages import is_no_page
from tests.signing import sign_in
from volunteer_service.db import transaction
from volunteer_service.web.shared.page_help import PAGES
from volunteer_service.web.shared.page_help.declaration import SERVES, Help, of

LATIN = re.compile("[A-Za-z]")
#: Names that people say so in Chinese.
KNOWN = re.compile("Excel")

#: Addresses that answer a script or a program, not a reader, beside those of ``NO_PAGES``.
PARTS = {"ops.healthz", "ops.readyz", "ops.figures"}
#: Pages behind a key in a letter, or in the network of an event: the other test leaves them out.
BEHIND_A_KEY = {"account.reset", "account.agree_as_guardian", "local_https.trust"}


def page_endpoints(app: Flask) -> set[str]:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return {rule.endpoint for rule in rules if not is_no_page(rule.rule)} | BEHIND_A_KEY


def test_every_page_has_its_help_and_every_help_its_page(app: Flask) -> None:
    assert set(PAGES) == page_endpoints(app) - PARTS


def _sentences() -> Iterator[Help]:
    yield from {id(each): each for each in PAGES.values()}.values()


def test_a_help_is_three_sentences_in_both_languages(app: Flask) -> None:
    for told in _sentences():
        assert told.serves in SERVES, told.pages
        for sentence in told.sentences:
            with app.test_request_context("/"), force_locale("zh_Hans_CN"):
                chinese = str(sentence)
            with app.test_request_context("/"), force_locale("en"):
                english = str(sentence)
            assert re.fullmatch("[^。]*[\u4e00-\u9fff][^。]*。", chinese)
            assert not LATIN.search(KNOWN.sub("", chinese))
            assert re.fullmatch("[^\u4e00-\u9fff]+[.]", english)
            assert not re.search(r"_|[a-z][A-Z]|\w\.\w|[<>{}%]", english)


def test_pictures_are_icons_that_exist(app: Flask) -> None:
    sprite = (Path(app.static_folder or "") / "icons.svg").read_text(encoding="utf-8")
    for told in _sentences():
        assert len(told.picture) in (0, 3), told.pages
        for name in told.picture:
            assert f'id="{name}"' in sprite, (told.pages, name)


def test_a_page_named_twice_is_an_error() -> None:
    told = next(_sentences())
    with pytest.raises(ValueError, match="two helps"):
        of(told, told)


@pytest.mark.parametrize(("lang", "said"), [("zh", "在这里登录。"), ("en", "Here you sign in.")])
def test_help_is_on_the_page_without_script(client: FlaskClient, lang: str, said: str) -> None:
    client.set_cookie("lang", lang)
    page = client.get("/sign-in").get_data(as_text=True)
    assert '<details class="help no-print">' in page
    assert said in page


def test_a_form_that_is_shown_again_keeps_its_help(client: FlaskClient) -> None:
    client.set_cookie("lang", "zh")
    sent = client.get("/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', sent)
    assert token
    refused = client.post("/sign-in", data={"csrf_token": token[1], "login": "", "password": ""})
    assert refused.status_code in (400, 401, 422)
    assert "在这里登录。" in refused.get_data(as_text=True)


def test_an_error_page_has_no_help_of_the_page_that_is_missing(app: Flask) -> None:
    with app.app_context(), transaction():
        make.account("zhou", "周静", role="coordinator", area=make.area())
    client = app.test_client()
    sign_in(client, "zhou")
    answer = client.get("/people/999999")
    assert answer.status_code == 404
    assert 'class="help' not in answer.get_data(as_text=True)

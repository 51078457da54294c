"""The frame of every page: switches, static files, and the macros on one page."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, flash, render_template, render_template_string
from flask_wtf import CSRFProtect
from werkzeug.test import TestResponse

from volunteer_service.lists.acts.declared import ACTS
from volunteer_service.lists.asking import Asked
from volunteer_service.lists.declared.people import PEOPLE
from volunteer_service.lists.reading import Found, Row
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import Who
from volunteer_service.people.authorization.undo_requests import Standing
from volunteer_service.web.shared import kept_forms, list_pages, words
from volunteer_service.web.shared.frame import init_frame, local_path

WEB = Path(words.__file__).parents[1]
NOON = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


class ListWithoutRoutes(list_pages.Shown):
    """A list on a page whose application has no other pages."""

    def opens(self, row: Row) -> str:
        return f"/people/{row.id}"

    def export(self, kind: str) -> str:
        return f"/lists/people.{kind}"

    def acting(self) -> str:
        return "/lists/people/act"

    def keeping(self) -> str:
        return "/lists/people/display"

    def saving(self) -> str:
        return "/lists/people/views"


def a_list() -> list_pages.Shown:
    """Two people of a list, filtered, on the first of many pages."""
    state = next(each for each in PEOPLE.filters if each.name == "state")
    asked = Asked(
        declared=PEOPLE,
        by=Actor(None, None, "周静", "page"),
        filters=((state, "active"),),
        sort="-hours",
        columns=tuple(PEOPLE.column(name) for name in ("name", "number", "hours", "state")),
        page=1,
        size=2,
        is_counted_whole=False,
        is_summed=True,
        reach=(),
    )
    rows = [
        Row(1, 1, 1, ("王建国", "0000017", 210, "active")),
        Row(2, 2, 2, ("赵芳", "0000025", 35, "left")),
    ]
    place = list_pages.Place([("全部", "/people")], [("市西街道", "/people?area_id=1")], True)
    found = Found(10_000, is_exact=False)
    views = [list_pages.View(1, "本月新人", "/people?sort=-hours", True, True, True, "/views/1")]
    return ListWithoutRoutes(
        asked, rows, found, {"hours": 245}, False, place, list(ACTS["people"]), views, [], True
    )


def an_undo() -> Any:
    """An undo that one asked for, and that this reader decides."""
    who = Who(("钱伟",))
    stands = Standing(None, "周静", None, who, None, frozenset({"decide"}))
    return SimpleNamespace(**vars(stands), undo_asked_at=NOON, undo_reason="交错了文件")


@pytest.fixture
def app() -> Flask:
    app = Flask(
        "volunteer_service",
        template_folder=str(WEB / "templates"),
        static_folder=str(WEB / "static"),
    )
    app.config.update(SECRET_KEY="for this test", WTF_CSRF_ENABLED=True)
    CSRFProtect(app)
    init_frame(app)
    app.jinja_env.globals["page_of_forms"] = kept_forms.page_of_forms
    gallery = (Path(__file__).parent / "gallery.html").read_text("utf-8")

    @app.get("/gallery")
    def show_gallery() -> str:
        flash("已保存", "ok")
        people = [("王建国", "庆丰社区护学志愿服务队", 210, 3), ("\U0002cc56小梅", "朝阳队", 35, 0)]
        nav = [
            {"key": key, "label": label, "url": f"/{key}", "icon": icon}
            for key, label, icon in [
                ("home", "首页", "home"),
                ("events", "活动", "calendar"),
                ("points", "积分", "gift"),
                ("me", "我的", "person"),
                ("teams", "队伍", "team"),
                ("papers", "证书", "certificate"),
            ]
        ]
        account = {"name": "王建国", "url": "/me", "sign_out_url": "/out"}
        given = {"shown": a_list(), "nav": nav, "account": account, "people": people, "at": NOON}
        given["asked"] = an_undo()
        return render_template_string(gallery, new_messages=lambda: 2, **given)

    @app.get("/plain")
    def plain() -> str:
        return render_template_string('{% extends "base.html" %}')

    @app.get("/lost")
    def lost() -> str:
        return render_template("errors/problem.html", status=404)

    @app.get("/refused")
    def refused() -> str:
        return render_template(
            "errors/problem.html", status=409, message="今天已经签到过了", request_id="r-1"
        )

    @app.get("/down")
    def down() -> str:
        return render_template("errors/down.html")

    return app


def get(app: Flask, path: str, **cookies: str) -> TestResponse:
    client = app.test_client()
    for name, value in cookies.items():
        client.set_cookie(name, value)
    return client.get(path, buffered=True)


def test_the_gallery_shows_every_macro(app: Flask) -> None:
    page = get(app, "/gallery").get_data(as_text=True)
    gallery = (Path(__file__).parent / "gallery.html").read_text("utf-8")
    macros = [
        f"{path.stem}.{name}"
        for path in (WEB / "templates" / "components").glob("*.html")
        for name in re.findall(r"macro (\w+)\(", path.read_text("utf-8"))
    ]
    inner = {"show.symbol", "show.art", "show.picture", "form.symbol", "form.secrets"}
    inner |= {"form.hidden", "form.first", "form.describes", "form.label_of", "form.help"}
    inner |= {"form.both", "form.said"}
    inner |= {"page.flashes", "page.problem"}
    # What `list.whole` is made of.
    inner |= {name for name in macros if name.startswith("list.")} - {"list.whole"}
    assert [m for m in macros if m not in inner and f"{m}(" not in gallery] == []
    assert 'aria-current="page"' in page
    assert "三星级" in page
    assert "1 小时" not in page
    assert "35 分钟" in page


def test_what_the_frame_sets_takes_no_page_s_word() -> None:
    """A name set in the frame is set last: a page that sets the same one shows the frame's."""
    folder = Path(words.__file__).parents[1] / "templates"
    frame = (folder / "base.html").read_text(encoding="utf-8")
    taken = re.findall(r"{%-? set (\w+)", frame)
    assert len(taken) > 3
    assert [name for name in taken if not name.startswith("frame_")] == []
    pages = [page for page in folder.rglob("*.html") if page.name != "base.html"]
    assert [page.name for page in pages if "frame_" in page.read_text(encoding="utf-8")] == []


def test_a_page_holds_nothing_the_policy_would_block(app: Flask) -> None:
    for path in ("/gallery", "/plain", "/lost", "/refused", "/down"):
        page = get(app, path).get_data(as_text=True)
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|https?://", page)
        assert not re.search(r"<script[^>]*>[^<]", page)


def test_every_picture_named_is_in_the_sprite(app: Flask) -> None:
    sprite = (WEB / "static" / "icons.svg").read_text("utf-8")
    drawn = set(re.findall(r'symbol id="([\w-]+)"', sprite))
    pages = "".join(get(app, p).get_data(as_text=True) for p in ("/gallery", "/lost", "/down"))
    named = set(re.findall(r"icons\.svg\?v=\w+#([\w-]+)", pages))
    assert named
    assert named <= drawn


def test_labels_hints_and_errors_belong_to_their_fields(app: Flask) -> None:
    page = get(app, "/gallery").get_data(as_text=True)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'\sfor="([^"]+)"', page):
        assert target in ids
    for targets in re.findall(r'aria-describedby="([^"]+)"', page):
        assert set(targets.split()) <= set(ids)


def test_a_posting_form_carries_its_two_secrets(app: Flask) -> None:
    page = get(app, "/gallery").get_data(as_text=True)
    forms = re.findall(r"<form(?:(?!</form>).)*method=\"post\"(?:(?!</form>).)*", page, re.S)
    assert forms
    assert all("csrf_token" in form for form in forms)
    keys = re.findall(r'name="idempotency_key" value="([^"]+)"', page)
    assert len(keys) >= 4
    assert len(keys) == len(set(keys))


def test_the_switches_are_kept_and_lead_back(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    answer = client.post("/preferences", data={"text": "large", "back": "/plain?a=1"})
    assert (answer.status_code, answer.location) == (303, "/plain?a=1")
    assert 'data-text="large"' in client.get("/plain").get_data(as_text=True)
    client.post("/preferences", data={"theme": "dark"})
    page = client.get("/plain").get_data(as_text=True)
    assert 'data-text="large"' in page
    assert re.search(r'dark\.css\?v=\w+" media="screen">', page)
    client.post("/preferences", data={"lang": "en", "theme": "pink"})
    page = client.get("/plain").get_data(as_text=True)
    assert '<html lang="en"' in page
    assert 'media="screen">' in page


def test_the_switches_need_the_token(app: Flask) -> None:
    answer = app.test_client().post("/preferences", data={"theme": "dark"})
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", "", "/\t/evil.example"],
)
def test_the_way_back_stays_here(target: str) -> None:
    assert local_path(target) == "/"


def test_a_strange_cookie_counts_as_none(app: Flask) -> None:
    page = get(app, "/plain", theme='"><script>', text="huge").get_data(as_text=True)
    assert "data-text" not in page
    assert "<script>" not in page


def test_the_browser_says_english(app: Flask) -> None:
    page = app.test_client().get("/plain", headers={"Accept-Language": "en-GB"})
    assert '<html lang="en"' in page.get_data(as_text=True)


def test_a_hashed_file_is_kept_for_a_year_and_another_is_not(app: Flask) -> None:
    page = get(app, "/plain").get_data(as_text=True)
    found = re.search(r'href="(/static/css/base\.css\?v=\w+)"', page)
    assert found
    assert "immutable" in get(app, found[1]).headers["Cache-Control"]
    assert "immutable" not in get(app, "/static/css/base.css").headers["Cache-Control"]
    assert "immutable" not in get(app, "/static/css/base.css?v=old").headers["Cache-Control"]


@pytest.mark.parametrize("name", ["css/parts.css", "js/taps.js", "icons.svg"])
def test_static_texts_are_sent_compressed_to_who_takes_them_so(app: Flask, name: str) -> None:
    plain = (WEB / "static" / name).read_bytes()
    client = app.test_client()
    with client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.data) == plain
        assert len(answer.data) * 2 < len(plain)
        etag = answer.headers["ETag"]
    with client.get(f"/static/{name}") as answer:
        assert "Content-Encoding" not in answer.headers
        assert (answer.data, answer.headers["Vary"]) == (plain, "Accept-Encoding")
    again = {"Accept-Encoding": "gzip", "If-None-Match": etag}
    with client.get(f"/static/{name}", headers=again) as answer:
        assert (answer.status_code, answer.data) == (304, b"")


def test_pages_and_fonts_are_not_compressed(app: Flask) -> None:
    font = next((WEB / "static" / "vendor").glob("**/*.woff2")).relative_to(WEB / "static")
    for path in ("/gallery", f"/static/{font.as_posix()}"):
        with app.test_client().get(path, headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.status_code == 200
            assert "Content-Encoding" not in answer.headers


def test_an_error_says_the_cure_and_the_way_back(app: Flask) -> None:
    lost = get(app, "/lost").get_data(as_text=True)
    assert "没有找到这一页" in lost
    assert "请回首页重新找" in lost
    assert 'href="/"' in lost
    refused = get(app, "/refused").get_data(as_text=True)
    assert "今天已经签到过了" in refused
    assert "r-1" in refused

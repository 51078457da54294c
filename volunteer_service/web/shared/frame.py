"""The frame of every page: words, hashed static files, and the reader's three switches.

The switches are kept in cookies, because a shared phone has several owners and a visitor without an
account needs large type too.
"""

from __future__ import annotations

import gzip
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Blueprint, Flask, Response, current_app, g, redirect, request, url_for
from flask_babel import Babel, get_timezone

from volunteer_service import settings
from volunteer_service.paper import faces
from volunteer_service.paper.qr import qr_svg
from volunteer_service.request_bodies import MOST_FILE_BYTES
from volunteer_service.web.shared import typed, words
from volunteer_service.web.shared.page_help import page_help
from volunteer_service.wording import gettext

CHOICES = {
    "theme": ("", "light", "dark"),
    "text": ("normal", "large"),
    "lang": ("zh", "en"),
}
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
YEAR_SECONDS = 365 * 24 * 60 * 60

frame = Blueprint("frame", __name__)


@dataclass(frozen=True)
class Preferences:
    """What the reader chose; `theme` is empty while the device decides."""

    theme: str
    text: str
    lang: str
    back: str


def preferences() -> Preferences:
    """Return the choices in this request's cookies; a value we never set counts as not chosen."""
    chosen = {name: request.cookies.get(name, "") for name in CHOICES}
    known = {name: v if v in CHOICES[name] else CHOICES[name][0] for name, v in chosen.items()}
    # A page that answers a POST cannot be asked for again with GET.
    here = request.full_path.removesuffix("?") if request.method == "GET" else "/"
    return Preferences(known["theme"], known["text"], lang(), here)


def lang() -> str:
    """Return the language of this request: cookie `lang`, then Accept-Language, then Chinese."""
    return words.pick_lang(request.cookies.get("lang"), request.accept_languages.values())


def select_locale() -> str | None:
    """Return the locale for flask_babel; outside a request its default applies."""
    return LOCALES[lang()] if request else None


@frame.post("/preferences", endpoint="preferences")
def choose() -> Response:
    """Keep the switches that were pressed for a year and go back to the page."""
    answer = redirect(local_path(request.form.get("back", "/")), 303)
    for name, values in CHOICES.items():
        if (value := request.form.get(name)) in values:
            answer.set_cookie(
                name,
                str(value),
                max_age=YEAR_SECONDS,
                httponly=True,
                samesite="Lax",
                secure=bool(current_app.config.get("SESSION_COOKIE_SECURE")),
            )
    return answer  # type: ignore[return-value]  # werkzeug's Response; Flask takes it as its own


def local_path(target: str) -> str:
    """`target` if it is a path of this site, else the first page: no open redirect."""
    parts = urlsplit(target.replace("\\", "/"))
    plain = target.isprintable() and target.startswith("/") and not target.startswith("//")
    return target if plain and not parts.netloc and "\\" not in target else "/"


@lru_cache(maxsize=1024)
def _hash(path: Path, _changed_ns: int) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=6).hexdigest()


def _version(filename: str) -> str | None:
    path = Path(current_app.static_folder or "") / filename
    return _hash(path, path.stat().st_mtime_ns) if path.is_file() else None


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    """Add the content's hash to every address of a static file, however it was built."""
    if endpoint == "static" and "v" not in values and (version := _version(values["filename"])):
        values["v"] = version


def _cache_for_long(response: Response) -> Response:
    """Let a browser keep a file with its hash in the address; without the hash it asks again."""
    if request.endpoint == "static" and response.status_code in (200, 304):
        asked = request.args.get("v")
        if asked and asked == _version((request.view_args or {})["filename"]):
            response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return response


#: Texts among the static files. Pages are not compressed: a length that depends on a reader's token
#: and on what was typed beside it would tell the token.
_TEXTS = ("text/css", "text/javascript", "image/svg+xml")


@lru_cache(maxsize=256)
def _gzipped(path: Path, _changed_ns: int) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)


def _compress(response: Response) -> Response:
    """Send a static text compressed to a browser that takes it so."""
    if request.endpoint != "static" or response.mimetype not in _TEXTS:
        return response
    response.vary.add("Accept-Encoding")
    path = Path(current_app.static_folder or "") / (request.view_args or {})["filename"]
    if response.status_code == 200 and request.accept_encodings.quality("gzip") > 0:
        whole = response.response
        response.direct_passthrough = False
        response.set_data(_gzipped(path, path.stat().st_mtime_ns))
        response.headers["Content-Encoding"] = "gzip"
        response.set_etag(response.get_etag()[0] or "", weak=True)
        if hasattr(whole, "close"):
            whole.close()
    return response


def asset(filename: str) -> str:
    """Return the address of a static file with its content's hash.

    A page names the file of its icons some forty times, so an address is made once for each
    request.
    """
    known: dict[str, str] = g.setdefault("assets", {})
    if filename not in known:
        known[filename] = url_for("static", filename=filename)
    return known[filename]


def _this_year() -> int:
    return words.local_day(datetime.now(UTC), get_timezone()).year


def _day(at: date | datetime) -> str:
    return words.day(at, lang(), _this_year(), get_timezone())


def _when(at: datetime) -> str:
    return words.when(at, lang(), _this_year(), get_timezone())


def _dated(at: date | datetime) -> str:
    """Return a day with its year in any case, because printed text is read later."""
    return words.day(at, lang(), None, get_timezone())


def _clock(at: datetime) -> str:
    return words.clock(at, get_timezone())


def _span(start: datetime, end: datetime) -> str:
    return words.span(start, end, lang(), _this_year(), get_timezone())


def _typed(at: datetime) -> str:
    return at.astimezone(get_timezone()).strftime("%Y-%m-%dT%H:%M")


FILTERS: dict[str, Callable[..., Any]] = {
    "day": _day,
    "when": _when,
    "dated": _dated,
    "clock": _clock,
    "span": _span,
    # As a ``datetime-local`` input holds it, and an instant that was kept as text.
    "as_typed": _typed,
    "instant": datetime.fromisoformat,
    "month": lambda on: words.month(on, lang()),
    "lasted": lambda time: words.lasted(time, lang()),
    "hours": lambda minutes: words.hours(minutes, lang()),
    "together": words.together,
    "points": lambda centi: words.points(centi, lang()),
    "stars": lambda n: words.stars(n, lang()),
    "number": words.number,
    "mask_name": words.mask_name,
    "undrawn": faces.undrawn,
    "code_point": ord,
    "mask_phone": words.mask_phone,
    "login": words.login,
    # A code inside the page itself needs no address of its own with a guard.
    "qr": lambda text: f"data:image/svg+xml,{quote(qr_svg(text))}",
    # A part of a refusal that a domain composed.
    "worded": lambda phrase: phrase.worded(gettext),
}


def init_frame(app: Flask) -> None:
    """Give `app` the languages, filters, globals and switches that the templates use."""
    Babel(
        app,
        default_locale=LOCALES["zh"],
        default_timezone="Asia/Shanghai",
        default_translation_directories=str(Path(__file__).parents[1] / "translations"),
        locale_selector=select_locale,
    )
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        asset=asset,
        typed=typed,
        fresh_key=lambda: str(uuid.uuid4()),
        page_help=page_help,
        most_file_bytes=MOST_FILE_BYTES,
        trusts_locally=lambda: settings.current().local_https is not None,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(lambda: {"prefs": preferences()})
    app.url_defaults(_add_version)
    app.after_request(_cache_for_long)
    app.after_request(_compress)
    app.register_blueprint(frame)

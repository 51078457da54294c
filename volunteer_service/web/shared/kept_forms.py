"""Keeps what was typed if a form does not reach its view, and shows its page again with it.

This happens if the page was open for too long, the session ended, somebody tried too often or the
service is unavailable. Only a form that comes from a page of ours is kept, so that nobody elsewhere
fills one in for a person. A password or a code is never kept; across a sign-in the rest is sealed.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import BytesIO
from urllib.parse import unquote, urlsplit

from cryptography.exceptions import InvalidTag
from flask import Response, current_app, g, make_response, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from volunteer_service import clock, settings
from volunteer_service.crypto import vault
from volunteer_service.errors import Refused
from volunteer_service.web.shared import typed
from volunteer_service.web.shared.frame import local_path

#: Fields that are never kept, and must be typed again.
SECRETS = frozenset({"password", "present", "code"})
#: Fields that are not written into a page beside their own field.
PRIVATE = frozenset({"identity", "guardian_phone"})
#: The fields that every page sets again.
_OF_THE_PAGE = frozenset({"csrf_token", typed.KEPT, typed.FILLED_BY, typed.PAGE})
_ABOUT = "web.kept_form"
#: The key in the environment of a request within another one, for the session of that one.
SESSION = "volunteer_service.session"
#: Seconds for signing in again, and the most characters that are kept over a sign-in.
_SECONDS = 3600
_MOST = 64 * 1024


@dataclass(frozen=True)
class KeptForm:
    """A form as it came: the page it was on, its address, its fields and who filled it in."""

    page: str
    action: str
    fields: tuple[tuple[str, str], ...]
    filled_by: str
    is_whole: bool

    @property
    def values(self) -> MultiDict[str, str]:
        """Return the fields by name."""
        return MultiDict(self.fields)

    @property
    def is_private(self) -> bool:
        """Tell whether a field holds what is not written into a page beside its own field."""
        return any(name in PRIVATE and value for name, value in self.fields)


def page_before() -> str | None:
    """Return the address of the page that sent this request, if it is one of ours and another one.

    A form that was shown again stands beneath the address it was sent to, and names its page.
    """
    if not _is_from_us():
        return None
    return _page_at(request.referrer or "") or _page_at(_named_page())


def page_of_forms() -> str:
    """Return the page that the forms of this answer belong to, where the browser's address is not
    it.
    """
    if "kept_form" in g:
        return str(g.kept_form.page)
    return (page_before() or "") if request.method == "POST" else ""


def _named_page() -> str:
    try:
        return request.form.get(typed.PAGE, "")
    except HTTPException:
        # Too large to be read.
        return ""


def _page_at(address: str) -> str | None:
    if not address:
        return None
    try:
        came_from = urlsplit(address)
        # An address that answers only POST would be a second dead end.
        current_app.url_map.bind("").match(unquote(came_from.path), method="GET")
    except (ValueError, HTTPException):
        return None
    query = f"?{came_from.query}" if came_from.query else ""
    found = local_path(came_from.path + query)
    is_here = request.method == "GET" and found == request.full_path.removesuffix("?")
    return None if is_here else found


def form_that_came() -> KeptForm | None:
    """This request's form without its secrets; None where it is none, too large or not of ours."""
    if request.method != "POST" or not _is_from_us():
        return None
    if request.content_length is None:
        return None
    try:
        came = request.form
    except HTTPException:
        # The form is larger than this sender may send.
        return None
    pairs = [pair for pair in came.items(multi=True) if pair[0] not in _OF_THE_PAGE]
    fields = tuple(pair for pair in pairs if pair[0] not in SECRETS)
    # The name of a file, so that the page says which one to choose again (``typed.lost_files``).
    chosen = ((name, file.filename or "") for name, file in request.files.items(multi=True))
    return KeptForm(
        page=page_before() or "",
        action=request.full_path.removesuffix("?"),
        fields=(*fields, *chosen),
        filled_by=request.form.get(typed.FILLED_BY, ""),
        is_whole=len(fields) == len(pairs) and not request.files,
    )


def unread_form(page: str) -> KeptForm:
    """Return a form that was too large to be read, without its fields."""
    return KeptForm(page, request.path, (), "", is_whole=False)


def shown_again(kept: KeptForm, status: int) -> Response | None:
    """Return the page of a form, with what was typed into it; None where there is no such page
    now.
    """
    if not kept.page:
        return None
    return _page(kept.page, status, kept_form=kept)


def typed_again(kept: KeptForm, status: int, errors: dict[str, list[str]]) -> Response | None:
    """Return the page of a form that was refused, where a field of it shows what was typed."""
    if not any(value.strip() for name, value in kept.fields if name != "idempotency_key"):
        return None
    said = list(session.get("_flashes", ()))
    typed.forget_shown()
    page = _page(kept.page, status, kept_form=kept, refused_fields=errors) if kept.page else None
    if page is not None and typed.is_shown():
        return page
    session["_flashes"] = said
    return None


def sign_in_page(kept: KeptForm) -> Response | None:
    """Return the page for signing in, which carries the sealed form along; None for what is too
    long.
    """
    sealed = _sealed(kept)
    if len(sealed) > _MOST or not kept.page or not kept.filled_by:
        return None
    where = url_for("account.sign_in", next=kept.page)
    return _page(where, 200, kept_sealed=sealed)


def after_sign_in(answer: WerkzeugResponse) -> WerkzeugResponse:
    """Return the page of the form that was carried along, where this account filled it in; else as
    is.
    """
    kept = _opened(request.form.get(typed.KEPT, "")) if answer.status_code == 303 else None
    if kept is None or is_of_another(kept):
        return answer
    return shown_again(kept, 200) or answer


def is_of_another(kept: KeptForm) -> bool:
    """Tell whether another account is signed in now than the one that filled the form in."""
    return bool(kept.filled_by) and kept.filled_by != str(session.get("account", ""))


def _is_from_us() -> bool:
    try:
        return settings.current().hosts.knows(urlsplit(request.referrer or "").netloc)
    except ValueError:
        return False


def _page(address: str, status: int, **facts: object) -> Response | None:
    """Return the answer of a page's own view, made within this request; only a page that is
    shown.
    """
    try:
        with _asked_for(address), _facts(facts):
            route = request.url_rule
            if request.routing_exception is not None or route is None:
                return None
            view = current_app.view_functions[route.endpoint]
            answer = make_response(current_app.ensure_sync(view)(**(request.view_args or {})))
    except (Refused, HTTPException):
        return None
    if answer.status_code != 200:
        return None
    answer.status_code = status
    return answer


@contextmanager
def _asked_for(address: str) -> Iterator[None]:
    """Make the request a GET of this address within the block, in the same session."""
    path, _, query = address.partition("?")
    environ = {
        **request.environ,
        "REQUEST_METHOD": "GET",
        "PATH_INFO": unquote(path),
        "QUERY_STRING": query,
        "REQUEST_URI": address,
        "RAW_URI": address,
        "CONTENT_LENGTH": "0",
        "CONTENT_TYPE": "",
        "wsgi.input": BytesIO(),
        SESSION: session._get_current_object(),  # type: ignore[attr-defined]
    }
    with current_app.request_context(environ):
        yield


@contextmanager
def _facts(facts: dict[str, object]) -> Iterator[None]:
    """Set them for the templates; the signed-in account and the form's token are read again."""
    names = (*facts, "actor", "unproven", "csrf_token", "refused_fields", "form_entered")
    before = {name: g.pop(name) for name in names if name in g}
    for name, value in facts.items():
        setattr(g, name, value)
    try:
        yield
    finally:
        for name in names:
            g.pop(name, None)
        for name, value in before.items():
            setattr(g, name, value)


def _sealed(kept: KeptForm) -> str:
    told = json.dumps(asdict(kept) | {"at": int(clock.now().timestamp())}, ensure_ascii=False)
    return urlsafe_b64encode(vault().seal(told, _ABOUT)).decode()


def _opened(sealed: str) -> KeptForm | None:
    try:
        told = json.loads(vault().unseal(urlsafe_b64decode(sealed[: _MOST + 4]), _ABOUT))
    except (InvalidTag, Error, ValueError):
        return None
    if not 0 <= int(clock.now().timestamp()) - told.pop("at") <= _SECONDS:
        return None
    told["fields"] = tuple((name, value) for name, value in told["fields"])
    return KeptForm(**told)

"""Bodies of requests, read whole and checked before a transaction begins.

A client that sends half a body and waits must hold neither the write lock nor a connection. An
unreadable body is refused at once: 400 for a malformed one, 413 for one too large.
"""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from flask import Response, current_app, g, request
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from volunteer_service.buffering_proxy.http_framing import WITHOUT_ASKING
from volunteer_service.buffering_proxy.questions import FIELDS_ALONE
from volunteer_service.db import transaction
from volunteer_service.db.retry import again_on_conflict
from volunteer_service.paper import uploaded_pages

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

View = TypeVar("View", bound=Callable[..., Any])

#: Bytes of all files of one upload, which are kept in temporary files. Other bodies:
#: MAX_CONTENT_LENGTH.
MOST_FILE_BYTES = 64 * 1024 * 1024
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
#: Digits of the longest number in a JSON document; the largest of 64 bits has 19.
_LONGEST_NUMBER = 400
#: In the environment of a request that the buffering proxy only asks about: the bytes that would
#: follow. No client can put it there.
ANNOUNCED = "volunteer_service.announced_body"
#: In the environment of a form whose files the buffering proxy left out. No client puts it there.
WITHOUT_FILES = "volunteer_service.without_files"
#: Digits of the bytes of the largest form.
_DIGITS_OF_A_FORM = len(str(WITHOUT_ASKING))


def takes_files(need: Callable[[Any], object]) -> Callable[[View], View]:
    """Mark a guarded view as one that takes files, from actors whom ``need`` does not refuse."""

    def wrap(view: View) -> View:
        view.files_need = need  # type: ignore[attr-defined]
        return view

    return wrap


def admit_files() -> ResponseReturnValue | None:
    """Decide, before anything is read, whether this sender may send more than a form.

    For the buffering proxy, which asks before it accepts the body, this is the whole answer: 204,
    or the refusal for the sender. If the session has ended, the text typed into a form would be
    lost with its files (``keep_fields``): then only its fields are accepted, and the refusal shows
    the form with them.
    """
    environ = request.environ
    announced: int | None = environ.get(ANNOUNCED)
    if environ.get(WITHOUT_FILES):
        return _enter() or _without_files()
    if announced is None:
        return _enter() if _is_large(environ) and _is_handed_files() else None
    if request.routing_exception is not None:
        current_app.raise_routing_exception(request)
    if not _is_handed_files():
        raise RequestEntityTooLarge()
    refusal = _enter()
    if refusal is None and announced > MOST_FILE_BYTES:
        raise RequestEntityTooLarge()
    fields_alone = g.pop("fields_are_kept", False)
    if refusal is not None and not fields_alone:
        return refusal
    g.is_only_asked = True
    return Response(status=204, headers={FIELDS_ALONE: "1"} if fields_alone else None)


def keep_fields() -> None:
    """Asks for the fields of a refused form that would be lost with its files."""
    g.fields_are_kept = True


def _without_files() -> NoReturn:
    # The sender may hand files in now, but could not when the server was asked.
    raise RequestEntityTooLarge()


def _is_large(environ: "WSGIEnvironment") -> bool:
    if "HTTP_TRANSFER_ENCODING" in environ:
        # In chunks, which only a server without the proxy passes on.
        return True
    # Every request comes here; a body as short as that of a check-in needs no further check.
    if len(environ.get("CONTENT_LENGTH", "")) < _DIGITS_OF_A_FORM:
        return False
    most: int = current_app.config["MAX_CONTENT_LENGTH"]
    return (request.content_length or 0) > most


def _is_handed_files() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return request.mimetype == "multipart/form-data" and hasattr(view, "files_need")


def _enter() -> ResponseReturnValue | None:
    """Run the view's guard and check whether this actor may send files; return the
    guard's refusal.
    """
    view: Any = current_app.view_functions[request.endpoint or ""]

    def ask() -> ResponseReturnValue | None:
        with transaction(write=False):
            refusal: ResponseReturnValue | None = view.enter()
            if refusal is None:
                view.files_need(g.actor)
            return refusal

    refusal = again_on_conflict(ask)
    if refusal is None:
        request.max_content_length = MOST_FILE_BYTES
    return refusal


def takes_papers(need: Callable[[Any], object]) -> Callable[[View], View]:
    """Mark a view as :func:`takes_files` does, for scans (``paper``) or photos (``photo``)."""

    def wrap(view: View) -> View:
        view.takes_papers = True  # type: ignore[attr-defined]
        return takes_files(need)(view)

    return wrap


def read_papers() -> None:
    """Re-encode the uploaded papers before the transaction, so that decoding blocks nobody.

    Nothing is decoded for a sender whom the view refuses.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    files = [*request.files.getlist("paper"), *request.files.getlist("photo")]
    # A browser sends a field without a file as a file without a name.
    files = [file for file in files if file.filename]
    if not files or not hasattr(view, "takes_papers") or _enter() is not None:
        return
    g.papers = found = []
    until = time.monotonic() + uploaded_pages.ALTOGETHER
    try:
        for file in files:
            data = file.stream.read(uploaded_pages.MOST_BYTES + 1)
            found += uploaded_pages.pages(data, until=until)
            if len(found) > uploaded_pages.MOST_PAGES:
                raise uploaded_pages.Unreadable("pages")
    except uploaded_pages.Unreadable as error:
        g.papers = error


def papers() -> list[uploaded_pages.Page] | uploaded_pages.Unreadable:
    """Return what :func:`read_papers` made of this request's files, or why not."""
    found: list[uploaded_pages.Page] | uploaded_pages.Unreadable = g.get("papers", [])
    return found


def take() -> None:
    """Read the whole body, whatever the method, and parse it as a form or as JSON."""
    if request.mimetype in _FORMS:
        # This also keeps the data, because the stream cannot be read twice.
        request.form  # noqa: B018
    elif request.get_data() and request.is_json:
        request.get_json()


class Json(DefaultJSONProvider):
    """JSON as RFC 8259 defines it and as a database can hold it; anything else is a
    ``ValueError``.
    """

    #: Chinese is written as it is, so that it can be read in a terminal.
    ensure_ascii = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Return the document in ``s``; refuse NaN, too long numbers, duplicate names, half
        characters.
        """
        text = s.decode("utf-8-sig") if isinstance(s, bytes) else s
        hooks = {"parse_int": _whole, "parse_float": _fraction, "parse_constant": _no_number}
        try:
            found = json.loads(text, object_pairs_hook=_object, **(hooks | kwargs))
        except RecursionError:
            raise ValueError("nested too deeply") from None
        if "\\ud" in text.lower():
            # Half a surrogate pair is no character; a whole pair is one.
            json.dumps(found, ensure_ascii=False).encode()
        return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("the same name twice")
    return found


def _whole(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError("a number that is too long")
    return int(digits)


def _fraction(digits: str) -> float:
    found = float(digits)
    if len(digits) > _LONGEST_NUMBER or found in (float("inf"), float("-inf")):
        raise ValueError("a number that is too large")
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")

"""What comes with a request, read whole and checked before a transaction begins.

Whoever sends half a body and waits must hold neither the write turn nor a connection. What cannot
be read is told at once: 400 for a fault of form, 413 for what is too large.
"""

import json
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from flask import current_app, request, session
from flask.json.provider import DefaultJSONProvider

View = TypeVar("View", bound=Callable[..., Any])

#: All files of one upload; they lie in temporary files. Other bodies: MAX_CONTENT_LENGTH.
MOST_FILE_BYTES = 64 * 1024 * 1024
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
#: Digits of the longest number in a JSON document; the largest of 64 bits has 19.
_LONGEST_NUMBER = 400


def takes_files(view: View) -> View:
    """Say that this view is handed files: larger bodies come in, from who seems signed in."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def admit_files() -> None:
    """Before anything is read: more than a form comes in where this view is handed files."""
    view = current_app.view_functions.get(request.endpoint or "")
    is_known = "account" in session or "Authorization" in request.headers
    is_form = request.mimetype == "multipart/form-data"
    if is_form and is_known and getattr(view, "takes_files", False):
        request.max_content_length = MOST_FILE_BYTES


def take() -> None:
    """Read all of it, whatever the method, and what it says as a form or as JSON."""
    if request.mimetype in _FORMS:
        # Also keeps what was said: the stream cannot be read twice.
        request.form  # noqa: B018
    elif request.get_data() and request.is_json:
        request.get_json()


class Json(DefaultJSONProvider):
    """JSON as RFC 8259 says it and a database can hold it; anything else is a ``ValueError``."""

    #: Chinese is read as it is written, also in a terminal.
    ensure_ascii = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """The document in ``s``; refuses NaN, too long numbers, a name twice, half characters."""
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

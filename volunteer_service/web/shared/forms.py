"""Forms: read the shape, run one verb once, or show the form again with what is wrong.

A form carries a hidden key, so that a double tap or a reload does its work once; the second tap
leads to the same page. A refusal of a verb keeps the page and what was typed: a form is shown again
(:func:`submit`, :func:`show`), a button's refusal is shown on the page with the button
(``web/shared/errors.py``).
"""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, request, session
from marshmallow import EXCLUDE, Schema, ValidationError
from werkzeug.wrappers import Response

from volunteer_service import clock, field_messages, idempotency, visible_text
from volunteer_service.db import db, settle_refusal
from volunteer_service.errors import (
    Away,
    EditedSince,
    FieldsRefused,
    NotAllowed,
    NotFound,
    Refused,
    SignInNeeded,
)
from volunteer_service.monitoring import logs
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.web.shared import typed
from volunteer_service.wording import refusal as words

Values = dict[str, Any]
Answer = TypeVar("Answer", str, str | FlaskResponse)
Again = Callable[[Values, Values], str]


def read(schema: type[Schema]) -> tuple[Values, Values]:
    """Return the form's values as ``schema`` reads them, and the errors by field name."""
    came = typed.settled(request.form)
    raw = {name: value for name, value in came.items() if visible_text.is_visible(value)}
    try:
        return _reader(schema).load(raw), {}
    except ValidationError as error:
        return {}, field_messages.told(error.messages_dict)


@cache
def _reader(schema: type[Schema]) -> Schema:
    # A schema takes long to set up and is then only read, so it is made once for all requests.
    return schema(unknown=EXCLUDE)


def submit(
    schema: type[Schema],
    work: Callable[[Values], str],
    again: Again,
    *,
    by: Actor | None = None,
    stands: Callable[[], Values] | None = None,
) -> Response:
    """Run ``work(values)`` once and redirect to its address (303), or show the form again (422).

    ``work`` returns the address of the next page. ``again(raw values, errors by field)`` renders
    the form; a refusal that is about no field in particular comes under ``""`` and stands at the
    page's top. Where the form as a whole is not for this person, nothing is shown again. Where
    somebody else edited the thing meanwhile, what the form would hold now (``stands``) comes
    beside what was typed, and each field that differs asks which one stays.
    """
    values, errors = read(schema)
    if errors:
        return _again(again, errors)
    try:
        target = _attempt(lambda: _once(lambda: work(values), by))
    except Refused as refused:
        if isinstance(refused, EditedSince) and stands is not None:
            typed.keep_both(refused, stands())
        return _refused(again, refused)
    return redirect(target, 303)


def show(
    schema: type[Schema], work: Callable[[Values], str | FlaskResponse], again: Again
) -> Response:
    """Run as :func:`submit` does, where the answer itself is the page, or a file that is made
    once.
    """
    values, errors = read(schema)
    if errors:
        return _again(again, errors)
    try:
        page = _attempt(lambda: work(values))
    except Refused as refused:
        return _refused(again, refused)
    return make_response(page)


def act(work: Callable[[], str], *, by: Actor) -> Response:
    """Run a one-button form once and redirect to its address (303).

    A refusal is shown on the page with the button, so that nobody loses it.
    """
    return redirect(_once(work, by), 303)


def done(message: str, target: str, kind: str = "ok") -> str:
    """Show ``message`` on the next page; return that page's address."""
    flash(message, kind)
    return target


def _attempt(work: Callable[[], Answer]) -> Answer:
    """Run ``work``; a refusal leaves nothing behind, and the transaction continues."""
    point, said = db.session.begin_nested(), list(session.get("_flashes", ()))
    try:
        answer = work()
        db.session.flush()
        point.commit()
    except Refused:
        point.rollback()
        # Objects read in between may come from a statement that is rolled back, and so may messages
        # about them.
        db.session.expire_all()
        session["_flashes"] = said
        raise
    return answer


def _once(work: Callable[[], str], by: Actor | None) -> str:
    key = request.form.get("idempotency_key")
    if key is None or by is None or by.account_id is None:
        return work()
    answer = idempotency.once(
        f"account:{by.account_id}",
        key,
        idempotency.request_hash(request.path, *_fields()),
        lambda: idempotency.Answer(303, work()),
        # A form that was refused is sent again with other values.
        None,
        at=clock.now(),
    )
    if answer.status != 303:
        raise idempotency.IdempotencyKeyReused()
    return str(answer.body)


def _fields() -> list[str]:
    pairs = request.form.items(multi=True)
    return [f"{name}={value}" for name, value in pairs if name != "csrf_token"]


def _by_field(refused: Refused) -> Values:
    parts = refused.parts if isinstance(refused, FieldsRefused) else (refused,)
    return {part.field or "": [words(part)] for part in parts}


def _refused(again: Again, refused: Refused) -> Response:
    """Return the form again, with what was typed and the refusal; no form if it is not theirs."""
    if type(refused) is NotFound or isinstance(refused, SignInNeeded | Away):
        raise refused
    # For a browser a form that comes back is one status, whatever the rule.
    status = refused.status if isinstance(refused, NotAllowed) else 422
    try:
        answer = _again(again, _by_field(refused), status)
    except Refused:
        # There is no such form now, so the refusal is shown where the person came from.
        raise refused from None
    settle_refusal()
    logs.refused(refused.code())
    return answer


def _again(again: Again, errors: Values, status: int = 422) -> Response:
    typed.keep(errors)
    return make_response(again(typed.settled(request.form).to_dict(), errors), status)

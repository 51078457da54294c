"""Forms: read the shape, run one verb once, or show the form again with what is wrong.

A form carries a hidden key, so that a double tap or a reload does its work once; the second tap
lands where the first one went.
"""

from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app, flash, make_response, redirect, request
from marshmallow import EXCLUDE, Schema, ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from volunteer_service import (
    clock,
    field_messages,
    idempotency,
    settings,
    visible_text,
)
from volunteer_service.db import db, settle_refusal
from volunteer_service.errors import FieldsRefused, NotAllowed, NotFound, Refused, SignInNeeded
from volunteer_service.monitoring import logs
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.web.shared.frame import local_path
from volunteer_service.wording import refusal as words

Values = dict[str, Any]
Again = Callable[[Values, Values], str]


def read(schema: type[Schema]) -> tuple[Values, Values]:
    """The form's values as ``schema`` reads them, and the errors by field name."""
    raw = {name: value for name, value in request.form.items() if visible_text.is_visible(value)}
    try:
        return _reader(schema).load(raw), {}
    except ValidationError as error:
        return {}, field_messages.told(error.messages_dict)


@cache
def _reader(schema: type[Schema]) -> Schema:
    # A schema is set up at length and then only read: once for all requests.
    return schema(unknown=EXCLUDE)


def submit(
    schema: type[Schema], work: Callable[[Values], str], again: Again, *, by: Actor | None = None
) -> Response:
    """Run ``work(values)`` once and go where it says (303), or show the form again (422).

    ``work`` returns the address of the next page. ``again(raw values, errors by field)`` renders
    the form; a refusal that is about no field in particular comes under ``""``. Where the form as
    a whole is not for this person, nothing is shown again: that is the page of 404 or 403.
    """
    values, errors = read(schema)
    if errors:
        return _again(again, errors)
    try:
        target = _attempt(lambda: work(values), by)
    except Refused as refused:
        if isinstance(refused, NotFound | NotAllowed) and refused.field is None:
            raise
        _settle(refused)
        return _again(again, _by_field(refused))
    return redirect(target, 303)


def act(work: Callable[[], str], *, by: Actor) -> Response:
    """Run a one-button form once and go where it says (303).

    A refusal is told on the page with the button, so that nobody loses it; where that page is not
    known, or is not for this person, it becomes the error page.
    """
    try:
        target = _attempt(work, by)
    except Refused as refused:
        back = _page_of_the_button()
        if back is None or isinstance(refused, NotFound | NotAllowed | SignInNeeded):
            raise
        _settle(refused)
        target = done(words(refused), back, "bad")
    return redirect(target, 303)


def done(message: str, target: str, kind: str = "ok") -> str:
    """Say ``message`` on the next page; returns its address."""
    flash(message, kind)
    return target


def _page_of_the_button() -> str | None:
    """The address that sent the form, if it is a page of ours that can be asked for again."""
    try:
        came_from = urlsplit(request.referrer or "")
        if not settings.current().hosts.knows(came_from.netloc):
            return None
        # An address that answers a POST only would be a second dead end.
        current_app.url_map.bind("").match(unquote(came_from.path), method="GET")
    except (ValueError, HTTPException):
        return None
    query = f"?{came_from.query}" if came_from.query else ""
    return local_path(came_from.path + query)


def _attempt(work: Callable[[], str], by: Actor | None) -> str:
    """Run ``work`` once; of what is refused nothing stays, and the transaction goes on."""
    point = db.session.begin_nested()
    try:
        target = _once(work, by)
        db.session.flush()
        point.commit()
    except Refused:
        point.rollback()
        raise
    return target


def _settle(refused: Refused) -> None:
    """What a refusal leaves behind where the answer is not the error page."""
    settle_refusal()
    logs.refused(refused.code())


def _once(work: Callable[[], str], by: Actor | None) -> str:
    key = request.form.get("idempotency_key")
    if key is None or by is None or by.account_id is None:
        return work()
    refusals: list[Refused] = []

    def refusal(refused: Refused) -> idempotency.Answer:
        refusals.append(refused)
        return idempotency.Answer(refused.status, None)

    answer = idempotency.once(
        f"account:{by.account_id}",
        key,
        idempotency.request_hash(request.path, *_fields()),
        lambda: idempotency.Answer(303, work()),
        refusal,
        at=clock.now(),
    )
    if refusals:
        raise refusals[0]
    if answer.status != 303:
        raise idempotency.IdempotencyKeyReused()
    return str(answer.body)


def _fields() -> list[str]:
    pairs = request.form.items(multi=True)
    return [f"{name}={value}" for name, value in pairs if name != "csrf_token"]


def _by_field(refused: Refused) -> Values:
    parts = refused.parts if isinstance(refused, FieldsRefused) else (refused,)
    return {part.field or "": [words(part)] for part in parts}


def _again(again: Again, errors: Values) -> Response:
    return make_response(again(request.form.to_dict(), errors), 422)

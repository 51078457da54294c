"""Values of a list that differ from the stored ones, and what an undo takes, over the API."""

from typing import Any

from marshmallow import Schema, fields, validate

from volunteer_service.api.shared.shapes import In, Query, Sort
from volunteer_service.api.shared.undo_shapes import UndoStandingOut
from volunteer_service.fields import LARGEST, Reason
from volunteer_service.wording import gettext
from volunteer_service.workbooks import agreed_changes, change_values, import_states, models


class ImportChangesQuery(Query):
    """The changes of one field, or in one state."""

    field = fields.String(validate=validate.OneOf(list(change_values.FIELD_WORDS)))
    state = fields.String(validate=validate.OneOf(models.CHANGE_STATES))
    sort = Sort(agreed_changes.CHANGE_SORTS)


class AgreedIn(In):
    """Which changes are agreed to, by their ids; null means all of them."""

    agreed = fields.List(
        fields.Integer(validate=validate.Range(1, LARGEST)),
        required=True,
        allow_none=True,
        validate=validate.Length(0, agreed_changes.MOST_NAMED),
    )
    of = fields.List(
        fields.Integer(validate=validate.Range(1, LARGEST)),
        load_default=None,
        allow_none=True,
        validate=validate.Length(0, agreed_changes.MOST_NAMED),
        metadata={"description": "Those that are decided; the others stay as they were."},
    )


class ImportChangeOut(Schema):
    """One field in which a list differs from what is stored, in words."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(import_states.KINDS))
    target_id = fields.Integer(
        required=True, metadata={"description": "The volunteer, team, gift or area."}
    )
    name = fields.String(required=True, allow_none=True)
    field = fields.String(required=True, validate=validate.OneOf(list(change_values.FIELD_WORDS)))
    was = fields.String(required=True)
    now = fields.String(required=True)
    file = fields.String(required=True)
    sheet = fields.String(required=True)
    row_number = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(models.CHANGE_STATES))
    problem = fields.String(
        required=True, allow_none=True, metadata={"description": "Why it was not done, or stays."}
    )


class LoserOut(Schema):
    """What the undo takes from one person; points in hundredths."""

    volunteer_id = fields.Integer(required=True)
    number = fields.String(required=True)
    name = fields.String(required=True)
    points = fields.Integer(required=True)
    debt = fields.Integer(required=True)
    orders = fields.Integer(required=True)


class ForecastOut(UndoStandingOut):
    """What undoing an import takes in all; points in hundredths."""

    people = fields.Integer(required=True, metadata={"description": "Entries that go."})
    members = fields.Integer(
        required=True, metadata={"description": "Who was registered before and loses records."}
    )
    records = fields.Integer(required=True)
    minutes = fields.Integer(required=True)
    points = fields.Integer(required=True)
    debt = fields.Integer(required=True, metadata={"description": "Spent points that are owed."})
    in_debt = fields.Integer(required=True, metadata={"description": "People who then owe."})
    orders = fields.Integer(required=True, metadata={"description": "Their open orders."})
    changes = fields.Integer(required=True, metadata={"description": "Changes taken back."})
    kept = fields.Integer(
        required=True, metadata={"description": "Changes that stay: changed again since."}
    )
    changed_since = fields.Dict(
        fields.String(),
        fields.Integer(),
        required=True,
        metadata={"description": "What was edited since and so stays, by table."},
    )
    largest = fields.List(fields.Nested(LoserOut), required=True)
    blockers = fields.Dict(
        fields.String(),
        fields.Integer(),
        required=True,
        metadata={
            "description": "What came later and refers to the import's rows, by table: while there "
            "is any, it is not undone as a whole."
        },
    )


class AnswerIn(In):
    """Why an import is refused; the person who asked reads it."""

    answer = Reason(200, required=True)


def shown_changes(rows: list[models.ImportChange]) -> list[dict[str, Any]]:
    """Return changes in words, with the names of what they are about."""
    names = change_values.names_of(rows)
    return [_shown_change(row, names.get((row.kind, row.target_id))) for row in rows]


def _shown_change(row: models.ImportChange, name: str | None) -> dict[str, Any]:
    was, now = change_values.was_and_now_in_words(row, gettext)
    kept = {each: getattr(row, each) for each in ImportChangeOut().fields if hasattr(row, each)}
    return kept | {"name": name, "was": was, "now": now}

"""Shapes of figures over the API: minutes and hundredths of points, as ``unit`` says."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, pre_dump, validate

from volunteer_service.api.shared.shapes import Day
from volunteer_service.errors import Phrase
from volunteer_service.figures.counting import Count
from volunteer_service.figures.figure import DIMENSIONS, UNITS
from volunteer_service.wording import gettext

_AN_ID = validate.Range(1, 2**63 - 1)


class FiguresQuery(Schema):
    """Which figures of which place and days; the days are local and both count."""

    class Meta:
        unknown = EXCLUDE

    area_id = fields.Integer(validate=_AN_ID)
    team_id = fields.Integer(validate=_AN_ID)
    from_on = Day(data_key="from", metadata={"description": "Without it: the half-year's first."})
    to_on = Day(data_key="to", metadata={"description": "Without it: that half-year's last."})
    by = fields.String(
        validate=validate.OneOf(DIMENSIONS),
        metadata={"description": "Into which parts; `area`: those directly below the place."},
    )
    codes = fields.String(
        validate=validate.Length(max=1000),
        metadata={"description": "Codes of figures between commas; without it, all."},
    )


class FigureOut(Schema):
    """A figure: its definition, its value, and that of the same days a year before."""

    code = fields.String(required=True, attribute="figure.code")
    name = fields.String(required=True)
    meaning = fields.String(required=True)
    unit = fields.String(
        required=True, attribute="figure.unit", validate=validate.OneOf(tuple(UNITS))
    )
    adds_up = fields.Boolean(
        required=True,
        attribute="figure.adds_up",
        metadata={"description": "False: the parts count somebody twice who is in two of them."},
    )
    value = fields.Integer(required=True)
    before = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Null where only the present moment is known."},
    )

    @pre_dump
    def in_words(self, found: Count, **_kwargs: Any) -> dict[str, Any]:
        """Name and meaning are in the reader's language."""
        return {
            **vars(found),
            "name": _worded(found.figure.name),
            "meaning": _worded(found.figure.meaning),
        }


class FigurePartOut(Schema):
    """One part of a breakdown: an area, a team, a grade, a month …"""

    key = fields.String(
        required=True,
        allow_none=True,
        attribute="written_key",
        metadata={"description": "Id, word, or first day; null: what belongs to no part."},
    )
    name = fields.String(required=True, allow_none=True)
    values = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "By code of the figure; those that know these parts."},
    )


class FiguresOfPlaceOut(Schema):
    """The figures of a place in a period, and their parts where parts were asked for."""

    from_on = fields.Date(required=True, data_key="from")
    to_on = fields.Date(required=True, data_key="to")
    figures = fields.List(fields.Nested(FigureOut), required=True)
    parts = fields.List(fields.Nested(FigurePartOut), required=True)


def _worded(phrase: Phrase) -> str:
    return phrase.worded(gettext)

"""The form of an act on many rows, made from what the act asks for."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, validate

from volunteer_service.circulars.writing import LONGEST_TEXT
from volunteer_service.fields import Day, Reason, Text
from volunteer_service.lists.acts.declaration import Act

_LARGEST = Decimal(100000)


_KINDS: dict[str, Callable[[], fields.Field[Any]]] = {
    "reason": lambda: Reason(120, required=True),
    "reason if any": lambda: Reason(120),
    "team": lambda: Text(60, required=True),
    "event": lambda: Text(80, required=True),
    "day": lambda: Day(required=True),
    "words": lambda: Text(LONGEST_TEXT, required=True),
    "points": lambda: fields.Decimal(
        required=True,
        places=2,
        validate=[
            validate.Range(-_LARGEST, _LARGEST),
            validate.NoneOf([Decimal(0)]),
        ],
    ),
}


def schema_of(act: Act) -> type[Schema]:
    """Return the schema of an act's form."""
    return Schema.from_dict({each.name: _KINDS[each.kind]() for each in act.asks})

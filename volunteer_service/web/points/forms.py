"""Shapes of the forms that correct points."""

from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from volunteer_service.fields import Reason


class AdjustForm(Schema):
    """Signed points with two decimals, and why."""

    points = fields.Decimal(
        required=True,
        places=2,
        validate=[
            validate.Range(Decimal("-100000"), Decimal("100000")),
            validate.NoneOf([Decimal(0)]),
        ],
    )
    reason = Reason(120, required=True)

    @post_load
    def centi(self, values: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Turn points into hundredths."""
        return {"amount": int(values["points"] * 100), "reason": values["reason"]}


class ReasonForm(Schema):
    """Why."""

    reason = Reason(120, required=True)


class DecisionForm(Schema):
    """Approve or refuse."""

    approve = fields.Boolean(required=True)

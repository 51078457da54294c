"""Shapes of points over the API: integers of hundredths, named ``*_centi``."""

from typing import Any

from marshmallow import Schema, fields, pre_dump, validate

from volunteer_service.api.shared.shapes import In, Instant, Query
from volunteer_service.fields import Reason
from volunteer_service.scoring.points.balances import Standing

#: The most that one adjustment may move, in hundredths.
MOST_CENTI = 10_000_000


class PointsEndingOut(Schema):
    """Points that end on one day."""

    last_day = fields.Date(required=True)
    centi = fields.Integer(required=True)


class PointsStandingOut(Schema):
    """A member's points today."""

    available_centi = fields.Integer(required=True, attribute="available")
    waiting_centi = fields.Integer(required=True, attribute="waiting")
    held_centi = fields.Integer(required=True, attribute="held")
    debt_centi = fields.Integer(required=True, attribute="debt")
    earned_centi = fields.Integer(required=True, attribute="earned")
    opening_centi = fields.Integer(
        required=True,
        attribute="opening",
        metadata={"description": "Of `earned_centi`: taken over from an earlier system."},
    )
    spent_centi = fields.Integer(required=True, attribute="spent")
    expired_centi = fields.Integer(required=True, attribute="expired")
    expiring = fields.List(fields.Nested(PointsEndingOut), required=True)

    @pre_dump
    def named(self, standing: Standing, **_kwargs: Any) -> dict[str, Any]:
        """Turn pairs of day and amount into objects."""
        endings = [{"last_day": day, "centi": amount} for day, amount in standing.expiring]
        return vars(standing) | {"expiring": endings}


class StatementLineOut(Schema):
    """One line of a statement."""

    id = fields.Integer(required=True, attribute="transfer.id")
    kind = fields.String(required=True, attribute="transfer.kind")
    source_type = fields.String(required=True, attribute="transfer.source_type")
    source_id = fields.Integer(required=True, attribute="transfer.source_id")
    reason = fields.String(required=True, allow_none=True, attribute="transfer.reason")
    at = Instant(required=True, attribute="transfer.at")
    amount_centi = fields.Integer(required=True, attribute="amount")
    balance_centi = fields.Integer(required=True, attribute="balance")


class StatementPageQuery(Query):
    """A page of a statement."""


class AdjustIn(In):
    """A correction by hand."""

    amount_centi = fields.Integer(
        required=True,
        strict=True,
        validate=[validate.Range(-MOST_CENTI, MOST_CENTI), validate.NoneOf([0])],
    )
    reason = Reason(120, required=True)


class AdjustmentOut(Schema):
    """A correction, done or waiting for a second person."""

    id = fields.Integer(required=True)
    volunteer_id = fields.Integer(required=True)
    amount_centi = fields.Integer(required=True, attribute="amount")
    reason = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["waiting", "done", "refused"]))
    asked_at = Instant(required=True)


class AdjustmentDecisionIn(In):
    """Approve (true) or refuse (false)."""

    approve = fields.Boolean(required=True, truthy={True}, falsy={False})


class ReversalIn(In):
    """Why."""

    reason = Reason(120, required=True)


class ReversalOut(Schema):
    """What a claw-back took, and what it left as a debt."""

    taken_centi = fields.Integer(required=True, attribute="taken")
    debt_centi = fields.Integer(required=True, attribute="debt")


class OutstandingOut(Schema):
    """Unspent points that end on one day."""

    last_day = fields.Date(required=True)
    centi = fields.Integer(required=True)
    members = fields.Integer(required=True)

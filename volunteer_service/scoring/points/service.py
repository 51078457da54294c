"""The ledger's verbs, under the one name that the other rooms use: ``points.grant(...)``."""

from volunteer_service.scoring.points.accounts import local_day
from volunteer_service.scoring.points.adjustments import (
    adjust,
    decide_adjustment,
    waiting_adjustments,
)
from volunteer_service.scoring.points.balances import (
    Line,
    Standing,
    need_sight,
    outstanding,
    standing,
    statement,
)
from volunteer_service.scoring.points.bulk_reversals import reverse_many
from volunteer_service.scoring.points.doctor import Difference, doctor
from volunteer_service.scoring.points.earnings import (
    Grant,
    earned,
    grant,
    grant_many,
)
from volunteer_service.scoring.points.entries import Entry, entries
from volunteer_service.scoring.points.expiry import expire_due
from volunteer_service.scoring.points.hledger_export import journal_export
from volunteer_service.scoring.points.holds import capture, hold, release
from volunteer_service.scoring.points.reversals import (
    Effect,
    effect_of,
    give_back,
    reverse,
    take_back,
)
from volunteer_service.scoring.points.seals import head, seal

__all__ = [
    "Difference",
    "Effect",
    "Entry",
    "Grant",
    "Line",
    "Standing",
    "adjust",
    "capture",
    "decide_adjustment",
    "doctor",
    "earned",
    "effect_of",
    "entries",
    "expire_due",
    "give_back",
    "grant",
    "grant_many",
    "head",
    "hold",
    "journal_export",
    "local_day",
    "need_sight",
    "outstanding",
    "release",
    "reverse",
    "reverse_many",
    "seal",
    "standing",
    "statement",
    "take_back",
    "waiting_adjustments",
]

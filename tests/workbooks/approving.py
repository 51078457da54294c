"""An import on its way to a second person: who asks, who applies, who may."""

from collections.abc import Callable
from datetime import datetime

from tests import make
from tests.workbooks import town
from tests.workbooks.town import NOON
from volunteer_service.db import db
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.workbooks import (
    applying,
    approval,
    import_overviews,
)
from volunteer_service.workbooks.taking_back import undo_approval, undoing

Handed = Callable[..., int]


def person(account: Account) -> Volunteer:
    """The volunteer of this account."""
    return db.session.get_one(Volunteer, account.volunteer_id)


def applied(import_id: int, account: Account, at: datetime = NOON) -> str:
    """The state after this account applied it."""
    return applying.apply(import_id, by=make.acting(account), at=at).state


def asked(import_id: int, account: Account) -> int:
    """The same import, after this account asked for a second person."""
    approval.ask(import_id, by=make.acting(account), at=NOON)
    return import_id


def undone(import_id: int, first: Account, second: Account, at: datetime = NOON) -> str:
    """The state after ``first`` asked for its undo and ``second`` undid it."""
    undo_approval.ask_undo(import_id, "交错了文件", by=make.acting(first), at=at)
    return undoing.undo(import_id, by=make.acting(second), at=at).state


def may(import_id: int, account: Account) -> set[str]:
    """What this account may do with it."""
    return set(import_overviews.detail(import_id, by=make.acting(account), at=NOON).may)


def count() -> int:
    """Records that came in."""
    return town.sums()[1]

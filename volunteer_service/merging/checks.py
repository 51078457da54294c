"""Open checks of two entries: a merging answers those that it settles, its undo reopens them.

A merging includes an examination of the merged entry, so none of its checks stays open. «Possibly
the same person» of the kept entry is answered too if it resembles nobody else.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from volunteer_service.db import Base, db
from volunteer_service.merging import moved_rows
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes.change_models import Merging, RegistrationCheck
from volunteer_service.people.registrations import same_person

_checks = Base.metadata.tables[RegistrationCheck.__tablename__]


def answer(merging: Merging, *, by: Actor, at: datetime) -> None:
    """Answer the open checks that this merging settles; the merged entry no longer counts."""
    answered = {"answered_at": at, "answered_by_id": by.account_id}
    settled = _open(merging.merged_id)
    if not same_person.namesakes_of(merging.kept):
        settled = [*settled, *_open(merging.kept_id, "same_name")]
    for id_ in settled:
        moved_rows.change(merging, _checks, id_, answered)


def make_room(merging: Merging, *, by: Actor, at: datetime) -> None:
    """Answer a later check where the earlier one of its kind is reopened."""
    for move in moved_rows.of(merging, _checks.name):
        earlier = db.session.get_one(RegistrationCheck, move.row_id)
        for id_ in _open(earlier.volunteer_id, earlier.kind):
            later = db.session.get_one(RegistrationCheck, id_)
            later.answered_at, later.answered_by_id = at, by.account_id
    db.session.flush()


def _open(volunteer_id: int, kind: str | None = None) -> Sequence[int]:
    query = select(RegistrationCheck.id).where(
        RegistrationCheck.volunteer_id == volunteer_id, RegistrationCheck.answered_at.is_(None)
    )
    if kind is not None:
        query = query.where(RegistrationCheck.kind == kind)
    return db.session.scalars(query.order_by(RegistrationCheck.id)).all()

"""Tables of changes to a person, of mergings, and of entries that staff should check."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_service.db import Base, Identity, Sealed
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.people.undone_by_two import UndoneByTwo

#: The fields of a person that can be changed; ``home`` is the community, ``consent`` one on paper.
CHANGED_FIELDS = (
    *("phone", "name", "identity", "born_on", "sex", "home", "guardian", "consent"),
    *("registered", "party", "employer", "skills", "remark"),
)
CHECKS = ("newcomer", "same_name")
#: An entry has at most one open check of a kind.
_OPEN = text("answered_at IS NULL")


class Merging(UndoneByTwo, Base):
    """A merging of two entries: asked for, decided, done, possibly undone."""

    __tablename__ = "mergings"
    STANDS = "done"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'refused', 'undone')", name="state"),
        CheckConstraint("kept_id <> merged_id", name="two_entries"),
        # An entry is merged into one other, however often the button is pressed.
        Index(
            "uq_mergings_standing_merged_id",
            "merged_id",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'done')"),
            postgresql_where=text("state IN ('waiting', 'done')"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    #: Fields that the kept entry takes from the other one; the other one gets its old values.
    taken: Mapped[list[Any]]
    #: Minutes of the merged entry when it was asked for, confirmed and taken over.
    minutes: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: The second person, where one was needed.
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answer: Mapped[str | None] = mapped_column(String(200))
    done_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    kept: Mapped[Volunteer] = relationship(foreign_keys=[kept_id])
    merged: Mapped[Volunteer] = relationship(foreign_keys=[merged_id])


class MergingMove(Base):
    """A row that a merging changed: old values, new values, and what undoing requires unchanged."""

    __tablename__ = "merging_moves"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    merging_id: Mapped[int] = mapped_column(ForeignKey("mergings.id"), index=True)
    table_name: Mapped[str] = mapped_column(String(30))
    row_id: Mapped[int] = mapped_column(Identity)
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    #: Columns that later acts change, as they stood.
    stood: Mapped[dict[str, Any]]


class PersonChange(Base):
    """A change to a person's registration, done or waiting for somebody.

    Old and new value are sealed; ``person_values`` reads them in the row's format.
    """

    __tablename__ = "person_changes"
    __table_args__ = (
        CheckConstraint(f"field IN {CHANGED_FIELDS}", name="field"),
        CheckConstraint("state IN ('waiting', 'done', 'refused', 'withdrawn')", name="state"),
        # One open change for each field, however often the button is pressed.
        Index(
            "uq_person_changes_waiting_volunteer_id_field",
            "volunteer_id",
            "field",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    field: Mapped[str] = mapped_column(String(10))
    format: Mapped[int] = mapped_column(default=1)
    was: Mapped[str | None] = mapped_column(Sealed("person_change.was"))
    now: Mapped[str | None] = mapped_column(Sealed("person_change.now"))
    #: Keyed hash of the phone (a person's or a guardian's) that still ties for some days.
    was_key: Mapped[str | None] = mapped_column(String(43))
    #: Keyed hash of the phone that a person gave for themself.
    own_key: Mapped[str | None] = mapped_column(String(43))
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(9), default="waiting")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: The new home, while somebody there has to agree.
    area_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    #: When it was done or refused; by the second person, where one was needed.
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answer: Mapped[str | None] = mapped_column(String(200))

    volunteer: Mapped[Volunteer] = relationship()
    asked_by: Mapped[Account | None] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])


class RegistrationCheck(Base):
    """An entry that staff should check; the row stays after the answer."""

    __tablename__ = "registration_checks"
    __table_args__ = (
        CheckConstraint(f"kind IN {CHECKS}", name="kind"),
        Index(
            "uq_registration_checks_open",
            "volunteer_id",
            "kind",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    asked_at: Mapped[datetime]
    #: The account that entered the person; none for a self-registration.
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    volunteer: Mapped[Volunteer] = relationship()
    asked_by: Mapped[Account | None] = relationship(foreign_keys=[asked_by_id])

"""Scans (the evidence), attendances (who was there), service records (what is recognised)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_service.db import Base, Identity, SealedBytes
from volunteer_service.events.models import Event
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Team

GRADES = ("scanned", "leader", "imported", "backfilled")
#: Where a record comes from. The grade of an ``import`` is what the file states, no scan of this
#: service.
SOURCES = ("attendance", "import", "backfill", "claim")
RECORD_STATES = ("waiting", "confirmed", "refused", "withdrawn")
#: Whom a waiting record waits for: a leader to confirm it or to set its end, a coordinator (above
#: the daily cap), or a second person (backfilled).
WAITS_FOR = ("leader", "end", "coordinator", "second")


class Scan(Base):
    """One scan as it happened, accepted or not; never changed (triggers)."""

    __tablename__ = "scans"
    __table_args__ = (
        CheckConstraint("kind IN ('in', 'out')", name="kind"),
        CheckConstraint("outcome IN ('accepted', 'refused', 'duplicate')", name="outcome"),
        Index("ix_scans_event_id_scanned_at", "event_id", "scanned_at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    #: The scan's own id (UUIDv7 of the phone or the server): the same id, the same answer.
    scan_id: Mapped[str] = mapped_column(String(36), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"), index=True)
    kind: Mapped[str] = mapped_column(String(3))
    #: What was scanned: poster, screen, card, personal, roster, spoken.
    source: Mapped[str] = mapped_column(String(8))
    scanned_at: Mapped[datetime]
    received_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    outcome: Mapped[str] = mapped_column(String(9))
    #: The refusal's code, where refused.
    reason: Mapped[str | None] = mapped_column(String(40))
    #: The refusal's numbers, so that the same scan id gets the same sentence again.
    numbers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: By how many seconds the phone's clock was ahead of ours at sending (negative: behind), if
    #: that is more than the policy's seconds.
    skew_seconds: Mapped[int | None]

    @property
    def came_late(self) -> bool:
        """Tell whether a tap waited in a phone without network: it arrived in a later minute than
        it states.
        """
        is_tap = self.source in {"poster", "screen", "roster"}
        return is_tap and self.received_at.replace(second=0, microsecond=0) > self.scanned_at


class ServiceRecord(Base):
    """The seven fields of order 67 art. 7, the recording unit, who recorded it and how, and its
    state.
    """

    __tablename__ = "service_records"
    __table_args__ = (
        UniqueConstraint("source_type", "source_key"),
        CheckConstraint(f"grade IN {GRADES}", name="grade"),
        CheckConstraint(f"state IN {RECORD_STATES}", name="state"),
        CheckConstraint(f"waits_for IN {WAITS_FOR}", name="waits_for"),
        CheckConstraint("minutes >= 0", name="minutes"),
        CheckConstraint("ends_at > starts_at", name="order"),
        Index("ix_service_records_volunteer_id_starts_at", "volunteer_id", "starts_at"),
        Index("ix_service_records_team_id_served_on", "team_id", "served_on"),
        Index("ix_service_records_state_served_on_id", "state", "served_on", "id"),
        # An undone import deletes records; a reused id would match the earnings of the old one.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    event_name: Mapped[str] = mapped_column(String(80))
    served_on: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(80))
    content: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int]
    organising_unit: Mapped[str] = mapped_column(String(60))
    leader_name: Mapped[str] = mapped_column(String(60))
    recording_unit: Mapped[str] = mapped_column(String(60))
    recorder: Mapped[str] = mapped_column(String(60))
    grade: Mapped[str] = mapped_column(String(10))
    coefficient_centi: Mapped[int] = mapped_column(default=100)
    state: Mapped[str] = mapped_column(String(10))
    waits_for: Mapped[str | None] = mapped_column(String(12))
    #: Why it waits or is worth what it is: codes and numbers of rules.recognised.
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    policy_version: Mapped[int]
    #: When its volunteer says that they left; stated while the end is missing, and kept afterwards.
    stated_ends_at: Mapped[datetime | None]
    #: Natural key: ``attendance``/id, ``import``/hash of the row, ``backfill``/id,
    #: ``claim``/shift/person.
    source_type: Mapped[str] = mapped_column(String(10))
    source_key: Mapped[str] = mapped_column(String(64))
    import_id: Mapped[int | None] = mapped_column(Identity, index=True)
    created_at: Mapped[datetime]
    #: Who backfilled it: somebody else must approve.
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column(default=1)

    volunteer: Mapped[Volunteer] = relationship()
    team: Mapped[Team] = relationship()
    event: Mapped[Event | None] = relationship()


class RecordChange(Base):
    """An amendment of a record: before, after, who, why; the history that art. 13 asks for."""

    __tablename__ = "record_changes"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("service_records.id"), index=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(String(200))
    #: In which format ``before`` and ``after`` are (``record_decisions.FORMAT``).
    format: Mapped[int] = mapped_column(server_default="1")


class Correction(Base):
    """A correction of a decided record by staff: other minutes, at once or by a second person."""

    __tablename__ = "record_corrections"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'refused')", name="state"),
        CheckConstraint("minutes >= 0 AND was >= 0", name="minutes"),
        # One open correction for each record, however often the button is pressed.
        Index(
            "uq_record_corrections_waiting_record_id",
            "record_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("service_records.id"), index=True)
    #: Minutes of the record when it was asked for, and what they should be.
    was: Mapped[int]
    minutes: Mapped[int]
    #: For wrong times: the record's times at the request, the right times of arrival and departure,
    #: and the shift (the verb requires one of the event). None where only the minutes are wrong.
    starts_was: Mapped[datetime | None]
    ends_was: Mapped[datetime | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    shift_id: Mapped[int | None] = mapped_column(Identity)
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: The second person, where one was needed.
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answer: Mapped[str | None] = mapped_column(String(200))

    record: Mapped[ServiceRecord] = relationship()


class SheetPaper(Base):
    """One page of the paper behind a hand-entered sheet: a clean JPEG, sealed like a phone number.

    It is kept in the database, so that it is written, backed up and restored with its records.
    """

    __tablename__ = "sheet_papers"
    __table_args__ = (
        # The same page twice is one.
        UniqueConstraint("sheet_key", "sha256"),
        # Finds who has pages that no sheet uses, and since when, without reading the pages.
        Index("ix_sheet_papers_added_by_id_added_at", "added_by_id", "added_at", "sheet_key"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    #: Key of the sheet: its records' ``source_key`` begins with it. Before the sheet is entered,
    #: only the person who handed the page in sees it.
    sheet_key: Mapped[str] = mapped_column(String(32))
    jpeg: Mapped[bytes] = mapped_column(SealedBytes("sheet_papers.jpeg"), deferred=True)
    #: Hash of the JPEG, which proves later that it is the same.
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))


class Dispute(Base):
    """A volunteer's statement that a record is wrong; somebody re-examines it."""

    __tablename__ = "disputes"
    __table_args__ = (CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name="state"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("service_records.id"), index=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    words: Mapped[str] = mapped_column(Text)
    #: The true times, as the volunteer states them; None where only the words give them.
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(10), default="open")
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answer: Mapped[str | None] = mapped_column(Text)

    record: Mapped[ServiceRecord] = relationship()


class Evaluation(Base):
    """How well the service was done: 1 to 5, once a record."""

    __tablename__ = "evaluations"
    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("service_records.id"), unique=True)
    score: Mapped[int]
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class Complaint(Base):
    """A complaint about a volunteer, and what the volunteer says to it.

    An upheld one costs the half-year's star.
    """

    __tablename__ = "complaints"
    __table_args__ = (CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name="state"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    happened_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="open")
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: Who wrote it down: somebody else decides.
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: When its volunteer was told: at once on their own page, or by a member of staff.
    told_at: Mapped[datetime | None]
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: The last local day for the reply; nothing is decided before.
    reply_until: Mapped[date | None]
    reply: Mapped[str | None] = mapped_column(Text)
    replied_at: Mapped[datetime | None]
    #: Who wrote the reply: the volunteer's own account, or the staff who noted it down.
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: True once the volunteer replied through their own account.
    is_answered: Mapped[bool] = mapped_column(default=False)

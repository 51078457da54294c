"""Imports: what was handed in, its totals, who decided, and its state."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Base, Identity, Sealed
from volunteer_service.people.undone_by_two import UndoneByTwo
from volunteer_service.workbooks.reading.cells import restored

STATES = (
    *("reading", "previewed", "asked", "applying", "applied"),
    *("refused", "undone", "failed"),
)
ABOUT = ("sheet", "column", "profile", "rows", "places")


class Import(UndoneByTwo, Base):
    """One hand-in of workbooks: previewed, requested if it needs two people, applied, undone.

    The progress of a running step is in a file beside the workbooks (``stored_files``), because on
    SQLite nobody else may write during the step's only transaction, or see what it wrote.
    """

    __tablename__ = "imports"
    STANDS = "applied"
    __table_args__ = (CheckConstraint(f"state IN {STATES}", name="state"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    #: The root of everything in it; NULL while this import is still to create it.
    area_id: Mapped[int | None] = mapped_column(Identity)
    #: The root's name: as given, or from the workbook's title.
    sub_district: Mapped[str] = mapped_column(String(60))
    #: Whether somebody named the root.
    is_street_said: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: The roots under which rows of areas may be put, one on each line, if the lists name several;
    #: NULL: there is only one.
    streets: Mapped[str | None] = mapped_column(String(1300))
    #: The person's account; no foreign key, because accounts refer to volunteers, who refer to
    #: imports.
    account_id: Mapped[int | None] = mapped_column(Identity)
    #: Name, size, sha256 of each file, and title and header of each of its sheets.
    files: Mapped[list[Any]]
    #: Whether hidden and struck-through rows are taken, as far as it was answered; None: not yet.
    row_looks: Mapped[dict[str, Any] | None]
    #: Whether names that look alike are one place, by the place's key, as far as it was answered.
    alike_areas: Mapped[dict[str, Any] | None]
    #: The counts of ``--json``.
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: The totals of the new records: people, minutes, points (hundredths), days above the cap.
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: The number of new records, which the policy limits.
    records: Mapped[int] = mapped_column(default=0)
    #: Rows about people who may import or are tied to them, by volunteer, and by phone of new
    #: people.
    concerned: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: Who gets most, as JSON with names; deleted with the files.
    sealed: Mapped[str | None] = mapped_column("largest", Sealed("imports.largest"), deferred=True)
    #: Keyed hash of everything that would be applied, as it was shown.
    shown: Mapped[str | None] = mapped_column(String(43))
    #: Rows in all; 0 until they were read once.
    total: Mapped[int] = mapped_column(default=0)
    #: Why the last step did not finish.
    problem: Mapped[str | None] = mapped_column(String(400))
    #: The refusal behind ``problem`` (code, message, facts), to show it in the reader's language.
    trouble: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    #: The account that asked a second person; None if one person applied it alone.
    asked_by_id: Mapped[int | None] = mapped_column(Identity)
    asked_at: Mapped[datetime | None]
    #: Account that applied or refused it; NULL for the operator.
    decided_by_id: Mapped[int | None] = mapped_column(Identity)
    decided_at: Mapped[datetime | None]
    #: Why the second person refused.
    answer: Mapped[str | None] = mapped_column(String(200))
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    @property
    def largest(self) -> list[dict[str, Any]]:
        """Return who gets most hours: name, number, records, minutes, points, days above the cap;
        and who gets most opening balances.
        """
        found: list[dict[str, Any]] = json.loads(self.sealed or "[]")
        return [{"opening_points": 0, "opening_minutes": 0} | one for one in found]


class SheetMeaning(Base):
    """A street's answer about its workbooks: what a sheet is, what a column holds, a profile,
    whether hidden or struck-through rows are taken, or whether names are one place.

    It is used for the next file, and shown in its preview.
    """

    __tablename__ = "sheet_meanings"
    __table_args__ = (
        CheckConstraint(f"about IN {ABOUT}", name="about"),
        UniqueConstraint("area_id", "about", "word_key"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    #: The street; its answers are deleted with it.
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id", ondelete="CASCADE"))
    about: Mapped[str] = mapped_column(String(8))
    #: The list concerned; NULL: the sheet is no list.
    kind: Mapped[str] = mapped_column(String(12))
    #: Hash of the normalised header of the sheet, of kind and header of the column, of the name.
    word_key: Mapped[str] = mapped_column(String(64))
    #: The sheet's name, the column's header, the profile's name or the look of rows (``hidden``,
    #: ``struck``), the names of a place, for the reader.
    words: Mapped[str] = mapped_column(String(120))
    #: For a column: its ``fields``; for a sheet: ``codes`` and ``dates``; of a profile: all of it;
    #: of rows: ``come`` (in, out); of places: ``are`` (one, apart).
    meaning: Mapped[dict[str, Any]]
    #: Number of the format of ``meaning``.
    format: Mapped[int]
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    said_at: Mapped[datetime]


class StepAside(Base):
    """A first step of a street that somebody set aside; ``all`` is the whole list."""

    __tablename__ = "steps_aside"

    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"), primary_key=True)
    step: Mapped[str] = mapped_column(String(12), primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class RefusedRow(Base):
    """A row that was not taken: its cells, the reason, and the likely cure."""

    __tablename__ = "refused_rows"
    __table_args__ = (Index("ix_refused_rows_import_id_id", "import_id", "id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    kind: Mapped[str] = mapped_column(String(12))
    file: Mapped[str] = mapped_column(String(120))
    sheet: Mapped[str] = mapped_column(String(60))
    row_number: Mapped[int]
    #: The raw cells as JSON: they hold identity and phone numbers.
    sealed: Mapped[str] = mapped_column("cells", Sealed("refused.cells"))
    reason: Mapped[str] = mapped_column(String(40))
    field: Mapped[str | None] = mapped_column(String(40))
    cure: Mapped[str | None] = mapped_column(String(200))

    @property
    def cells(self) -> list[Any]:
        """Return the raw cells of the row, with their types."""
        return list(map(restored, json.loads(self.sealed)))


CHANGE_STATES = ("offered", "agreed", "done", "waiting", "refused", "kept")


class ImportChange(Base):
    """A difference between a list and the service: offered, agreed to, made, undone.

    ``waiting``: somebody else must agree too. ``kept``: it should have been undone, but stays.
    """

    __tablename__ = "import_changes"
    __table_args__ = (
        CheckConstraint(f"state IN {CHANGE_STATES}", name="state"),
        Index("ix_import_changes_import_id_id", "import_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    kind: Mapped[str] = mapped_column(String(12))
    #: The volunteer, team, gift or area; no foreign key, because it is in one of four tables.
    target_id: Mapped[int] = mapped_column(Identity)
    field: Mapped[str] = mapped_column(String(14))
    #: Old and new value as JSON (``change_values``), in the format of this number.
    format: Mapped[int] = mapped_column(default=1)
    was: Mapped[str | None] = mapped_column(Sealed("import_change.was"))
    now: Mapped[str | None] = mapped_column(Sealed("import_change.now"))
    file: Mapped[str] = mapped_column(String(120))
    sheet: Mapped[str] = mapped_column(String(60))
    row_number: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default="offered")
    #: Why it was not done, or stays.
    problem: Mapped[str | None] = mapped_column(String(400))
    #: The change in the person's own history.
    person_change_id: Mapped[int | None] = mapped_column(Identity)

"""Imports: what was handed in, what was refused and why, and whether it still stands."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Base, Identity


class Import(Base):
    """One hand-in of workbooks: previewed, applied, undone."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint(
            "state IN ('reading', 'previewed', 'applying', 'applied', 'undone', 'failed')",
            name="state",
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    #: The sub-district (root area) under which everything lands; NULL: named by the workbook.
    area_id: Mapped[int | None] = mapped_column(Identity)
    #: Account of the person; no foreign key, because accounts hang on volunteers, who hang on this.
    account_id: Mapped[int | None] = mapped_column(Identity)
    #: Name, kind, size, sha256 and stored path of each file.
    files: Mapped[list[Any]]
    #: The counts of ``--json``.
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: Rows done and rows in all, for the progress bar.
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class RefusedRow(Base):
    """A row that was not taken: its cells, the reason, and the likely cure."""

    __tablename__ = "refused_rows"
    __table_args__ = (Index("ix_refused_rows_import_id_id", "import_id", "id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    file: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(12))
    row_number: Mapped[int]
    cells: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(String(40))
    field: Mapped[str | None] = mapped_column(String(40))
    cure: Mapped[str | None] = mapped_column(String(200))

"""Printed sheets of a roster, and what was entered from each line."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_service.db import Base, Identity
from volunteer_service.events.models import Event, Shift, SignUp
from volunteer_service.identifiers import check_characters


class RosterSheet(Base):
    """One printed page of a shift's roster."""

    __tablename__ = "roster_sheets"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id"))
    #: Of the shift's pages in this printing, from 1.
    page: Mapped[int]
    printed_at: Mapped[datetime]
    printed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    event: Mapped[Event] = relationship()
    shift: Mapped[Shift] = relationship()
    lines: Mapped[list["RosterLine"]] = relationship(order_by="RosterLine.line")

    @property
    def number(self) -> str:
        """Return what is printed and typed: the id with a check character."""
        return check_characters.sheet_number(self.id)


class RosterLine(Base):
    """One line of a sheet: a sign-up, or blank for somebody who comes without one."""

    __tablename__ = "roster_lines"
    __table_args__ = (
        UniqueConstraint("sheet_id", "line"),
        CheckConstraint("left_at >= came_at", name="order"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("roster_sheets.id"))
    #: From 1, as printed.
    line: Mapped[int]
    #: None on a blank line, until somebody is entered from it.
    sign_up_id: Mapped[int | None] = mapped_column(ForeignKey("sign_ups.id"), index=True)
    #: The times as they were entered, which no later entry of the sheet changes.
    came_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    entered_at: Mapped[datetime | None]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    sign_up: Mapped[SignUp | None] = relationship()

"""Tables of opening balances of an earlier system: points, hours by year, stars, certificates'
numbers.

Each row is one row of a list about one person; undoing its import deletes it. The points themselves
are in the ledger, as a transfer of kind ``opening`` whose source is the row.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Base, Identity

#: The name of the system account that pays them out, their kind and their source's type.
OPENING = "opening"
#: The minutes of a leap year.
MOST_MINUTES = 366 * 24 * 60
MOST_STARS = 5
#: The most characters of a certificate's number.
LONGEST_NUMBER = 40


class _RowOfList:
    """The columns of every opening balance: whose it is, of which system, by which import."""

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    #: The earlier system, as the list names it.
    source: Mapped[str] = mapped_column(String(60))
    import_id: Mapped[int] = mapped_column(Identity, index=True)


class OpeningPoints(_RowOfList, Base):
    """Points (hundredths) of one person that are valid to the end of one day."""

    __tablename__ = "opening_points"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        # Unique, so that a day's points cannot be handed in again under another name.
        UniqueConstraint("volunteer_id", "expires_on"),
        # The ledger refers to the row for ever, so no later row may get its id.
        {"sqlite_autoincrement": True},
    )

    amount: Mapped[int]
    expires_on: Mapped[date]


class OpeningHours(_RowOfList, Base):
    """Minutes of service of one person in one year, recorded before this service."""

    __tablename__ = "opening_hours"
    __table_args__ = (
        CheckConstraint(f"minutes BETWEEN 1 AND {MOST_MINUTES}", name="minutes"),
        UniqueConstraint("volunteer_id", "year"),
    )

    year: Mapped[int]
    minutes: Mapped[int]


class OpeningStar(_RowOfList, Base):
    """The star of one person in one past half-year, given by somebody else's rating."""

    __tablename__ = "opening_stars"
    __table_args__ = (
        CheckConstraint(f"stars BETWEEN 1 AND {MOST_STARS}", name="stars"),
        UniqueConstraint("volunteer_id", "half_year"),
    )

    half_year: Mapped[str] = mapped_column(String(6))
    stars: Mapped[int]


class OpeningPaper(_RowOfList, Base):
    """The number of a certificate that somebody else issued."""

    __tablename__ = "opening_papers"
    __table_args__ = (Index(None, "volunteer_id"),)

    #: As it is printed, and as it is compared: half-width capitals without spaces and dashes.
    number: Mapped[str] = mapped_column(String(LONGEST_NUMBER))
    compared: Mapped[str] = mapped_column(String(LONGEST_NUMBER), unique=True)
    title: Mapped[str] = mapped_column(String(60))
    issued_on: Mapped[date]


#: Every table that an import of opening balances writes to.
TABLES = (OpeningPoints, OpeningHours, OpeningStar, OpeningPaper)

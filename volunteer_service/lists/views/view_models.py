"""Tables of what readers keep of lists: saved views, and how a list is shown to an account."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import JSON, Base, Identity


class ListView(Base):
    """Filters, order, columns and page size of a list under a name; it holds no searched text."""

    __tablename__ = "list_views"
    __table_args__ = (Index("ix_list_views_list_name", "list_name", "account_id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    list_name: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(40))
    #: Who saved it.
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    #: The area of the office; it is offered to readers of the list who hold a role above, at or
    #: below it; None for one's own view.
    area_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    #: Parameters as pairs, in their order.
    asked: Mapped[list[list[str]]] = mapped_column(JSON)
    created_at: Mapped[datetime]


class ListDisplay(Base):
    """The columns, page size and density that an account chose for a list."""

    __tablename__ = "list_displays"
    __table_args__ = (UniqueConstraint("account_id", "list_name"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    list_name: Mapped[str] = mapped_column(String(32))
    #: Names of columns; empty for the list's own.
    shown: Mapped[list[str]] = mapped_column(JSON)
    size: Mapped[int]
    is_dense: Mapped[bool]

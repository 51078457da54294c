"""Areas: one tree, each node knowing its path."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Base, Identity
from volunteer_service.people.search.ordered_names import OrderedByName

KINDS = ("subdistrict", "community", "grid", "building")


class Area(OrderedByName, Base):
    """A place. ``path`` is the ids from the root, ``/1/5/23/``, so a subtree is one prefix.

    Kinds only get smaller on the way down, so a path has four ids at most: 81 characters.
    """

    __tablename__ = "areas"
    __table_args__ = (
        UniqueConstraint("parent_id", "name"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        Index("ix_areas_path", "path", postgresql_ops={"path": "text_pattern_ops"}),
        # The constraint above lets two streets of one name through, because NULL equals nothing.
        Index(
            "uq_areas_street_name",
            "name",
            unique=True,
            sqlite_where=text("parent_id IS NULL"),
            postgresql_where=text("parent_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(60))
    path: Mapped[str] = mapped_column(String(120))
    import_id: Mapped[int | None] = mapped_column(Identity, index=True)
    #: Since when nothing new is put here; an area is never deleted.
    closed_at: Mapped[datetime | None]
    #: Where somebody finds the staff of this area, face to face and at their desk.
    address: Mapped[str | None] = mapped_column(String(120))
    #: In words: «周一至周五 9:00—17:00».
    opening_hours: Mapped[str | None] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(40))

"""Areas: one tree, each node knowing its path."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Base, Identity

KINDS = ("subdistrict", "community", "grid", "building")


class Area(Base):
    """A place. ``path`` is the ids from the root, ``/1/5/23/``, so a subtree is one prefix."""

    __tablename__ = "areas"
    __table_args__ = (
        UniqueConstraint("parent_id", "name"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        Index("ix_areas_path", "path", postgresql_ops={"path": "text_pattern_ops"}),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(60))
    path: Mapped[str] = mapped_column(String(120))
    import_id: Mapped[int | None] = mapped_column(Identity, index=True)

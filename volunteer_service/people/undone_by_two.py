"""The columns of a row whose undo one person asks for and another one decides."""

from datetime import datetime

from sqlalchemy import ColumnElement, String, and_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Identity


class UndoneByTwo:
    """The columns for who asked for the undo of a row, why, and who decided (``undo_requests``)."""

    #: The state in which the row may be undone.
    STANDS: str
    state: Mapped[str]

    #: The reason of the undo, from the first of two people or from the one who undid it alone.
    undo_reason: Mapped[str | None] = mapped_column(String(200))
    #: The account that asked a second person to undo it; None where one person undid it alone.
    undo_asked_by_id: Mapped[int | None] = mapped_column(Identity)
    undo_asked_at: Mapped[datetime | None]
    #: Why the second person refused the undo.
    undo_answer: Mapped[str | None] = mapped_column(String(200))
    #: The account that undid it as the second person, or refused to.
    undo_decided_by_id: Mapped[int | None] = mapped_column(Identity)
    undo_decided_at: Mapped[datetime | None]

    @hybrid_property
    def is_undo_asked(self) -> bool:
        """Tell whether somebody asked for its undo and nobody has decided that yet."""
        waits = self.undo_asked_at is not None and self.undo_decided_at is None
        return waits and self.state == self.STANDS

    @is_undo_asked.inplace.expression
    @classmethod
    def _is_undo_asked(cls) -> ColumnElement[bool]:
        waits = and_(cls.undo_asked_at.is_not(None), cls.undo_decided_at.is_(None))
        return and_(waits, cls.state == cls.STANDS)

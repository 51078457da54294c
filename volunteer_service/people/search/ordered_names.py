"""Columns by which names of places and teams are ordered, the same on both databases."""

from sqlalchemy import String
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, validates

from volunteer_service.people.search.name_spelling import LONGEST_ORDER, order_of_title


def compared_by_bytes(length: int) -> String:
    """Return a text type that both databases order alike, with prefixes found by an index."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def _order_of_name(context: DefaultExecutionContext) -> str:
    row = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return order_of_title(row["name"])


class OrderedByName:
    """A table whose rows have a name and are listed by it: by pinyin, numbers by their value."""

    #: Derived from the name; lists are ordered by it.
    name_order: Mapped[str] = mapped_column(
        compared_by_bytes(LONGEST_ORDER), default=_order_of_name
    )

    @validates("name")
    def _keep_order(self, _field: str, name: str) -> str:
        self.name_order = order_of_title(name)
        return name

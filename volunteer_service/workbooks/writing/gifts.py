"""Gifts with their stock, through the desk's own verbs."""

from volunteer_service.areas.models import Area
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.rewards import gifts
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.workbooks.judging import existing_data
from volunteer_service.workbooks.judging.taken_or_refused import GiftRow
from volunteer_service.workbooks.reading.cells import match_key
from volunteer_service.workbooks.writing.context import Context


class Gifts:
    """The catalogue of the sub-district's desk; an existing gift keeps price and stock."""

    def __init__(self, root: Area, context: Context, by: Actor) -> None:
        self._root = root
        self._context = context
        self._by = by
        self._found = existing_data.gifts(root)

    def bring(self, rows: list[GiftRow]) -> None:
        """Offer the missing gifts and add their stock."""
        for row in rows:
            before = self._found.get(match_key(row.name))
            if before is not None and not existing_data.is_shell(before):
                continue
            gift = self._offered(row, before)
            gift.import_id = self._context.import_id
            if row.stock:
                reason = f"{BROUGHT}{self._context.import_id}"
                gifts.receive(gift.id, row.stock, by=self._by, at=self._context.at, reason=reason)
            self._found[match_key(row.name)] = gift

    def _offered(self, row: GiftRow, shell: Gift | None) -> Gift:
        if shell is None:
            return gifts.add_gift(
                self._root.id,
                row.name,
                price_centi=row.points_centi,
                minimum_stars=row.minimum_star or 0,
                by=self._by,
                at=self._context.at,
                handed_in_by=self._context.handed_in_by,
            )
        return gifts.edit_gift(
            shell.id,
            shell.version,
            name=row.name,
            price_centi=row.points_centi,
            minimum_stars=row.minimum_star or 0,
            state="offered",
            by=self._by,
            at=self._context.at,
            handed_in_by=self._context.handed_in_by,
        )


#: The reason of the stock move of an import, before its number.
BROUGHT = "导入 #"

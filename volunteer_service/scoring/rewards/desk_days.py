"""The desk's day: opening + received - handed over - written off = closing, against the count."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import false, func, or_, select

from volunteer_service import journal, settings
from volunteer_service.areas.models import Area
from volunteer_service.bounds import MOST_PIECES, whole
from volunteer_service.db import db, fetch
from volunteer_service.errors import WrittenByNewerProgram, refusal_of
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.scoring.points import seals
from volunteer_service.scoring.rewards import gifts
from volunteer_service.scoring.rewards.models import DaySheet, Gift, Redemption, StockMove
from volunteer_service.scoring.rewards.refusals import CountMissing, DayClosed

#: The format of a closed sheet's lines; a new column has a default, and needs the next format.
FORMAT = 1


@dataclass(frozen=True)
class DayLine:
    """One gift's day in pieces; ``closing`` is computed from the moves, ``counted`` was counted."""

    gift_id: int
    name: str
    opening: int
    received: int
    handed_over: int
    returned: int
    written_off: int
    #: Signed: stock counts entered during the day.
    corrected: int
    closing: int
    reserved: int
    counted: int | None = None

    @property
    def difference(self) -> int:
        """Return counted less closing; 0 while nothing is counted."""
        return 0 if self.counted is None else self.counted - self.closing


def desks(*, by: Actor) -> Sequence[Area]:
    """Return the areas with gifts that the actor keeps."""
    paths, _teams = rights.places(by, Right.GIFT_EDIT)
    return db.session.scalars(
        select(Area)
        .where(
            or_(false(), *(Area.path.startswith(path) for path in paths)),
            Area.id.in_(select(Gift.area_id)),
        )
        .order_by(Area.path)
    ).all()


def areas_for_gifts(*, by: Actor) -> Sequence[Area]:
    """Return where the actor may offer gifts: sub-districts and communities."""
    paths, _teams = rights.places(by, Right.GIFT_EDIT)
    return db.session.scalars(
        select(Area)
        .where(
            or_(false(), *(Area.path.startswith(path) for path in paths)),
            Area.kind.in_(("subdistrict", "community")),
            Area.closed_at.is_(None),
        )
        .order_by(Area.path)
    ).all()


def day_of(area_id: int, *, by: Actor, at: datetime) -> list[DayLine]:
    """Return the running day of an area's desk, gift by gift."""
    area = fetch(Area, area_id)
    rights.need(by, Right.GIFT_EDIT, area_path=area.path)
    return _lines(area_id, settings.local_day(at))


def close_day(area_id: int, counts: Mapping[int, int], *, by: Actor, at: datetime) -> DaySheet:
    """Close the day with a count of every gift; differences are booked and kept on the sheet.

    An area closes a day once. The ledger is sealed, and the sheet has the head: it covers the day's
    last hand-over.
    """
    area = fetch(Area, area_id)
    rights.need(by, Right.DESK, area_path=area.path)
    day = settings.local_day(at)
    locked = select(Gift.id).where(Gift.area_id == area_id).order_by(Gift.id).with_for_update()
    db.session.execute(locked).all()
    if sheet_of(area_id, day) is not None:
        raise DayClosed()
    lines = _lines(area_id, day)
    for gift_id, pieces in counts.items():
        whole(pieces, 0, MOST_PIECES, f"count-{gift_id}")
    missing = [line.name for line in lines if line.gift_id not in counts]
    if missing:
        raise CountMissing(names="、".join(missing))
    counted = [DayLine(**asdict(line) | {"counted": counts[line.gift_id]}) for line in lines]
    for line in counted:
        if line.difference:
            gifts.count(line.gift_id, counts[line.gift_id], "日结盘点", by=by, at=at)
    return _sheet(area_id, day, counted, by=by, at=at)


def sheet_of(area_id: int, day: date) -> DaySheet | None:
    """Return the sheet of a closed day."""
    return db.session.scalars(
        select(DaySheet).where(DaySheet.area_id == area_id, DaySheet.day == day)
    ).one_or_none()


def sheet(sheet_id: int, *, by: Actor) -> DaySheet:
    """Return one closed day, for staff who work with the area's gifts or audit them."""
    row = fetch(DaySheet, sheet_id)
    path = fetch(Area, row.area_id).path
    if not rights.may(by, Right.AUDIT, area_path=path):
        rights.need(by, Right.GIFT_EDIT, area_path=path)
    return row


def sheet_of_order(order: Redemption, *, by: Actor) -> DaySheet | None:
    """Return the sheet of the day on which an order was handed over or returned, if
    ``by`` sees it.
    """
    if order.ended_at is None:
        return None
    row = sheet_of(order.gift.area_id, settings.local_day(order.ended_at))
    return row if row and refusal_of(lambda: sheet(row.id, by=by)) is None else None


def lines_of(row: DaySheet) -> list[DayLine]:
    """Return the lines of a sheet as they were when it was closed."""
    WrittenByNewerProgram.unless(row.format, known=FORMAT)
    return [DayLine(**line) for line in row.lines]


def _sheet(area_id: int, day: date, lines: list[DayLine], *, by: Actor, at: datetime) -> DaySheet:
    row = DaySheet(
        area_id=area_id,
        day=day,
        lines=[asdict(line) for line in lines],
        format=FORMAT,
        seal_head=seals.seal_everything(at=at),
        closed_at=at,
        closed_by_id=by.account_id,
    )
    db.session.add(row)
    db.session.flush()
    differences = {str(line.gift_id): line.difference for line in lines if line.difference}
    journal.record(
        "desk.close_day",
        row,
        account_id=by.account_id,
        door=by.door,
        at=at,
        differences=differences,
    )
    return row


def _lines(area_id: int, day: date) -> list[DayLine]:
    rows = db.session.execute(
        select(Gift.id, Gift.name, Gift.stock, Gift.reserved)
        .where(Gift.area_id == area_id)
        .order_by(Gift.id)
    ).all()
    moved = _moved(area_id, day)
    lines = []
    for gift_id, name, now, reserved in rows:
        by_kind = moved[gift_id]
        lines.append(
            DayLine(
                gift_id=gift_id,
                name=name,
                opening=now - sum(by_kind.values()),
                received=by_kind["receive"],
                handed_over=-by_kind["hand_over"],
                returned=by_kind["return"],
                written_off=-by_kind["write_off"],
                corrected=by_kind["count"],
                closing=now,
                reserved=reserved,
            )
        )
    return lines


def _moved(area_id: int, day: date) -> dict[int, dict[str, int]]:
    """Return signed pieces of the local day by gift and kind of move."""
    query = (
        select(StockMove.gift_id, StockMove.kind, func.sum(StockMove.quantity))
        .join(Gift, Gift.id == StockMove.gift_id)
        .where(
            Gift.area_id == area_id,
            StockMove.at >= settings.day_begins(day),
            StockMove.at < settings.day_ends(day),
        )
        .group_by(StockMove.gift_id, StockMove.kind)
    )
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for gift_id, kind, total in db.session.execute(query):
        found[gift_id][kind] = int(total)
    return found

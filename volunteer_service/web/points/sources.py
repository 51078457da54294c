"""What an entry of the ledger is for: the record or the order, through corrections and reversals.

A correction's points name the change of the record, a reversal names the entry that it takes back.
"""

from collections.abc import Iterable, Mapping

from flask import url_for
from sqlalchemy import select

from volunteer_service.attendance.models import RecordChange
from volunteer_service.db import db
from volunteer_service.scoring.points.models import Transfer

#: ``record`` or ``redemption``, and its id.
Source = tuple[str, int]


def of(transfers: Iterable[Transfer]) -> Mapping[int, Source]:
    """The record or order of each entry by the entry's id; entries of neither are missing."""
    rows = list(transfers)
    named = {row.id: (row.source_type, row.source_id) for row in rows}
    named |= _taken_back([row for row in rows if row.reverses_id is not None])
    changed = {id_ for kind, id_ in named.values() if kind == "change"}
    query = select(RecordChange.id, RecordChange.record_id).where(RecordChange.id.in_(changed))
    records = dict(db.session.execute(query).all()) if changed else {}
    found: dict[int, Source] = {}
    for id_, (kind, source_id) in named.items():
        if kind in ("record", "redemption"):
            found[id_] = kind, source_id
        elif kind == "change" and source_id in records:
            found[id_] = "record", records[source_id]
    return found


def address(source: Source | None) -> str:
    """The page of a record or an order; empty where an entry has neither."""
    if source is None:
        return ""
    kind, id_ = source
    if kind == "record":
        return url_for("records.of", record_id=id_)
    return url_for("gifts.of", order_id=id_)


def _taken_back(reversals: list[Transfer]) -> dict[int, Source]:
    """What the entry that each of these takes back was for."""
    first = {row.reverses_id for row in reversals}
    query = select(Transfer.id, Transfer.source_type, Transfer.source_id)
    known = (
        {
            id_: (kind, source_id)
            for id_, kind, source_id in db.session.execute(query.where(Transfer.id.in_(first)))
        }
        if first
        else {}
    )
    return {row.id: known[row.reverses_id] for row in reversals if row.reverses_id in known}

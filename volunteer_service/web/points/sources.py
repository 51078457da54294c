"""The source of an entry of the ledger: the record or the order, as a page links to it."""

from collections.abc import Iterable, Mapping

from flask import url_for
from sqlalchemy import select

from volunteer_service.db import db
from volunteer_service.lists import expressions
from volunteer_service.scoring.points.models import Transfer


def of(transfers: Iterable[Transfer]) -> Mapping[int, str]:
    """Return the source of each entry by the entry's id; entries without one are missing."""
    ids = [row.id for row in transfers]
    query = select(Transfer.id, expressions.entry_source()).where(Transfer.id.in_(ids))
    return {id_: source for id_, source in db.session.execute(query) if source} if ids else {}


def address(source: str | None) -> str:
    """Return the page of a record or an order; empty where an entry has neither."""
    if not source:
        return ""
    kind, _colon, id_ = source.partition(":")
    if kind == "record":
        return url_for("records.of", record_id=int(id_))
    return url_for("gifts.of", order_id=int(id_))

"""Ticks of several lines of the roster in one tap: each counts or is refused for itself."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import get_args

from sqlalchemy import select

from volunteer_service.attendance.check_ins import check_in
from volunteer_service.attendance.check_ins.situation import Kind
from volunteer_service.bounds import one_of, whole
from volunteer_service.db import db, settle_refusal
from volunteer_service.errors import NotFound, Refused
from volunteer_service.events.models import SignUp
from volunteer_service.people.authorization.actor import Actor

#: Most lines of one tap: those of a page.
MOST = 50


def tick_lines(
    event_id: int,
    *,
    sign_up_ids: Sequence[int],
    kind: Kind,
    scan_id: str,
    by: Actor,
    at: datetime,
) -> dict[int, Refused]:
    """Check these lines of the roster in or out as :func:`check_in.tick` does; return, by
    volunteer, why some were not. The same ``scan_id`` again is the same scans.

    Raises:
        NotFound: a line is none of this event's; nobody is ticked then.
    """
    check_in.need_gate(event_id, by)
    whole(len(sign_up_ids), 1, MOST, "line")
    one_of(kind, get_args(Kind), "kind")
    query = select(SignUp.volunteer_id, SignUp.shift_id).where(
        SignUp.id.in_(sign_up_ids), SignUp.event_id == event_id
    )
    lines = db.session.execute(query.order_by(SignUp.id)).all()
    if len(lines) != len(set(sign_up_ids)):
        raise NotFound()
    refused: dict[int, Refused] = {}
    for volunteer_id, shift_id in lines:
        # An id of its own for each line, the same if the form comes twice.
        own = sha256(f"{scan_id}/{volunteer_id}/{shift_id}".encode()).hexdigest()[:32]
        try:
            with db.session.begin_nested():
                check_in.tick(
                    event_id,
                    volunteer_id=volunteer_id,
                    kind=kind,
                    scan_id=own,
                    shift_id=shift_id if kind == "in" else None,
                    by=by,
                    at=at,
                )
        except Refused as refusal:
            settle_refusal()
            refused[volunteer_id] = refusal
    return refused

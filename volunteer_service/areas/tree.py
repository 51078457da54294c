"""The verbs of the tree of areas."""

from datetime import datetime

from sqlalchemy import select

from volunteer_service import journal
from volunteer_service.areas.lookup import (
    of,
)
from volunteer_service.areas.models import KINDS, Area
from volunteer_service.db import db
from volunteer_service.errors import Refused
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, need
from volunteer_service.visible_text import said


class AreaExists(Refused):
    """An area of this name stands at this place already."""

    status = 409
    message = "这里已有同名的区域。"


class AreaKindWrong(Refused):
    """A sub-district holds communities, a community grids, a grid buildings."""

    message = "区域要按街道、社区、网格、楼栋的顺序往下设。请换一个类别。"


@said("name")
def add(parent_id: int | None, kind: str, name: str, *, by: Actor, at: datetime) -> Area:
    """Add an area below ``parent_id`` (None: a sub-district); a child is of a smaller kind."""
    parent = of(parent_id) if parent_id is not None else None
    need(by, Right.AREA_EDIT, area_path=parent.path if parent else "/")
    if not _fits_below(kind, parent):
        raise AreaKindWrong(field="kind")
    same = select(Area.id).where(Area.parent_id.is_not_distinct_from(parent_id), Area.name == name)
    if db.session.scalar(same) is not None:
        raise AreaExists(field="name")
    area = Area(parent_id=parent_id, kind=kind, name=name, path="")
    db.session.add(area)
    db.session.flush()
    area.path = f"{parent.path if parent else '/'}{area.id}/"
    journal.record("areas.add", area, account_id=by.account_id, door=by.door, at=at, kind=kind)
    return area


def _fits_below(kind: str, parent: Area | None) -> bool:
    if kind not in KINDS:
        return False
    if parent is None:
        return kind == KINDS[0]
    return KINDS.index(kind) > KINDS.index(parent.kind)

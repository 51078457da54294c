"""Sub-districts by their names, as an operator types them."""

from collections.abc import Sequence

from sqlalchemy import select

from volunteer_service.areas.models import Area
from volunteer_service.cli.shell import Sentence
from volunteer_service.cli.words import gettext as _
from volunteer_service.db import db


def roots() -> Sequence[Area]:
    """Return every sub-district, the oldest first."""
    return db.session.scalars(select(Area).where(Area.parent_id.is_(None)).order_by(Area.id)).all()


def find(name: str) -> Area | None:
    """Return the sub-district of this name."""
    return next((root for root in roots() if root.name == name), None)


def named(name: str) -> Area:
    """Return the same, or end with a sentence that names the existing ones."""
    found = find(name)
    if found is None:
        known = _("、").join(root.name for root in roots()) or "-"
        raise Sentence(_("没有街道“%(name)s”。现有：%(known)s。", name=name, known=known))
    return found

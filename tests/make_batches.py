"""What runs beside a coordinator's requests: an act on several people, an export."""

from datetime import timedelta

from tests.make import MORNING, Cast
from volunteer_service.db import db
from volunteer_service.lists.acts.models import Batch, BatchRow
from volunteer_service.lists.exports.export_models import ListExport


def judged(cast: Cast) -> int:
    """A batch of one person; its number."""
    row = Batch(
        list_name="people",
        act="adjust",
        values={"points": 100, "reason": "补发"},
        account_id=cast.coordinator.id,
        state="judged",
        total=1,
        created_at=MORNING,
        moved_at=MORNING,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add(BatchRow(batch_id=row.id, row_id=cast.wang.id, state="fit"))
    return row.id


def export(account_id: int) -> int:
    """An export of people that nobody writes; its id."""
    row = ListExport(
        account_id=account_id,
        list_name="people",
        kind="csv",
        language="zh_Hans_CN",
        asked="[]",
        state="running",
        total=1,
        created_at=MORNING,
        moved_at=MORNING,
        kept_until=MORNING + timedelta(days=3),
    )
    db.session.add(row)
    db.session.flush()
    return row.id

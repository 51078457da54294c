"""What a coordinator may do to several people at once, shown to her and not done yet."""

from tests.make import MORNING, Cast
from volunteer_service.db import db
from volunteer_service.lists.acts.models import Batch, BatchRow


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

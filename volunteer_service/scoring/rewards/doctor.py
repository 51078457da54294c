"""The doctor of the shelf: it computes stock and promises again from moves and orders."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select

from volunteer_service import settings
from volunteer_service.db import db
from volunteer_service.people.models import Volunteer
from volunteer_service.policies import PolicyTerm, PolicyVersion
from volunteer_service.scoring.points.doctor import Difference, differences
from volunteer_service.scoring.rewards.models import Redemption

CHECKS = {
    "stock = movements": """
        SELECT 'gifts', g.id, g.stock, COALESCE(m.total, 0)
        FROM gifts g
        LEFT JOIN (SELECT gift_id AS id, SUM(quantity) AS total FROM stock_moves
                   GROUP BY gift_id) m ON m.id = g.id
        WHERE g.stock <> COALESCE(m.total, 0)
    """,
    "reserved = open orders": """
        SELECT 'gifts', g.id, g.reserved, COALESCE(r.total, 0)
        FROM gifts g
        LEFT JOIN (SELECT gift_id AS id, SUM(quantity) AS total FROM redemptions
                   WHERE state = 'ordered' GROUP BY gift_id) r ON r.id = g.id
        WHERE g.reserved <> COALESCE(r.total, 0)
    """,
    "an order and its hold agree": """
        SELECT 'redemptions', r.id, r.state, COALESCE(h.state, '-')
        FROM redemptions r
        LEFT JOIN holds h ON h.source_type = 'redemption' AND h.source_id = r.id
                         AND h.amount = r.points_centi
        WHERE COALESCE(h.state, '-') <> CASE r.state WHEN 'ordered' THEN 'open'
              WHEN 'handed_over' THEN 'captured' WHEN 'returned' THEN 'captured'
              ELSE 'released' END
    """,
    "a hand-over takes its pieces once": """
        SELECT 'redemptions', r.id, r.quantity, COALESCE(-m.total, 0)
        FROM redemptions r
        LEFT JOIN (SELECT redemption_id AS id, SUM(quantity) AS total FROM stock_moves
                   GROUP BY redemption_id) m ON m.id = r.id
        WHERE COALESCE(-m.total, 0) <> CASE r.state WHEN 'handed_over' THEN r.quantity ELSE 0 END
    """,
}


MONTH = "an order counts in the month of its day"
QUOTA = "nobody has more orders in a month than the policy ever let"


def doctor() -> list[Difference]:
    """Return every difference on the shelves; empty when all is well."""
    return [*differences(CHECKS), *_months()]


def _months() -> Iterator[Difference]:
    """Compare each order's month with its local day, and each person's month with the quota."""
    orders: Counter[tuple[int, str]] = Counter()
    query = select(
        Redemption.id,
        Redemption.volunteer_id,
        Redemption.month,
        Redemption.ordered_at,
        Redemption.state,
    ).order_by(Redemption.id)
    for id_, who, stored, at, state in db.session.execute(query.execution_options(yield_per=1000)):
        computed = f"{settings.local_day(at):%Y-%m}"
        if stored != computed:
            yield Difference(MONTH, f"redemptions/{id_}", stored, computed)
        if state in ("ordered", "handed_over"):
            orders[who, computed] += 1
    most, merged = _most_a_month(), _kept_entries()
    for (who, month), count in sorted(orders.items()):
        if count > most and who not in merged:
            yield Difference(QUOTA, f"volunteers/{who}", f"{count} in {month}", str(most))


def _most_a_month() -> int:
    query = select(PolicyVersion).join(PolicyTerm, PolicyTerm.version == PolicyVersion.version)
    rows = db.session.scalars(query.where(PolicyTerm.state == "active")).all()
    return max(row.policy.orders_a_month for row in rows)


def _kept_entries() -> set[int]:
    """Return the entries that others were merged into, who ordered each for themselves."""
    query = select(Volunteer.merged_into_id).where(Volunteer.merged_into_id.is_not(None))
    return {id_ for id_ in db.session.scalars(query) if id_ is not None}

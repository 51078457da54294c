"""The doctor of the shelf: it computes stock and promises again from moves and orders."""

from volunteer_service.scoring.points.doctor import Difference, differences

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


def doctor() -> list[Difference]:
    """Return every difference on the shelves; empty when all is well."""
    return differences(CHECKS)

"""The doctor of hours: points by the records that earned them, and places by their shifts.

It uses SQL of its own, names the row, and repairs nothing.
"""

from sqlalchemy import select

from volunteer_service import policies
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.scoring.points.adjustment_limits import REVERSED
from volunteer_service.scoring.points.doctor import Difference, differences

EARNED = "a record that counts earned its worth once, any other nothing"

#: The earnings of records, and whether each still stands.
_EARNINGS = """
    SELECT t.id, t.amount, t.credit_id, t.source_id AS record_id FROM transfers t
    WHERE t.kind = 'earn' AND t.source_type = 'record'
    UNION ALL
    SELECT t.id, t.amount, t.credit_id, c.record_id FROM transfers t
    JOIN record_changes c ON c.id = t.source_id
    WHERE t.kind = 'earn' AND t.source_type = 'change'
"""
_STANDS = "NOT EXISTS (SELECT 1 FROM transfers b WHERE b.reverses_id = e.id)"

#: Somebody took the points of a record back by hand, which the journal says.
_BY_HAND = """
    EXISTS (SELECT 1 FROM ({earnings}) e
            JOIN journal j ON j.subject_type = 'transfers' AND j.subject_id = e.id
                          AND j.verb = '{reversed}'
            WHERE e.record_id = r.id AND e.amount = r.worth)
"""

_EARNED = """
    SELECT 'service_records', r.id, COALESCE(p.said, 'nothing'), r.worth
    FROM (SELECT id, {worth} AS worth FROM service_records) r
    LEFT JOIN (SELECT record_id, COUNT(*) AS n, SUM(amount) AS total,
                      COUNT(*) || ' x, together ' || SUM(amount) AS said
               FROM ({earnings}) e WHERE {stands} GROUP BY record_id) p ON p.record_id = r.id
    WHERE (r.worth > 0 AND (p.n > 1 OR p.total <> r.worth))
       OR (r.worth > 0 AND p.n IS NULL AND NOT {by_hand})
       OR (r.worth = 0 AND p.n IS NOT NULL)
"""

_WHOSE = """
    SELECT 'service_records', r.id, COALESCE(h.merged_into_id, h.id),
           COALESCE(v.merged_into_id, v.id)
    FROM ({earnings}) e
    JOIN service_records r ON r.id = e.record_id
    JOIN volunteers v ON v.id = r.volunteer_id
    JOIN points_accounts a ON a.id = e.credit_id
    JOIN volunteers h ON h.id = a.volunteer_id
    WHERE {stands} AND COALESCE(h.merged_into_id, h.id) <> COALESCE(v.merged_into_id, v.id)
"""

CHECKS = {
    "whose the record is has its points": _WHOSE.format(earnings=_EARNINGS, stands=_STANDS),
    "a shift has no more people than places": """
        SELECT 'shifts', s.id, COUNT(*), s.capacity
        FROM shifts s JOIN sign_ups u ON u.shift_id = s.id AND u.state = 'confirmed'
        WHERE s.closed_at IS NULL AND s.open_until IS NULL AND s.removed_at IS NULL
        GROUP BY s.id, s.capacity HAVING COUNT(*) > s.capacity
    """,
    "a place is at the event of its shift": """
        SELECT 'sign_ups', u.id, u.event_id, s.event_id
        FROM sign_ups u JOIN shifts s ON s.id = u.shift_id WHERE u.event_id <> s.event_id
    """,
    "a presence is of whose place it is": """
        SELECT 'attendances', a.id, a.volunteer_id, u.volunteer_id
        FROM attendances a JOIN sign_ups u ON u.id = a.sign_up_id
        JOIN volunteers m ON m.id = a.volunteer_id JOIN volunteers o ON o.id = u.volunteer_id
        WHERE COALESCE(m.merged_into_id, m.id) <> COALESCE(o.merged_into_id, o.id)
           OR a.shift_id <> u.shift_id
    """,
}


def doctor() -> list[Difference]:
    """Return every difference between records, points and places; empty when all is well."""
    by_hand = _BY_HAND.format(earnings=_EARNINGS, reversed=REVERSED)
    given = {"earnings": _EARNINGS, "stands": _STANDS, "by_hand": by_hand, "worth": _worth()}
    return differences({EARNED: _EARNED.format(**given), **CHECKS})


def _worth() -> str:
    """Return the SQL for the points of a record, by the policy version that it carries."""
    versions = db.session.scalars(select(ServiceRecord.policy_version).distinct()).all()
    each = []
    for version in sorted(versions):
        policy = policies.of(version)
        grades = ", ".join(f"'{grade}'" for grade in policy.grades_for_points)
        counts = f"state = 'confirmed' AND grade IN ({grades or 'NULL'})"
        points = f"CAST(minutes AS BIGINT) * {policy.points_per_hour_centi} * coefficient_centi"
        each.append(f"WHEN {version} THEN CASE WHEN {counts} THEN {points} / {60 * 100} ELSE 0 END")
    return f"CASE policy_version {' '.join(each)} ELSE 0 END" if each else "0"

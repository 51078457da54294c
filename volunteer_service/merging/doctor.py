"""The doctor of mergings: finds rows of a merged entry that belong to the kept one.

It uses SQL of its own, table by table as ``tables.HOW`` lists them, and repairs nothing.
"""

from volunteer_service.scoring.points.doctor import Difference, differences

_HELD = """
    SELECT '{table}', t.id, m.id, m.merged_into_id
    FROM {table} t JOIN volunteers m ON m.id = t.{column}
    WHERE m.merged_into_id IS NOT NULL AND ({more})
"""


def _held(table: str, more: str = "1 = 1", column: str = "volunteer_id") -> str:
    """Return the SQL for rows ``t`` of a merged entry ``m``, which has its id instead of the kept
    one's.
    """
    return _HELD.format(table=table, more=more, column=column)


#: The other side of a tie is the kept entry, or is tied to it.
_TIE_KNOWN = """
    {other} <> m.merged_into_id AND NOT EXISTS (
        SELECT 1 FROM household_ties k
        WHERE (k.one_id = m.merged_into_id AND k.other_id = {other})
           OR (k.other_id = m.merged_into_id AND k.one_id = {other}))
"""

#: By column of ``tables.HOW``: the rows that belong to a merged entry and should not.
LEFTOVERS = {
    "accounts.volunteer_id": _held(
        "accounts",
        """t.disabled_at IS NULL
           OR EXISTS (SELECT 1 FROM grants g WHERE g.account_id = t.id)""",
    ),
    "adjustments.volunteer_id": _held("adjustments"),
    "anomalies.volunteer_id": _held("anomalies"),
    "attendances.volunteer_id": _held(
        "attendances",
        """NOT EXISTS (SELECT 1 FROM attendances k
           WHERE k.volunteer_id = m.merged_into_id AND k.shift_id = t.shift_id)""",
    ),
    "certificates.volunteer_id": _held("certificates"),
    "complaints.volunteer_id": _held("complaints"),
    "consents.volunteer_id": _held(
        "consents",
        """t.withdrawn_at IS NULL AND NOT EXISTS (
           SELECT 1 FROM consents k JOIN volunteers e ON e.id = k.volunteer_id
           WHERE (e.id = m.merged_into_id OR e.merged_into_id = m.merged_into_id)
             AND e.id <> m.id AND k.purpose = t.purpose)""",
    ),
    "disputes.volunteer_id": _held("disputes"),
    "guardians.volunteer_id": _held(
        "guardians",
        "NOT EXISTS (SELECT 1 FROM guardians k WHERE k.volunteer_id = m.merged_into_id)",
    ),
    "household_ties.declarer_id": _held(
        "household_ties", "m.id NOT IN (t.one_id, t.other_id)", "declarer_id"
    ),
    "household_ties.one_id": _held(
        "household_ties", _TIE_KNOWN.format(other="t.other_id"), "one_id"
    ),
    "household_ties.other_id": _held(
        "household_ties", _TIE_KNOWN.format(other="t.one_id"), "other_id"
    ),
    "memberships.volunteer_id": _held("memberships", "t.state <> 'left'"),
    "mergings.kept_id": _held("mergings", "t.state = 'waiting'", "kept_id"),
    "mergings.merged_id": _held("mergings", "t.state = 'waiting'", "merged_id"),
    "message_settings.volunteer_id": _held(
        "message_settings",
        "NOT EXISTS (SELECT 1 FROM message_settings k WHERE k.volunteer_id = m.merged_into_id)",
    ),
    "messages.volunteer_id": _held("messages"),
    "person_changes.volunteer_id": _held("person_changes", "t.state = 'waiting'"),
    "person_search_keys.volunteer_id": """
        SELECT DISTINCT 'person_search_keys', m.id, m.id, m.merged_into_id
        FROM person_search_keys t JOIN volunteers m ON m.id = t.volunteer_id
        WHERE m.merged_into_id IS NOT NULL
    """,
    "points_accounts.volunteer_id": _held(
        "points_accounts", "t.posted <> 0 OR t.held <> 0 OR t.debt <> 0"
    ),
    "redemptions.volunteer_id": _held("redemptions"),
    "registration_checks.volunteer_id": _held("registration_checks", "t.answered_at IS NULL"),
    "service_records.volunteer_id": _held("service_records"),
    "sign_ups.volunteer_id": _held(
        "sign_ups",
        """NOT EXISTS (SELECT 1 FROM sign_ups k
           WHERE k.volunteer_id = m.merged_into_id AND k.shift_id = t.shift_id)
           OR (t.state IN ('confirmed', 'waiting') AND EXISTS (
               SELECT 1 FROM events e WHERE e.id = t.event_id AND e.state = 'published'))""",
    ),
}
#: Checks of the entries themselves.
ENTRIES = {
    "a merged entry leads to one that goes on": """
        SELECT 'volunteers', m.id, m.merged_into_id, COALESCE(k.merged_into_id, 0)
        FROM volunteers m LEFT JOIN volunteers k ON k.id = m.merged_into_id
        WHERE m.merged_into_id IS NOT NULL AND (k.id IS NULL OR k.merged_into_id IS NOT NULL)
    """,
    "a merged entry has left": """
        SELECT 'volunteers', m.id, m.state, 'left' FROM volunteers m
        WHERE m.merged_into_id IS NOT NULL AND m.state <> 'left'
    """,
    "a merged entry was merged once": """
        SELECT 'volunteers', m.id, (
            SELECT COUNT(*) FROM mergings g WHERE g.merged_id = m.id AND g.state = 'done'), 1
        FROM volunteers m
        WHERE m.merged_into_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM mergings g WHERE g.merged_id = m.id AND g.state = 'done')
    """,
}
CHECKS = {f"{name} is the kept entry's": query for name, query in LEFTOVERS.items()} | ENTRIES


def doctor() -> list[Difference]:
    """Return every row that a merging should have moved or ended; empty when all is well."""
    return differences(CHECKS)

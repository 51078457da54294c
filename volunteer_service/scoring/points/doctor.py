"""The doctor: it computes every stored figure again from the entries, with SQL of its own.

It shares no code with the verbs that wrote the figures, reports differences and repairs nothing.
"""

from dataclasses import dataclass

from sqlalchemy import select, text

from volunteer_service.db import db
from volunteer_service.scoring.points import seals
from volunteer_service.scoring.points.models import Seal


@dataclass(frozen=True)
class Difference:
    """A stored figure that differs from the rows below it."""

    check: str
    #: Table and id, for example ``points_accounts/7``.
    subject: str
    stored: str
    computed: str


#: Each gives table, id, stored, computed of the rows that differ.
CHECKS = {
    "a transfer moves more than 0 between two accounts": """
        SELECT 'transfers', id, amount, 1 FROM transfers WHERE amount <= 0 OR debit_id = credit_id
    """,
    "posted = credits - debits": """
        SELECT 'points_accounts', a.id, a.posted,
               COALESCE(c.total, 0) - COALESCE(d.total, 0)
        FROM points_accounts a
        LEFT JOIN (SELECT credit_id AS id, SUM(amount) AS total FROM transfers GROUP BY credit_id) c
               ON c.id = a.id
        LEFT JOIN (SELECT debit_id AS id, SUM(amount) AS total FROM transfers GROUP BY debit_id) d
               ON d.id = a.id
        WHERE a.system_name IS NULL
          AND a.posted <> COALESCE(c.total, 0) - COALESCE(d.total, 0)
    """,
    "system accounts are only summed": """
        SELECT 'points_accounts', id, posted + held + debt + version, 0 FROM points_accounts
        WHERE system_name IS NOT NULL AND (posted <> 0 OR held <> 0 OR debt <> 0 OR version <> 0)
    """,
    "held = open holds": """
        SELECT 'points_accounts', a.id, a.held, COALESCE(h.total, 0)
        FROM points_accounts a
        LEFT JOIN (SELECT points_account_id AS id, SUM(amount) AS total FROM holds
                   WHERE state = 'open' GROUP BY points_account_id) h ON h.id = a.id
        WHERE a.held <> COALESCE(h.total, 0)
    """,
    "a hold = what it took from lots": """
        SELECT 'holds', h.id, h.amount, COALESCE(l.total, 0)
        FROM holds h
        LEFT JOIN (SELECT hold_id AS id, SUM(amount) AS total FROM hold_lots GROUP BY hold_id) l
               ON l.id = h.id
        WHERE h.amount <> COALESCE(l.total, 0)
    """,
    "debt = lent - repaid": """
        SELECT 'points_accounts', a.id, a.debt, COALESCE(l.total, 0) - COALESCE(r.total, 0)
        FROM points_accounts a
        LEFT JOIN (SELECT credit_id AS id, SUM(amount) AS total FROM transfers
                   WHERE kind = 'debt' GROUP BY credit_id) l ON l.id = a.id
        LEFT JOIN (SELECT debit_id AS id, SUM(amount) AS total FROM transfers
                   WHERE kind = 'repay' GROUP BY debit_id) r ON r.id = a.id
        WHERE a.debt <> COALESCE(l.total, 0) - COALESCE(r.total, 0)
    """,
    "lots = posted - held": """
        SELECT 'points_accounts', a.id, a.posted - a.held, COALESCE(l.total, 0)
        FROM points_accounts a
        LEFT JOIN (SELECT points_account_id AS id, SUM(remaining) AS total FROM lots
                   GROUP BY points_account_id) l ON l.id = a.id
        WHERE a.system_name IS NULL AND a.posted - a.held <> COALESCE(l.total, 0)
    """,
    "a lot = came in + moves - open holds": """
        SELECT 'lots', l.id, l.remaining,
               COALESCE(e.total, 0) + COALESCE(m.total, 0) - COALESCE(h.total, 0)
        FROM lots l
        LEFT JOIN (SELECT credit_id, expires_on, SUM(amount) AS total FROM transfers
                   WHERE expires_on IS NOT NULL GROUP BY credit_id, expires_on) e
               ON e.credit_id = l.points_account_id AND e.expires_on = l.expires_on
        LEFT JOIN (SELECT lot_id, SUM(amount) AS total FROM lot_moves GROUP BY lot_id) m
               ON m.lot_id = l.id
        LEFT JOIN (SELECT lot_id, SUM(hold_lots.amount) AS total FROM hold_lots
                   JOIN holds ON holds.id = hold_lots.hold_id AND holds.state = 'open'
                   GROUP BY lot_id) h ON h.lot_id = l.id
        WHERE l.remaining <> COALESCE(e.total, 0) + COALESCE(m.total, 0) - COALESCE(h.total, 0)
    """,
    "versions have no gaps": """
        SELECT 'points_accounts', a.id, a.version,
               COALESCE(c.n, 0) + COALESCE(d.n, 0) + COALESCE(h.n, 0)
        FROM points_accounts a
        LEFT JOIN (SELECT credit_id AS id, COUNT(*) AS n FROM transfers GROUP BY credit_id) c
               ON c.id = a.id
        LEFT JOIN (SELECT debit_id AS id, COUNT(*) AS n FROM transfers GROUP BY debit_id) d
               ON d.id = a.id
        LEFT JOIN (SELECT points_account_id AS id,
                          SUM(CASE WHEN state = 'released' THEN 2 ELSE 1 END) AS n
                   FROM holds GROUP BY points_account_id) h ON h.id = a.id
        WHERE a.system_name IS NULL
          AND a.version <> COALESCE(c.n, 0) + COALESCE(d.n, 0) + COALESCE(h.n, 0)
    """,
    "a source earns once": """
        SELECT source_type, source_id, COUNT(*), 1 FROM transfers
        WHERE kind NOT IN ('expire', 'repay')
        GROUP BY source_type, source_id, kind HAVING COUNT(*) > 1
    """,
    "opening points = their transfer": """
        SELECT 'opening_points', o.id, o.amount, COALESCE(t.amount, 0)
        FROM opening_points o
        LEFT JOIN transfers t ON t.source_type = 'opening' AND t.source_id = o.id
                             AND t.kind = 'opening'
        LEFT JOIN points_accounts a ON a.id = t.credit_id
        WHERE t.id IS NULL OR t.amount <> o.amount OR t.expires_on <> o.expires_on
           OR COALESCE(a.volunteer_id, 0) <> o.volunteer_id
    """,
    "an opening transfer that stands has its row": """
        SELECT 'transfers', t.id, t.amount, 0
        FROM transfers t
        LEFT JOIN opening_points o ON o.id = t.source_id
        LEFT JOIN transfers r ON r.reverses_id = t.id
        WHERE t.kind = 'opening' AND o.id IS NULL AND r.id IS NULL
    """,
    "the account of openings pays openings alone": """
        SELECT 'transfers', t.id, t.amount, 0
        FROM transfers t JOIN points_accounts d ON d.id = t.debit_id
        WHERE CASE WHEN t.kind = 'opening' THEN 1 ELSE 0 END
           <> CASE WHEN d.system_name = 'opening' THEN 1 ELSE 0 END
    """,
    "a captured hold is paid once": """
        SELECT 'holds', h.id, h.amount, COALESCE(t.amount, 0)
        FROM holds h
        LEFT JOIN transfers t ON t.source_type = h.source_type AND t.source_id = h.source_id
                             AND t.kind = 'redeem'
        WHERE h.amount * (CASE WHEN h.state = 'captured' THEN 1 ELSE 0 END)
              <> COALESCE(t.amount, 0)
    """,
}


def doctor() -> list[Difference]:
    """Return every difference in the ledger, the seal's chain included; empty when all is well."""
    return differences(CHECKS) + _seals()


def differences(checks: dict[str, str]) -> list[Difference]:
    """Run these checks; each row that they return is a difference."""
    return [
        Difference(name, f"{table}/{id_}", str(stored), str(computed))
        for name, query in checks.items()
        for table, id_, stored, computed in db.session.execute(text(query))
    ]


def _seals() -> list[Difference]:
    found: list[Difference] = []
    start, previous, upto = seals.START, 0, 0
    for seal in db.session.scalars(select(Seal).order_by(Seal.id)).all():
        head, count = seals.chain(start, seal.from_id, seal.upto_id, seal.format)
        stored = (seal.head, seal.count, seal.previous_id, seal.from_id)
        computed = (head, count, previous, upto + 1)
        if stored != computed:
            name = "the seal is unbroken"
            found.append(Difference(name, f"seals/{seal.id}", str(stored), str(computed)))
        start, previous, upto = seal.head, seal.id, seal.upto_id
    return found

"""States what a merging does with each table that refers to a volunteer.

Every column that points at ``volunteers`` is listed; ``tests/merging`` fails for a new one.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, select, true

from volunteer_service.db import Base
from volunteer_service.merging import moved_rows
from volunteer_service.openings.models import TABLES
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.people.messages.message_models import MessageSettings
from volunteer_service.people.models import Consent, Guardian


@dataclass(frozen=True)
class Moves:
    """Its rows move to the kept entry; ``stood`` names the columns that later acts change."""

    stood: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stays:
    """Its rows stay with the entry they were written for; the text says why."""

    why: str


@dataclass(frozen=True)
class Own:
    """Another module decides row by row."""

    module: str


HOW: dict[str, Moves | Stays | Own] = {
    "account_findings.volunteer_id": Stays("said of that entry; of the kept one it is asked anew"),
    "accounts.volunteer_id": Own("entries"),
    "adjustments.volunteer_id": Moves(("state",)),
    "anomalies.volunteer_id": Moves(("state",)),
    "attendances.volunteer_id": Own("places"),
    "calendar_feeds.volunteer_id": Stays("an address of that entry's account, which ends with it"),
    "certificates.rated_id": Stays("the paper says whom a round rated"),
    "certificates.volunteer_id": Moves(("revoked_at",)),
    "complaints.volunteer_id": Moves(("state",)),
    # A consent moves only if the kept entry never had one of its purpose, so that withdrawing a
    # consent withdraws it.
    "consents.volunteer_id": Moves(("withdrawn_at",)),
    "disputes.volunteer_id": Moves(("state",)),
    "guardians.volunteer_id": Moves(),
    "household_ties.declarer_id": Own("households"),
    "household_ties.one_id": Own("households"),
    "household_ties.other_id": Own("households"),
    "looks.volunteer_id": Stays("somebody looked at that entry"),
    "memberships.volunteer_id": Own("places"),
    "mergings.kept_id": Stays("what was merged into what"),
    "mergings.merged_id": Stays("what was merged into what"),
    "message_settings.volunteer_id": Moves(),
    "messages.volunteer_id": Moves(),
    **{
        f"{table.__tablename__}.volunteer_id": Stays(
            "what was taken over for that entry; read by all"
        )
        for table in TABLES
    },
    "person_search_keys.volunteer_id": Own("entries"),
    "person_changes.volunteer_id": Stays("what of that entry was changed; none may wait"),
    "points_accounts.volunteer_id": Stays("points go by transfers; the ledger keeps its accounts"),
    "redemptions.volunteer_id": Moves(("state",)),
    "registration_checks.volunteer_id": Own("checks"),
    "late_changes.volunteer_id": Stays("the next night counts it anew"),
    "round_results.volunteer_id": Stays("a round keeps the people whom it rated"),
    "scans.volunteer_id": Stays("what was scanned: append-only"),
    "service_records.volunteer_id": Moves(("state", "version")),
    "sign_ups.volunteer_id": Own("places"),
    "volunteer_cards.volunteer_id": Stays("printed for that entry; read as the one that goes on"),
}


def moving() -> list[tuple[Table, Moves]]:
    """Return the tables whose rows move to the kept entry."""
    tables = Base.metadata.tables
    return [
        (tables[name.partition(".")[0]], how) for name, how in HOW.items() if isinstance(how, Moves)
    ]


def which(table: Table, kept_id: int, merged_id: int) -> ColumnElement[bool]:
    """Return the condition for the merged entry's rows that move."""
    mine = table.c.volunteer_id == merged_id
    return mine & _but(table, kept_id)


def move(merging: Merging) -> None:
    """Move every such row to the kept entry."""
    for table, how in moving():
        where = which(table, merging.kept_id, merging.merged_id)
        moved_rows.move_all(merging, table, where, stood=how.stood)


def _but(table: Table, kept_id: int) -> ColumnElement[bool]:
    if table.name == Consent.__tablename__:
        spoken = select(Consent.purpose).where(Consent.volunteer_id == kept_id)
        return table.c.withdrawn_at.is_(None) & table.c.purpose.not_in(spoken)
    for single in (Guardian, MessageSettings):
        if table.name == single.__tablename__:
            return ~select(single.id).where(single.volunteer_id == kept_id).exists()
    return true()

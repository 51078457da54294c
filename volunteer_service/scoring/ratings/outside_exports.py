"""Writes a round as files that outsiders compute again without this program: facts, records,
policy.

The archive holds ``README.html`` (every column in both languages), ``round.json``, ``policy.json``
(the very bytes that were hashed), ``facts.csv`` (that hold, with the stars), ``frozen.csv`` (as
they were frozen), ``records.csv`` (each record behind the minutes), ``people.csv`` (numbers and
names; left out on request) and ``check.sql`` for DuckDB. Its format is 1.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from importlib import resources
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import select

from volunteer_service import journal, policies
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db, in_lists
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.ratings import frozen_facts, results
from volunteer_service.scoring.ratings.frozen_facts import Kept
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rules.policy import canonical, policy_hash
from volunteer_service.scoring.rules.stars import Facts

FORMAT = 1
FACTS = (
    *("volunteer_id", "half_year", "confirmed_minutes", "registered_on", "upheld_complaints"),
    *("evaluation_count", "evaluation_sum", "records", "facts_format", "stars"),
)
RECORDS = (
    *("volunteer_id", "record_id", "minutes", "grade"),
    *("served_on", "event", "minutes_now", "grade_now", "state_now"),
)
PEOPLE = ("volunteer_id", "number", "name")
#: Files that are copied unchanged from this package.
_PAGES = {"README.html": "outside_export.html", "check.sql": "outside_check.sql"}

Rows = Iterator[Sequence[Any]]


def export(
    row: Round,
    into: IO[bytes],
    *,
    names: bool,
    text: Callable[[str], str],
    by: Actor,
    at: datetime,
) -> int:
    """Write the archive of a frozen round; return how many people it has.

    Without ``names`` nothing in it identifies a person. ``text`` makes typed text harmless for a
    spreadsheet. The journal records who exported it.
    """
    results.frozen_round(row.id, by)
    tables: dict[str, Callable[[], Rows]] = {
        "facts.csv": lambda: _facts(row, lambda kept: kept.effective),
        "frozen.csv": lambda: _facts(row, lambda kept: kept.frozen),
        "records.csv": lambda: _records(row, text),
    }
    if names:
        tables["people.csv"] = lambda: _people(row, text)
    with ZipFile(into, "w", ZIP_DEFLATED) as archive:
        for name, page in _PAGES.items():
            archive.writestr(name, resources.files(__package__).joinpath(page).read_bytes())
        archive.writestr("round.json", json.dumps(_round(row), ensure_ascii=False, indent=1))
        archive.writestr("policy.json", canonical(policies.of(row.policy_version or 0)))
        for name, rows in tables.items():
            _write(archive, name, rows())
    people = results.people(row.id)
    facts = {"people": people, "names": names}
    journal.record("ratings.export", row, account_id=by.account_id, door=by.door, at=at, **facts)
    return people


def name_of(row: Round) -> str:
    """Return the archive's file name: half-year, area, and the number of the supplement."""
    number = f"-{row.supplement}" if row.supplement else ""
    return f"{row.half_year}-{row.area.name}{number}.zip".replace("/", "_")


def _write(archive: ZipFile, name: str, rows: Rows) -> None:
    with archive.open(name, "w", force_zip64=True) as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        csv.writer(text).writerows(rows)
        text.flush()
        text.detach()


def _round(row: Round) -> dict[str, Any]:
    half_year = frozen_facts.half_year_of(row)
    return {
        "format": FORMAT,
        "area": row.area.name,
        "half_year": row.half_year,
        "starts_on": half_year.starts_on.isoformat(),
        "ends_on": half_year.ends_on.isoformat(),
        "supplement": row.supplement,
        "state": row.state,
        "policy_version": row.policy_version,
        "policy_hash": policy_hash(policies.of(row.policy_version or 0)),
        "rules_version": row.rules_version or 1,
        "facts_format": row.facts_format or 1,
        "facts_hash": row.facts_hash,
        "final_hash": row.final_hash,
        "frozen_at": row.frozen_at and row.frozen_at.isoformat(),
        "signed_off_at": row.signed_off_at and row.signed_off_at.isoformat(),
    }


def _facts(row: Round, chosen: Callable[[Kept], Facts]) -> Rows:
    format_ = row.facts_format or 1
    yield FACTS
    for kept in frozen_facts.kept(row.id):
        facts = chosen(kept).to_dict(format_) | {"facts_format": format_, "stars": kept.stars}
        yield [facts.get(name) for name in FACTS]


def _records(row: Round, text: Callable[[str], str]) -> Rows:
    yield RECORDS
    for batch in frozen_facts.batches(frozen_facts.kept(row.id)):
        said = [(kept.volunteer_id, each) for kept in batch for each in kept.effective.records]
        now = _now([each.id for _who, each in said], text)
        for who, each in said:
            yield (who, *each, *now.get(each.id, ()))


def _now(ids: Sequence[int], text: Callable[[str], str]) -> dict[int, tuple[Any, ...]]:
    """Return the present values of these records for the last columns of `RECORDS`."""
    shown = (
        ServiceRecord.served_on,
        ServiceRecord.event_name,
        ServiceRecord.minutes,
        ServiceRecord.grade,
        ServiceRecord.state,
    )
    found: dict[int, tuple[Any, ...]] = {}
    for some in in_lists(ids):
        query = select(ServiceRecord.id, *shown).where(ServiceRecord.id.in_(some))
        for id_, day, event, *rest in db.session.execute(query):
            found[id_] = (day, text(event), *rest)
    return found


def _people(row: Round, text: Callable[[str], str]) -> Rows:
    yield PEOPLE
    for kept, person in results.named_results(row.id):
        yield (kept.volunteer_id, person.number, text(person.name))

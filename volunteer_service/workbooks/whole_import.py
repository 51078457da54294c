"""Applies a whole import with one call, and counts it in the words of ``import --json``."""

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from volunteer_service import policies
from volunteer_service.areas.models import Area
from volunteer_service.attendance.records import rating_facts
from volunteer_service.db import fetch, page_cache, transaction
from volunteer_service.db.retry import again_on_conflict
from volunteer_service.errors import Refused
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.stars import Facts, rate
from volunteer_service.workbooks import agreed_changes, applying, receiving, stored_files
from volunteer_service.workbooks.asked_sheets import import_sheets
from volunteer_service.workbooks.asked_sheets.answers_in_advance import Answers
from volunteer_service.workbooks.judging.hand_in import Judged, Tell, judge
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.reading.books import SUFFIXES
from volunteer_service.workbooks.refusals import NoFiles

_LONG_AGO = date(1900, 1, 1)
#: Counts for the pages, beside those of ``--json``.
_OURS = ("new", "by_kind")


def import_now(
    paths: Sequence[Path],
    *,
    sub_district: str | None = None,
    with_changes: bool = False,
    answers: Answers | None = None,
    by: Actor,
    at: datetime,
    progress: Tell = applying.silent,
) -> dict[str, Any]:
    """Receive, judge and apply workbooks (files, or folders of them), each step committed alone.

    Reading a street takes seconds, in which nobody else could write on SQLite; so only the last
    step blocks others, and it applies everything or nothing. The call must not be inside a
    transaction. ``with_changes`` agrees to all differences between the lists and the service;
    ``answers`` are answers about sheets and rows. Returns the counts, keys and reason codes of
    ``--json``; the stars are computed from the database, over the people of the sub-district with
    records in the half-years of the files. ``sheets_left_out`` is there only where a sheet waits
    for an answer or was not understood.
    """
    with transaction(), ExitStack() as stack:
        uploads = [
            stored_files.Upload(path.name, stack.enter_context(path.open("rb")))
            for path in workbooks_in(paths)
        ]
        row = receiving.receive(uploads, sub_district=sub_district, answers=answers, by=by, at=at)
        import_id = row.id
    try:
        with transaction(write=False):
            judged = judge(fetch(Import, import_id), at=at, tell=progress)
        whole = partial(_import_whole, import_id, judged, by=by, at=at, progress=progress)
        again_on_conflict(partial(whole, with_changes=with_changes))
    except Refused as refused:
        with transaction():
            receiving.stop(import_id, refused)
        raise
    counts = {name: count for name, count in judged.counts.items() if name not in _OURS}
    with transaction(write=False):
        row = fetch(Import, import_id)
        return counts | stars(row, judged) | _left_out(row)


def _left_out(row: Import) -> dict[str, Any]:
    """Return ``sheets_left_out``: the sheets whose rows were not taken, if any."""
    left = [one.told() for one in import_sheets.sheets(row.files) if one.is_open]
    return {"sheets_left_out": left} if left else {}


def _import_whole(
    import_id: int, judged: Judged, *, with_changes: bool, by: Actor, at: datetime, progress: Tell
) -> None:
    with transaction():
        receiving.previewed(import_id, judged)
        if with_changes:
            agreed_changes.agree(import_id, None, by=by, at=at)
        applying.begin(import_id, by=by, at=at)
        applying.bring_in(import_id, judged, by=by, at=at, tell=progress)


def workbooks_in(paths: Sequence[Path]) -> list[Path]:
    """List the files and every workbook of the folders, without Excel's lock files."""
    found: list[Path] = []
    for path in paths:
        inside = _lists_in(path) if path.is_dir() else [path]
        found += [file for file in inside if not file.name.startswith("~$")]
    if not found:
        raise NoFiles()
    return found


def _lists_in(folder: Path) -> list[Path]:
    """Return the files of a folder that may be lists, by name; text notes beside workbooks are
    none.
    """
    found = sorted(path for path in folder.iterdir() if path.suffix[1:].lower() in SUFFIXES)
    books = [path for path in found if path.suffix.lower() not in (".txt", ".tsv")]
    return books or found


@page_cache.small()
def stars(row: Import, judged: Judged) -> dict[str, Any]:
    """Count the people who reach each star, by hours alone and by the whole policy."""
    root, policy = fetch(Area, row.area_id or 0), policies.active()
    by_hours: dict[str, dict[str, int]] = {}
    by_policy: dict[str, dict[str, int]] = {}
    for half in sorted(judged.half_years):
        alone, whole = Counter[str](), Counter[str]()
        for person in rating_facts.facts_for(half, root.path, policy):
            given = _by_hours(person.volunteer_id, half, person.confirmed_minutes)
            alone[f"star_{rate(given, policy).stars}"] += 1
            whole[f"star_{rate(person, policy).stars}"] += 1
        by_hours[str(half)] = dict(sorted(alone.items()))
        by_policy[str(half)] = dict(sorted(whole.items()))
    return {"stars_by_hours_alone": by_hours, f"stars_by_policy_{policy.version}": by_policy}


def _by_hours(volunteer_id: int, half: HalfYear, minutes: int) -> Facts:
    """Return facts with which only hours decide."""
    return Facts(volunteer_id, half, minutes, _LONG_AGO)

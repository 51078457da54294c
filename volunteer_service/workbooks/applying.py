"""Applies an import: everything in one transaction, or nothing."""

from datetime import datetime

from volunteer_service import journal, policies, settings
from volunteer_service.areas import tree
from volunteer_service.areas.models import Area
from volunteer_service.db import after_commit, db, fetch, page_cache, statistics
from volunteer_service.people.authentication import sessions
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account
from volunteer_service.workbooks import answers, approval, stored_files, writing
from volunteer_service.workbooks.asked_sheets import (
    asked_areas,
    asked_rows,
    several_streets,
    sheet_answers,
)
from volunteer_service.workbooks.import_states import allowed, move
from volunteer_service.workbooks.judging.hand_in import Judged, Tell, judge
from volunteer_service.workbooks.judging.street_roots import root_called
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.receiving import keep, need_open
from volunteer_service.workbooks.refusals import ImportNotReady
from volunteer_service.workbooks.writing import messages
from volunteer_service.workbooks.writing.context import Context


def begin(import_id: int, *, by: Actor, at: datetime) -> Import:
    """Mark a previewed import as being applied, so that nobody begins it a second time.

    This is for one person alone: it raises ``ImportNeedsSecond`` where it takes two. An import that
    is being applied but has made no progress for a minute died with its process. Nothing of it was
    committed, so it may begin again.
    """
    row = allowed(import_id, by)
    _find_root(row, by)
    if row.asked_by_id is not None:
        raise ImportNotReady(state=row.state)
    approval.need_alone(row, by, at=at)
    return _started(row, "previewed", by=by, at=at)


def approve(import_id: int, *, by: Actor, at: datetime) -> Import:
    """Begin an import that another person asked for, as its second person."""
    row = allowed(import_id, by)
    _find_root(row, by)
    if row.asked_by_id is None:
        raise ImportNotReady(state=row.state)
    approval.need_decider(row, by, at=at)
    return _started(row, "asked", by=by, at=at)


def _started(row: Import, before: str, *, by: Actor, at: datetime) -> Import:
    several_streets.need_all(row, by)
    approval.need_something(row, by)
    is_dead = row.state == "applying" and stored_files.told(row.id, at=at) is None
    decided = {"decided_by_id": by.account_id, "decided_at": at, "problem": None}
    if not move(row.id, "applying" if is_dead else before, state="applying", **decided):
        raise ImportNotReady(state=row.state)
    stored_files.paths_of(row.id, row.files)
    stored_files.tell(row.id, stored_files.Progress("reading", 0, row.total))
    return row


def apply(import_id: int, *, by: Actor, at: datetime) -> Import:
    """Begin, judge and write in the running transaction: for callers that wait for the end."""
    is_asked = allowed(import_id, by).asked_by_id is not None
    row = (approve if is_asked else begin)(import_id, by=by, at=at)
    judged = judge(row, at=at, tell=silent)
    return bring_in(import_id, judged, by=by, at=at, tell=silent)


@page_cache.small()
def bring_in(import_id: int, judged: Judged, *, by: Actor, at: datetime, tell: Tell) -> Import:
    """Write every taken row that is not there yet.

    Areas, teams with brands and projects, volunteers with number, consent and guardian,
    memberships, confirmed records with their points, gifts with their stock.
    """
    if not move(import_id, "applying", state="applied", applied_at=at):
        raise ImportNotReady(state=fetch(Import, import_id).state)
    row = allowed(import_id, by)
    root, shown = _root(row, by, at), row.shown
    zone = settings.current().zone
    day = at.astimezone(zone).date()
    context = Context(row.id, at, day, zone, policies.active(), _handed_in_by(row, by))
    keep(row, judged)
    approval.need_as_shown(row, shown, by, at=at)
    changed = writing.write(judged, root, context, by=by, tell=tell)
    statistics.refresh()
    messages.brought_in(row.id, at=at)
    answers.answered(row, by=by, at=at)
    journal.record(
        "imports.apply",
        row,
        account_id=by.account_id,
        door=by.door,
        at=at,
        first=row.asked_by_id,
        records=row.records,
        new=judged.counts["new"],
        changed=changed,
        refused=sum(n for code, n in judged.counts["dirt"].items() if ":" in code),
    )
    db.session.flush()
    db.session.expire_all()
    # The database has everything now, with personal data sealed.
    after_commit(lambda: stored_files.remove(import_id))
    return row


def _handed_in_by(row: Import, by: Actor) -> Actor | None:
    if row.account_id is None or row.account_id == by.account_id:
        return None
    return sessions.actor_of(fetch(Account, row.account_id), door=by.door)


def _find_root(row: Import, by: Actor) -> None:
    """Look for the sub-district again: somebody may have made it since the preview."""
    if row.area_id is None and (root := root_called(row.sub_district)) is not None:
        row.area_id = root.id
        allowed(row.id, by)


def _root(row: Import, by: Actor, at: datetime) -> Area:
    if row.area_id is not None:
        found = fetch(Area, row.area_id)
        # Nobody moves or adds an area while paths are written.
        tree.hold_streets([found.path, *_paths_of_the_others(row)])
        # Somebody may have closed it since the preview.
        need_open(found)
        return found
    tree.hold_streets(_paths_of_the_others(row))
    root = Area(kind="subdistrict", name=row.sub_district, path="", import_id=row.id)
    db.session.add(root)
    db.session.flush()
    root.path = f"/{root.id}/"
    row.area_id = root.id
    db.session.flush()
    sheet_answers.remember_all(row, by=by, at=at)
    asked_rows.remember(row, by=by, at=at)
    asked_areas.remember(row, by=by, at=at)
    return root


def _paths_of_the_others(row: Import) -> list[str]:
    others = map(root_called, (several_streets.of(row) or {}).values())
    return [root.path for root in others if root is not None]


def silent(step: str, done: int, total: int) -> None:
    """Report no progress."""

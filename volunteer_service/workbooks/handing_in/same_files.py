"""Hands files in once: the same files again lead to their existing import."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from volunteer_service import journal
from volunteer_service.areas.models import Area
from volunteer_service.db import db, one_by_one
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.workbooks import receiving, stored_files
from volunteer_service.workbooks.import_states import allowed, move, standing_of
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.reading import cells
from volunteer_service.workbooks.refusals import ImportNotReady

#: States in which an import is still under way.
_OPEN = ("reading", "previewed", "asked", "applying")
_PIECE = 1024 * 1024


@dataclass(frozen=True)
class HandedIn:
    """The import of some files, and whether it must be judged now."""

    row: Import
    is_to_read: bool
    is_again: bool = False


def hand_in(
    files: Sequence[stored_files.Upload],
    *,
    area_id: int | None = None,
    sub_district: str | None = None,
    by: Actor,
    at: datetime,
) -> HandedIn:
    """Hand files in, or find their existing import of the same street.

    Same means the same bytes in the same number of files, whatever their names and the person who
    handed them in first; an import that is over, or whose stored files are gone or changed, does
    not count. A preview is judged anew.
    """
    receiving.need_street(by)
    before = _before(files, area_id, sub_district, by)
    if before is None:
        row = receiving.receive(files, area_id=area_id, sub_district=sub_district, by=by, at=at)
        return HandedIn(row, is_to_read=True)
    standing = standing_of(before, at=at)
    is_to_read = before.state == "previewed" or (standing.is_cut_off and before.state == "reading")
    return HandedIn(
        read_again(before.id, by=by, at=at) if is_to_read else before, is_to_read, is_again=True
    )


def read_again(import_id: int, *, by: Actor, at: datetime) -> Import:
    """Begin to judge an import's files once more: a preview, or one whose reading was cut off.

    Its files are stored, so nothing is uploaded again.
    """
    row = allowed(import_id, by)
    is_cut_off = row.state == "reading" and standing_of(row, at=at).is_cut_off
    if not (is_cut_off or row.state == "previewed"):
        raise ImportNotReady(state=row.state)
    stored_files.paths_of(row.id, row.files)
    if not move(row.id, row.state, state="reading", problem=None, trouble=None):
        raise ImportNotReady(state=row.state)
    stored_files.tell(row.id, stored_files.Progress("reading", 0, row.total))
    journal.record("imports.read_again", row, account_id=by.account_id, door=by.door, at=at)
    return row


def _before(
    files: Sequence[stored_files.Upload],
    area_id: int | None,
    sub_district: str | None,
    by: Actor,
) -> Import | None:
    """Find the newest open import of the same files in a street where the actor may import."""
    hashes = sorted(map(_hash, files))
    if not hashes:
        return None
    # Of two clerks at once, the second finds the import of the first.
    one_by_one(f"files:{','.join(hashes)}")
    found = select(Import).where(Import.state.in_(_OPEN)).order_by(Import.id.desc())
    for row in db.session.scalars(found):
        is_named = (area_id is None or row.area_id == area_id) and (
            not sub_district or cells.match_key(sub_district) == cells.match_key(row.sub_district)
        )
        if is_named and sorted(file["sha256"] for file in row.files) == hashes:
            area = db.session.get(Area, row.area_id) if row.area_id else None
            may = rights.may(by, Right.IMPORT, area_path=area.path if area else "/")
            if may and stored_files.are_here(row.id, row.files):
                return row
    return None


def _hash(upload: stored_files.Upload) -> str:
    upload.stream.seek(0)
    digest = sha256()
    while piece := upload.stream.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()

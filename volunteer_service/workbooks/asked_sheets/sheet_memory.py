"""A street's answers about its sheets and columns: kept, used for the next file, listed, forgotten.

A sheet is recognised by the words of its header, whatever its name or the order of its columns; a
column by its header within one kind of list.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from volunteer_service import bounds, journal, settings
from volunteer_service.areas import lookup
from volunteer_service.areas.models import Area
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.paging import Page, Sorts, page
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.workbooks.models import SheetMeaning
from volunteer_service.workbooks.reading import profiles, sheet_guesses
from volunteer_service.workbooks.reading.cells import match_key
from volunteer_service.workbooks.reading.known_columns import Kind
from volunteer_service.workbooks.reading.sheet_readings import (
    NOTHING_SAID,
    Memory,
    Reading,
    SaidSheet,
    fingerprint,
)
from volunteer_service.workbooks.refusals import ProfileNameTaken

FORMAT = 1
#: The most characters of a name or a header that are shown again.
_SHOWN = 120
SORTS = Sorts(SheetMeaning.id, "-said_at", said_at=SheetMeaning.said_at, words=SheetMeaning.words)


def of_street(area_id: int | None) -> Memory:
    """Return this street's answers; none for a street that does not exist yet."""
    if area_id is None:
        return NOTHING_SAID
    query = select(SheetMeaning).where(SheetMeaning.area_id == area_id)
    rows = db.session.scalars(query).all()
    return Memory(
        {row.word_key: _said(row) for row in rows if row.about == "sheet"},
        {
            (row.kind, row.meaning["word"]): tuple(row.meaning["fields"])
            for row in rows
            if row.about == "column"
        },
        tuple(profiles.read(row.meaning) for row in rows if row.about == "profile"),
    )


def keep_sheet(area_id: int, name: str, reading: Reading, *, by: Actor, at: datetime) -> None:
    """Keep the answer about a sheet, in place of an earlier one about this header."""
    key = fingerprint(reading.header)
    if not key:
        return
    meaning = {"codes": reading.facts()["codes"], "dates": list(reading.dates)}
    _keep(area_id, "sheet", reading.kind or "none", key, name, meaning, by=by, at=at)


def keep_columns(
    area_id: int,
    kind: Kind,
    header: Sequence[str],
    columns: Mapping[str, int],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Keep the columns that hold something else than their header usually means or than was
    answered before.
    """
    said = of_street(area_id).columns
    usual = sheet_guesses.columns_of(kind, header, said)
    for column, word in enumerate(sheet_guesses.words_of(header)):
        fields = sorted(name for name, at_column in columns.items() if at_column == column)
        before = sorted(name for name, at_column in usual.items() if at_column == column)
        if word and fields != before:
            meaning = {"word": word, "fields": fields}
            key = _key(kind.name, word)
            _keep(area_id, "column", kind.name, key, header[column], meaning, by=by, at=at)


def keep_rows(area_id: int, look: str, come: str, *, by: Actor, at: datetime) -> None:
    """Keep whether rows of this look (``hidden``, ``struck``) are taken."""
    _keep(area_id, "rows", "none", _key(look), look, {"come": come}, by=by, at=at)


def keep_places(
    area_id: int, words: str, meaning: Mapping[str, str], *, by: Actor, at: datetime
) -> None:
    """Keep whether the spellings of a place (its ``key``) ``are`` one place."""
    key = _key(meaning["key"])
    _keep(area_id, "places", "areas", key, words, dict(meaning), by=by, at=at)


def places_of(area_id: int | None) -> dict[str, dict[str, str]]:
    """Return the street's answers about names that look like one place, each with its day."""
    query = select(SheetMeaning).where(
        SheetMeaning.area_id == area_id, SheetMeaning.about == "places"
    )
    return {
        row.meaning["key"]: {"are": row.meaning["are"], "said": _day(row)}
        for row in db.session.scalars(query)
    }


def rows_of(area_id: int | None) -> dict[str, dict[str, str]]:
    """Return the street's answers about hidden and struck-through rows, each with its day."""
    if area_id is None:
        return {}
    query = select(SheetMeaning).where(
        SheetMeaning.area_id == area_id, SheetMeaning.about == "rows"
    )
    return {
        row.words: {"come": row.meaning["come"], "said": _day(row)}
        for row in db.session.scalars(query)
    }


def keep_profile(
    area_id: int, profile: Mapping[str, Any], *, by: Actor, at: datetime
) -> SheetMeaning:
    """Keep a platform's profile for the street, in place of one of this name."""
    need_here(area_id, by)
    found = profiles.read(profile)
    key, data = _key(found.name), found.data()
    return _keep(area_id, "profile", found.kind.name, key, found.name, data, by=by, at=at)


def profile_called(area_id: int, name: str, *, by: Actor) -> dict[str, Any]:
    """Return the profile of this name that the street keeps."""
    need_here(area_id, by)
    query = select(SheetMeaning).where(
        SheetMeaning.area_id == area_id,
        SheetMeaning.about == "profile",
        SheetMeaning.word_key == _key(name),
    )
    row = db.session.scalar(query)
    if row is None:
        raise NotFound()
    return profiles.read(row.meaning).data()


def meaning(meaning_id: int, *, by: Actor) -> SheetMeaning:
    """Return one answer, for an actor who may import in its street."""
    row = fetch(SheetMeaning, meaning_id)
    need_here(row.area_id, by)
    return row


def rename_profile(meaning_id: int, name: str, *, by: Actor, at: datetime) -> SheetMeaning:
    """Give a profile another name; ``ProfileNameTaken`` if the street has one with it."""
    bounds.text(name, 60, "name")
    row = meaning(meaning_id, by=by)
    if row.about != "profile":
        raise NotFound()
    found = profiles.read(row.meaning | {"name": name})
    key = _key(found.name)
    same = select(SheetMeaning.id).where(
        SheetMeaning.area_id == row.area_id,
        SheetMeaning.about == "profile",
        SheetMeaning.word_key == key,
        SheetMeaning.id != row.id,
    )
    if db.session.scalar(same) is not None:
        raise ProfileNameTaken()
    row.word_key, row.words, row.meaning = key, found.name[:_SHOWN], found.data()
    row.said_by_id, row.said_at = by.account_id, at
    db.session.flush()
    facts = {"about": row.about, "kind": row.kind, "area": row.area_id}
    journal.record("imports.rename", row, account_id=by.account_id, door=by.door, at=at, **facts)
    return row


def meanings(
    by: Actor, *, sort: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[SheetMeaning]:
    """List the answers of the streets in which the actor may import, newest first."""
    paths, _teams = rights.places(by, Right.IMPORT)
    query = select(SheetMeaning).where(lookup.within(SheetMeaning.area_id, paths))
    return page(query, SORTS, sort=sort, cursor=cursor, limit=limit)


def forget(meaning_id: int, *, by: Actor, at: datetime) -> None:
    """Forget one answer; the next file asks for it again."""
    row = meaning(meaning_id, by=by)
    facts = {"about": row.about, "kind": row.kind, "area": row.area_id}
    journal.record("imports.forget", row, account_id=by.account_id, door=by.door, at=at, **facts)
    db.session.delete(row)
    db.session.flush()


def need_here(area_id: int, by: Actor) -> None:
    """Raise ``NotFound`` unless the actor may import in this street."""
    if not rights.may(by, Right.IMPORT, area_path=fetch(Area, area_id).path):
        raise NotFound()


def _key(*words: str) -> str:
    return sha256("\0".join(map(match_key, words)).encode(errors="surrogatepass")).hexdigest()


def _said(row: SheetMeaning) -> SaidSheet:
    codes, dates = row.meaning.get("codes", {}), tuple(row.meaning.get("dates", ()))
    return SaidSheet(row.kind, _day(row), codes, dates)


def _day(row: SheetMeaning) -> str:
    return settings.local_day(row.said_at).isoformat()


def _keep(
    area_id: int,
    about: str,
    kind: str,
    key: str,
    words: str,
    meaning: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> SheetMeaning:
    found = (SheetMeaning.area_id == area_id, SheetMeaning.about == about)
    row = db.session.scalar(select(SheetMeaning).where(*found, SheetMeaning.word_key == key))
    if row is None:
        row = SheetMeaning(area_id=area_id, about=about, word_key=key)
        db.session.add(row)
    row.kind, row.words, row.meaning, row.format = kind, words[:_SHOWN], meaning, FORMAT
    row.said_by_id, row.said_at = by.account_id, at
    db.session.flush()
    journal.record(
        "imports.remember",
        row,
        account_id=by.account_id,
        door=by.door,
        at=at,
        about=about,
        kind=kind,
        area=area_id,
    )
    return row

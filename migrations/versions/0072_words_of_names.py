"""People whose name has several words are found by each word, as written and in pinyin.

The spelling at this version is copied here. The downgrade keeps these keys, because the version
before finds people by them too, and nobody can tell which ones it wrote itself.
"""

import unicodedata
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: People a chunk.
CHUNK = 1000
_LONGEST = 80
#: Readings of one character and of one word that are kept.
_READINGS = 3
_COMBINED = 12

volunteers = sa.table(
    "volunteers",
    sa.column("id", ID),
    sa.column("name", sa.String),
    sa.column("merged_into_id", ID),
)
keys = sa.table(
    "person_search_keys",
    sa.column("kind", sa.String),
    sa.column("key", sa.String),
    sa.column("volunteer_id", ID),
)


def upgrade() -> None:
    """Add the keys that are missing; an entry that was merged has none."""
    connection = op.get_bind()
    for people in _chunks():
        wanted = {(row.id, key) for row in people for key in _words(row.name)}
        if not wanted:
            continue
        known = sa.select(keys.c.volunteer_id, keys.c.key).where(
            keys.c.kind == "name", keys.c.volunteer_id.in_({id_ for id_, _key in wanted})
        )
        missing = sorted(wanted - {tuple(row) for row in connection.execute(known)})
        rows = [{"kind": "name", "key": key, "volunteer_id": id_} for id_, key in missing]
        if rows:
            connection.execute(keys.insert(), rows)


def downgrade() -> None:
    """Keep the keys."""


def _chunks() -> Iterator[list[Any]]:
    last = 0
    columns = sa.select(volunteers.c.id, volunteers.c.name)
    while True:
        query = columns.where(volunteers.c.id > last, volunteers.c.merged_into_id.is_(None))
        found = op.get_bind().execute(query.order_by(volunteers.c.id).limit(CHUNK)).all()
        if not found:
            return
        yield list(found)
        last = found[-1].id


def _words(name: str) -> set[str]:
    """Spell each word of more than one letter of a name in several words."""
    composed = unicodedata.normalize("NFKC", name).replace("'", "")
    shown = (char for char in composed if not unicodedata.category(char).startswith("M"))
    words = "".join(
        char if char.isalpha() or ord(char) >= 0x20000 else " " for char in shown
    ).split()
    if len(words) < 2:
        return set()
    found = {spelling for word in words if len(word) > 1 for spelling in _spellings(word)}
    return {spelling[:_LONGEST] for spelling in found} - {""}


def _spellings(word: str) -> Iterator[str]:
    # Imported here, because every start reads this file, and only an upgrade with such names needs
    # the tables.
    from pypinyin import Style, pinyin

    yield _letters(word)
    choices = []
    for char in word:
        readings = pinyin(char, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]
        is_han = "\u3400" <= char <= "\u9fff" or 0x20000 <= ord(char) < 0x40000
        choices.append(_said(readings[:_READINGS]) if is_han else [_letters(char)])
    yield from map("".join, islice(product(*choices), _COMBINED))


def _said(readings: list[str]) -> list[str]:
    plain = [reading.replace("ü", "v") for reading in readings]
    more = [said.replace("v", to) for said in plain if "v" in said for to in ("yu", "u")]
    return list(dict.fromkeys([*plain, *more]))


def _letters(text: str) -> str:
    taken_apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(char for char in taken_apart if not unicodedata.category(char).startswith("M"))

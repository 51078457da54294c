"""One field finds a person, and lists of people are ordered by pinyin: both are written for
everybody.

The spelling of names at this version is copied here, so that the upgrade stays the same; a later
migration rewrites what the program spells differently.

Of a phone's tails only keyed hashes are kept, so that the vault's key is needed here. Down drops
what the next way up derives again; nothing else is lost.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import Any

import sqlalchemy as sa
from alembic import op

from volunteer_service import crypto

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: People in one chunk.
CHUNK = 1000


def _bytes(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


volunteers = sa.table(
    "volunteers",
    sa.column("id", ID),
    sa.column("name", sa.String),
    sa.column("name_order", sa.String),
    sa.column("number", sa.String),
    sa.column("phone", sa.LargeBinary),
)
keys = sa.table(
    "person_search_keys",
    sa.column("kind", sa.String),
    sa.column("key", sa.String),
    sa.column("volunteer_id", ID),
)


def upgrade() -> None:
    """Make the column and the table, and fill them."""
    op.create_table(
        "person_search_keys",
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("key", _bytes(80), nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteers.id"],
            name=op.f("fk_person_search_keys_volunteer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("kind", "key", "volunteer_id", name=op.f("pk_person_search_keys")),
    )
    # The default stays, because SQLite would have to rewrite the table, and its numbers are
    # printed.
    op.add_column(
        "volunteers",
        sa.Column("name_order", _bytes(400), nullable=False, server_default=""),
    )
    for people in _chunks():
        _fill(people)
    op.create_index(
        op.f("ix_person_search_keys_volunteer_id"), "person_search_keys", ["volunteer_id"]
    )
    op.create_index("ix_volunteers_name_order_id", "volunteers", ["name_order", "id"])


def downgrade() -> None:
    """Drop both."""
    op.drop_index("ix_volunteers_name_order_id", table_name="volunteers")
    op.drop_column("volunteers", "name_order")
    op.drop_index(op.f("ix_person_search_keys_volunteer_id"), table_name="person_search_keys")
    op.drop_table("person_search_keys")


def _chunks() -> Iterator[list[Any]]:
    last = 0
    columns = volunteers.c.id, volunteers.c.name, volunteers.c.number, volunteers.c.phone
    while True:
        query = sa.select(*columns).where(volunteers.c.id > last).order_by(volunteers.c.id)
        found = op.get_bind().execute(query.limit(CHUNK)).all()
        if not found:
            return
        yield list(found)
        last = found[-1].id


def _fill(people: list[Any]) -> None:
    connection = op.get_bind()
    update = sa.update(volunteers).where(volunteers.c.id == sa.bindparam("serial"))
    ordered = [{"serial": row.id, "order": _order_of(row.name)} for row in people]
    connection.execute(update.values(name_order=sa.bindparam("order")), ordered)
    rows = (
        key
        for row in people
        for key in _keys_of(row.id, name=row.name, number=row.number, phone=_open(row.phone))
    )
    while chunk := list(islice(rows, 10 * CHUNK)):
        connection.execute(keys.insert(), chunk)


def _open(sealed: bytes | None) -> str | None:
    return None if sealed is None else crypto.vault().unseal(bytes(sealed), "volunteer.phone")


# The spelling of names and the keys as they were at this version.

_TAILS = range(4, 9)
_HASH = 16
_DOTS = dict.fromkeys(map(ord, "•‧∙⋅・･"), "·")
_APOSTROPHES = dict.fromkeys(map(ord, "‘’ʼ＇"), "'")


def _keys_of(
    volunteer_id: int, *, name: str | None, number: str | None, phone: str | None
) -> Iterator[dict[str, Any]]:
    found = {("name", spelling) for spelling in (_spellings(name) if name else ())}
    if number:
        found.add(("number", number.upper()[::-1]))
    if phone:
        found |= {("phone", _phone_key(text)) for text in (phone, *(phone[-n:] for n in _TAILS))}
    for kind, key in sorted(found):
        yield {"kind": kind, "key": key, "volunteer_id": volunteer_id}


def _phone_key(digits: str) -> str:
    return crypto.vault().key_of(digits, "volunteer.phone_tail")[:_HASH]


def _spelled(text: str) -> str:
    return " ".join(text.translate(_DOTS | _APOSTROPHES).split())


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", _spelled(text)).casefold()
    # Without the Hangul fillers, letters that nobody sees.
    shown = (char for char in plain if char not in "\u115f\u1160")
    return "".join(char for char in shown if char.isalpha() or 0x20000 <= ord(char) < 0x40000)


#: Longest spelling that is kept and looked for, in characters.
_LONGEST_SPELLING = 80
#: Longest order of a name, in characters.
_LONGEST_ORDER = 400
#: Readings of one character and of one whole name that are kept; the usual ones come first.
_READINGS = 3
_COMBINED = 12

#: Surnames of several readings, with tone, as surnames; simplified and traditional.
_SURNAMES = {
    char: reading
    for reading, chars in {
        "shan4": "单單", "zeng1": "曾", "xie4": "解", "qiu2": "仇", "ou1": "区區", "zha1": "查",
        "piao2": "朴", "zhai2": "翟", "ren2": "任", "hua4": "华華", "ge3": "盖蓋葛", "she2": "折",
        "yun4": "员員", "mi4": "宓", "miao4": "缪繆", "qin2": "覃", "xian3": "冼洗", "chong2": "种",
        "yue4": "乐樂", "shao4": "召", "ji3": "纪紀", "yan1": "燕", "bo2": "薄", "bi4": "秘",
        "he4": "黑", "po2": "繁", "mu4": "牟", "guo1": "过過", "ha3": "哈", "chen2": "谌諶",
        "zhai4": "祭", "gou1": "句", "ying1": "应應", "na1": "那", "nai4": "佴", "gui4": "炅",
        "ning4": "宁", "che1": "车車", "qu1": "曲", "shi2": "石", "du1": "都", "yao1": "么幺",
        "wei3": "隗", "kan4": "阚闞", "sheng4": "盛", "jia3": "贾賈", "bu3": "卜", "lu4": "逯",
    }.items()
    for char in chars
}  # fmt: skip
_COMPOUND = {
    "单于": ("chan2", "yu2"),
    "單于": ("chan2", "yu2"),
    "令狐": ("ling2", "hu2"),
    "长孙": ("zhang3", "sun1"),
    "長孫": ("zhang3", "sun1"),
    "尉迟": ("yu4", "chi2"),
    "尉遲": ("yu4", "chi2"),
    "万俟": ("mo4", "qi2"),
    "澹台": ("tan2", "tai2"),
}


def _letters(text: str) -> str:
    """Return only the letters of a name: lower case, half width, no accent, blank or dot."""
    taken_apart = unicodedata.normalize("NFKD", _folded(text))
    return "".join(char for char in taken_apart if not unicodedata.category(char).startswith("M"))


def _order_of(name: str) -> str:
    """Return the sort key of a name, compared by bytes: pinyin with tone, then the character.

    All 张 come before all 章; 张伟 and 章伟 do not mix. Latin names are sorted among the pinyin.
    """
    found, last_is_han = [], True
    for char, readings in _read(" ".join(_parts(name))):
        if readings:
            found.append(readings[0] + char)
        elif char != " ":
            found.append(_letters(char))
        elif not last_is_han:
            found.append(char)
        last_is_han = bool(readings) or (char == " " and last_is_han)
    return "".join(found)[:_LONGEST_ORDER]


def _spellings(name: str) -> set[str]:
    """Return what a typed beginning may match: the name, its parts, pinyin and initials of both.

    Parts begin at every Chinese character, and after every blank, dot and dash.
    """
    read = _read(" ".join(_parts(name)))
    begins = [n for n, (char, han) in enumerate(read) if han or n == 0 or read[n - 1][0] == " "]
    whole = [(char, han) for char, han in read if char != " "]
    found = {_joined(combined) for combined in _combined(whole)}
    found |= {"".join(said[:1] for said in combined) for combined in _combined(whole)}
    found |= {initials for initials in [_initials(read)] if len(initials) > 1}
    for n in begins:
        rest = [(char, han) for char, han in read[n:] if char != " "]
        found.add(_letters("".join(char for char, _han in rest)))
        found.add(_joined(tuple(_plain(han[0]) if han else _letters(char) for char, han in rest)))
    return {spelling[:_LONGEST_SPELLING] for spelling in found} - {""}


def _parts(name: str) -> list[str]:
    kept = (char if char.isalpha() or ord(char) >= 0x20000 else " " for char in _marks(name))
    return "".join(kept).split()


def _marks(name: str) -> str:
    # Marks over letters (vowel signs) go with the accents; a blank in their place would part it.
    composed = unicodedata.normalize("NFKC", _spelled(name)).replace("'", "")
    return "".join(char for char in composed if not unicodedata.category(char).startswith("M"))


def _read(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each character with its readings, the most likely one first; none for other letters."""
    usual = _usual(text)
    return [
        (char, _readings(char, usual[n]) if _is_han(char) else ()) for n, char in enumerate(text)
    ]


def _usual(text: str) -> list[str]:
    found = [row[0] for row in _pinyin(text, heteronym=False)]
    family = _COMPOUND.get(text[:2]) or (
        (_SURNAMES[text[0]],) if text[:1] in _SURNAMES else tuple(found[:1])
    )
    return [*family, *found[len(family) :]]


def _pinyin(text: str, *, heteronym: bool) -> list[list[str]]:
    # Imported here, because every start reads this file, and only an upgrade with people needs the
    # tables.
    from pypinyin import Style, pinyin

    return pinyin(
        text,
        style=Style.TONE3,
        heteronym=heteronym,
        neutral_tone_with_five=True,
        errors=_each,  # type: ignore[arg-type]
    )


def _each(other: str) -> list[str]:
    """Letters that are no Chinese characters, one a place."""
    return list(other)


def _readings(char: str, usual: str) -> tuple[str, ...]:
    all_of_them = _pinyin(char, heteronym=True)[0]
    others = [said for said in all_of_them if said != usual]
    return (usual, *others)[:_READINGS]


def _combined(read: Sequence[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, ...]]:
    """The name as it may be said, the usual way first; lv is also lyu and lu."""
    choices = [_said(han) if han else [_letters(char)] for char, han in read]
    return islice(product(*choices), _COMBINED)


def _said(readings: Sequence[str]) -> list[str]:
    plain = [_plain(said) for said in readings]
    more = [said.replace("v", to) for said in plain if "v" in said for to in ("yu", "u")]
    return list(dict.fromkeys([*plain, *more]))


def _joined(said: Sequence[str]) -> str:
    return "".join(said)


def _initials(read: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    """The first letters of the characters and of the words of a name."""
    found, begins = "", True
    for char, han in read:
        if han or (begins and char != " "):
            found += han[0][:1] if han else _letters(char)[:1]
        begins = char == " " or bool(han)
    return found


def _plain(reading: str) -> str:
    return _v(reading.rstrip("12345"))


def _v(text: str) -> str:
    return text.replace("ü", "v").replace("Ü", "v")


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or 0x20000 <= ord(char) < 0x40000

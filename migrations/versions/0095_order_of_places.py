"""Areas and teams are listed by pinyin, with numbers by their value, on both databases.

The spelling at this version is copied here, so that the upgrade stays the same. The downgrade drops
what the next upgrade derives again.
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0075"
branch_labels = None
depends_on = None

TABLES = ("areas", "teams")
_LONGEST = 400
_DIGITS = 9
_RUNS = re.compile(r"[0-9]+|[^0-9]+")
_VALUES = {char: value for value, char in enumerate("一二三四五六七八九", 1)}
_NUMERALS = re.compile(r"(第)([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])")


def upgrade() -> None:
    """Add the columns and fill them."""
    order = sa.String(_LONGEST)
    kind = order.with_variant(sa.String(_LONGEST, collation="C"), "postgresql")
    for name in TABLES:
        # The default stays, because SQLite would have to rewrite the table.
        op.add_column(name, sa.Column("name_order", kind, nullable=False, server_default=""))
        table = sa.table(
            name, sa.column("id", sa.BigInteger), sa.column("name", order), sa.column("name_order")
        )
        rows = op.get_bind().execute(sa.select(table.c.id, table.c.name)).all()
        if rows:
            write = sa.update(table).where(table.c.id == sa.bindparam("serial"))
            op.get_bind().execute(
                write.values(name_order=sa.bindparam("order", type_=order)),
                [{"serial": row.id, "order": _order_of(row.name)} for row in rows],
            )


def downgrade() -> None:
    """Drop them."""
    for name in TABLES:
        op.drop_column(name, "name_order")


def _order_of(text: str) -> str:
    # Imported here, because every start reads this file, and only an upgrade with places needs the
    # tables.
    from pypinyin import Style, pinyin

    plain = _NUMERALS.sub(_in_digits, unicodedata.normalize("NFKC", text).casefold())
    found = []
    for run in _RUNS.findall(plain):
        if run.isascii() and run.isdigit():
            found.append(run.lstrip("0").rjust(_DIGITS, "0"))
            continue
        said = pinyin(run, style=Style.TONE3, neutral_tone_with_five=True, errors=list)  # type: ignore[arg-type]
        found += [said[n][0] + char if _is_han(char) else char for n, char in enumerate(run)]
    return "".join(found)[:_LONGEST]


def _in_digits(found: re.Match[str]) -> str:
    tens, ten, ones = found[2].rpartition("十")
    value = 10 * (_VALUES[tens] if tens else 1) if ten else 0
    return found[1] + str(value + (_VALUES[ones] if ones else 0))


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or 0x20000 <= ord(char) < 0x40000

"""``ratings preview`` and ``rounds replay``: computes stars in advance, and checks those of final
rounds.
"""

import click
from sqlalchemy import select

from volunteer_service.cli.places import named, roots
from volunteer_service.cli.shell import Sentence, say_json, working
from volunteer_service.cli.table import say_table
from volunteer_service.cli.words import gettext as _
from volunteer_service.db import db
from volunteer_service.scoring.ratings import replays
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.ratings.replays import Replay
from volunteer_service.scoring.rules.half_years import HalfYear


@click.group()
def ratings() -> None:
    """Stars of a half-year."""


@ratings.command()
@click.argument("half_year", metavar="HALF_YEAR")
@click.option("--sub-district", help="Count the people of this one; default: the only one.")
@click.option("--all", "everywhere", is_flag=True, help="Count the people of all sub-districts.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def preview(half_year: str, sub_district: str | None, everywhere: bool, as_json: bool) -> None:
    """Count the stars of HALF_YEAR (2026H1) over the people with records in it; changes nothing."""
    if everywhere and sub_district:
        raise click.UsageError(_("--sub-district 和 --all 只能选一个。"))
    with working(write=False):
        half = _half_year(half_year)
        counts = replays.preview(half, _path(half, sub_district, everywhere))
        # The lowest level is always listed; a star that nobody has is left out, as in a round.
        found = {star: counts[star] for star in sorted({"star_0", *counts})}
        if as_json:
            say_json(found)
        elif counts:
            say_table((_("%(n)s 星", n=star[-1]), people) for star, people in found.items())
        else:
            click.echo(_("%(half_year)s 没有已确认的服务记录，还评不出星级。", half_year=half))


def _path(half: HalfYear, sub_district: str | None, everywhere: bool) -> str:
    """Return where to count: in the named sub-district, else in the only one with records in the
    half-year.
    """
    if everywhere:
        return "/"
    if sub_district is not None:
        return named(sub_district).path
    rated = [root for root in roots() if replays.preview(half, root.path)]
    if len(rated) > 1:
        raise Sentence(
            _(
                "%(half_year)s 有多个街道的记录：%(names)s。"
                "请加 --sub-district %(first)s 选一个，或加 --all 一起统计。",
                half_year=half,
                names=_("、").join(root.name for root in rated),
                first=rated[-1].name,
            )
        )
    return rated[0].path if rated else "/"


@click.group()
def rounds() -> None:
    """Rating rounds."""


@rounds.command()
@click.argument("round_id", metavar="ROUND", type=int, required=False)
def replay(round_id: int | None) -> None:
    """Compute a final ROUND (default: every one) again; exit 1 if its stars differ."""
    with working(write=False):
        found = [(row, replays.replay(row)) for row in _rounds(round_id)]
        if not found:
            click.echo(_("还没有签发的评定，没有可以重算的。"))
        for row, replayed in found:
            click.echo(f"{row.id}  {row.half_year}  {_outcome(replayed)}")
        if not all(replayed.equal for _row, replayed in found):
            raise Sentence(_("有评定结果与冻结的数据不符。"))


def _outcome(replayed: Replay) -> str:
    people = _("%(n)s 人", n=replayed.people)
    found = _("相符") if replayed.equal else _("%(n)s 人不符", n=replayed.different)
    return f"{people}  {found}"


def _rounds(round_id: int | None) -> list[Round]:
    query = select(Round).where(Round.state == "final").order_by(Round.id)
    if round_id is not None:
        query = query.where(Round.id == round_id)
    found = list(db.session.scalars(query))
    if round_id is not None and not found:
        raise Sentence(_("没有编号为 %(id)s 的已完成评定。", id=round_id))
    return found


def _half_year(text: str) -> HalfYear:
    try:
        return HalfYear.parse(text)
    except ValueError:
        raise Sentence(_("“%(text)s”不是半年。请写成 2026H1。", text=text)) from None


COMMANDS = (ratings, rounds)

"""``ratings`` and ``rounds``: computes stars in advance, explains them, checks those of final
rounds, and exports a round for outsiders.
"""

from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy import select

from volunteer_service import clock
from volunteer_service.areas.models import Area
from volunteer_service.cli import why_in_words
from volunteer_service.cli.places import named, roots
from volunteer_service.cli.shell import Sentence, say_json, working
from volunteer_service.cli.table import say_table
from volunteer_service.cli.words import gettext as _
from volunteer_service.db import db
from volunteer_service.people.authentication import account_people
from volunteer_service.scoring.ratings import explanations, outside_exports, replays, results
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.ratings.replays import Replay
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.workbooks.reading.cells import harmless


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


@ratings.command("replay")
@click.argument("half_year", metavar="HALF_YEAR")
@click.option("--sub-district", help="Rounds of this one; default: of all.")
def replay_half_year(half_year: str, sub_district: str | None) -> None:
    """Compute the final rounds of HALF_YEAR again, supplements too; exit 1 if stars differ."""
    with working(write=False):
        _say_replays(_final(_half_year(half_year), sub_district))


@ratings.command()
@click.argument("number", metavar="NUMBER")
@click.argument("half_year", metavar="HALF_YEAR")
def explain(number: str, half_year: str) -> None:
    """Say why volunteer NUMBER has these stars in HALF_YEAR: facts, records, scans."""
    with working(write=False) as by:
        who = account_people.named(number, by=by)
        found = results.newest_of(who.id, str(_half_year(half_year)))
        if found is None:
            raise Sentence(
                _("%(number)s 没有 %(half)s 的评定结果。", number=number, half=half_year)
            )
        why_in_words.say(explanations.why(found.id, by))


@ratings.command()
@click.argument("half_year", metavar="HALF_YEAR")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False))
@click.option("--sub-district", help="Rounds of this one; default: of all.")
@click.option("--without-names", is_flag=True, help="Nothing in it says who somebody is.")
def export(half_year: str, folder: Path, sub_district: str | None, without_names: bool) -> None:
    """Write the final rounds of HALF_YEAR into FOLDER, an archive each, for outsiders to check."""
    with working() as by:
        found = _final(_half_year(half_year), sub_district)
        if not found:
            raise Sentence(_("%(half)s 没有已签发的评定。", half=half_year))
        folder.mkdir(parents=True, exist_ok=True)
        for row in found:
            path = folder / outside_exports.name_of(row)
            with path.open("wb") as out:
                people = outside_exports.export(
                    row, out, names=not without_names, text=harmless, by=by, at=clock.now()
                )
            click.echo(_("%(file)s：%(n)s 人", file=path, n=people))


def _final(half_year: HalfYear, sub_district: str | None) -> Sequence[Round]:
    query = select(Round).where(Round.state == "final", Round.half_year == str(half_year))
    if sub_district is not None:
        under = Area.path.startswith(named(sub_district).path, autoescape=True)
        query = query.join(Area, Area.id == Round.area_id).where(under)
    return db.session.scalars(query.order_by(Round.area_id, Round.supplement)).all()


@click.group()
def rounds() -> None:
    """Rating rounds."""


@rounds.command()
@click.argument("round_id", metavar="ROUND", type=int, required=False)
def replay(round_id: int | None) -> None:
    """Compute a final ROUND (default: every one) again; exit 1 if its stars differ."""
    with working(write=False):
        _say_replays(_rounds(round_id))


def _say_replays(rows: Sequence[Round]) -> None:
    found = [(row, replays.replay(row)) for row in rows]
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

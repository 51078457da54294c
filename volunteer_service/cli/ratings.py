"""``ratings preview`` and ``rounds replay``: what stars would be, and whether they still are."""

import click
from flask_babel import gettext as _
from sqlalchemy import select

from volunteer_service.cli.shell import Sentence, say_json, working
from volunteer_service.db import db
from volunteer_service.scoring.ratings import service as scoring
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rules.half_years import HalfYear


@click.group()
def ratings() -> None:
    """Stars of a half-year."""


@ratings.command()
@click.argument("half_year", metavar="HALF_YEAR")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def preview(half_year: str, as_json: bool) -> None:
    """Count the stars of HALF_YEAR (2026H1) over the people with records in it; changes nothing."""
    with working(write=False):
        counts = scoring.preview(_half_year(half_year), "/")
        found = {star: counts[star] for star in sorted(counts)}
        if as_json:
            say_json(found)
            return
        for star, people in found.items():
            click.echo(f"{star}  {people}")


@click.group()
def rounds() -> None:
    """Rating rounds."""


@rounds.command()
@click.argument("round_id", metavar="ROUND", type=int, required=False)
def replay(round_id: int | None) -> None:
    """Compute a final ROUND (default: every one) again; exit 1 if its stars differ."""
    with working(write=False):
        found = [(row, scoring.replay(row)) for row in _rounds(round_id)]
        for row, replayed in found:
            word = "equal" if replayed.equal else f"{replayed.different} different"
            click.echo(f"{row.id}  {row.half_year}  {replayed.people}  {word}")
        if not all(replayed.equal for _row, replayed in found):
            raise Sentence(_("有评定结果与冻结的数据不符。"))


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

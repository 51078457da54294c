"""``figures``: what a street or the whole service did in a period, as a table or as JSON."""

import json
from datetime import datetime

import click

from volunteer_service import clock
from volunteer_service.cli import places
from volunteer_service.cli.shell import working
from volunteer_service.cli.table import say_table
from volunteer_service.cli.words import gettext as _
from volunteer_service.figures import counting
from volunteer_service.figures.counting import Count, Part
from volunteer_service.figures.figure import DIMENSIONS
from volunteer_service.figures.periods import Period
from volunteer_service.people.authorization.actor import Actor

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--since", type=_DAY, required=True, help="First local day.")
@click.option("--until", type=_DAY, required=True, help="Last local day; it counts.")
@click.option("--sub-district", "street", help="One sub-district; without it, all of them.")
@click.option("--by", type=click.Choice(DIMENSIONS), help="Into which parts.")
@click.option("--code", "codes", multiple=True, help="A figure by its code; without it, all.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def figures(
    since: datetime,
    until: datetime,
    street: str | None,
    by: str | None,
    codes: tuple[str, ...],
    as_json: bool,
) -> None:
    """Count what was done from one day to another, against the year before."""
    with working(write=False):
        area_id = places.named(street).id if street else None
        place = counting.place_of(Actor.system("cli"), area_id=area_id)
        period, now = Period(since.date(), until.date()), clock.now()
        found = counting.count(place, period, today=now, codes=codes or None)
        parts = counting.split(place, period, by, today=now, codes=codes or None) if by else []
        if as_json:
            click.echo(json.dumps(_document(period, found, parts), ensure_ascii=False, indent=1))
        else:
            _say(found, parts)


def _document(period: Period, found: list[Count], parts: list[Part]) -> dict[str, object]:
    return {
        "from": str(period.since),
        "to": str(period.until),
        "figures": {
            each.figure.code: {
                "name": each.figure.name.worded(_),
                "unit": each.figure.unit,
                "value": each.value,
                "before": each.before,
            }
            for each in found
        },
        "parts": [
            {"key": part.written_key, "name": part.name, "values": dict(part.values)}
            for part in parts
        ],
    }


def _say(found: list[Count], parts: list[Part]) -> None:
    rows = [(each.figure.name.worded(_), each.value, _past(each)) for each in found]
    say_table([(_("指标"), _("本期"), _("上年同期")), *rows])
    if parts:
        codes = list(parts[0].values)
        heads = [counting.BY_CODE[code].name.worded(_) for code in codes]
        lines = [(part.name or part.written_key or "-", *part.values.values()) for part in parts]
        click.echo("")
        say_table([("", *heads), *lines])


def _past(each: Count) -> int | str:
    return "-" if each.before is None else each.before


COMMANDS = (figures,)

"""Prints why a person has their stars, down to each scan."""

import click

from volunteer_service import settings
from volunteer_service.cli.table import say_table
from volunteer_service.cli.words import gettext as _
from volunteer_service.scoring.ratings.explanations import Behind, Why
from volunteer_service.web.shared import record_reasons, star_reasons, words


def say(why: Why) -> None:
    """Print person, stars and reasons, then the minutes by grade and each record."""
    result = why.said.result
    person, stars = result.volunteer, words.stars(result.stars or 0)
    click.echo(f"{person.number}  {person.name}  {result.round.half_year}  {stars}")
    for reason in why.said.reasons:
        click.echo(f"  {star_reasons.sentence(reason)}")
    click.echo(_("按第 %(version)s 版规则", version=why.said.policy.version))
    if not why.is_frozen:
        click.echo(_("这次评定没有冻结每条记录，以下是现在计入的记录。"))
    if why.records:
        say_table((record_reasons.GRADES[grade], minutes) for grade, minutes in why.by_grade)
    for each in why.records:
        _say_record(each)


def _say_record(each: Behind) -> None:
    record, zone = each.record, settings.current().zone
    changed = _("（冻结之后有更正）") if each.has_changed else ""
    grade = record_reasons.GRADES[each.frozen.grade]
    minutes = _("%(n)s 分钟", n=each.frozen.minutes)
    click.echo(f"{record.served_on}  {record.event_name}  {minutes}  {grade}{changed}")
    for scanned in each.scans:
        at = scanned.scan.scanned_at.astimezone(zone)
        kind = _("签到") if scanned.scan.kind == "in" else _("签退")
        how = scanned.ticked_by or record_reasons.source(scanned.scan.source)
        click.echo(f"    {at:%Y-%m-%d %H:%M:%S}  {kind}  {how}")

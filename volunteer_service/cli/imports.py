"""``import``: a street's workbooks in, and out again."""

import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from volunteer_service import clock
from volunteer_service.cli.import_counts import say_counts
from volunteer_service.cli.shell import BY, Sentence, opened, say_json
from volunteer_service.cli.words import gettext as _
from volunteer_service.db import db, transaction
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.workbooks import receiving, stored_files, whole_import
from volunteer_service.workbooks.asked_sheets import import_sheets
from volunteer_service.workbooks.asked_sheets.answers_in_advance import Answers
from volunteer_service.workbooks.asked_sheets.asked_rows import ANSWERS
from volunteer_service.workbooks.judging import alike_areas as alike
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.refusals import NoFiles
from volunteer_service.workbooks.taking_back import undo_forecasts, undoing
from volunteer_service.workbooks.taking_back.undoing import BUILT_UPON
from volunteer_service.workbooks.whole_import import workbooks_in

BAR = 40
_PLAIN = ("people", "records", "in_debt", "orders", "changes", "kept")


@click.command("import")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--sub-district", help="Where everything lands; default: as the workbooks say.")
@click.option("--dry-run", is_flag=True, help="Say only what would come in or go.")
@click.option(
    "--changes", "with_changes", is_flag=True, help="Agree to all that the lists say otherwise."
)
@click.option(
    "--answer",
    "kinds",
    multiple=True,
    metavar="SHEET=KIND",
    help="What a sheet is: areas, teams, volunteers, service_log, gifts, open_points, ... or none.",
)
@click.option(
    "--columns",
    "columns",
    multiple=True,
    metavar="SHEET:FIELD=HEADER",
    help="Which column of a sheet holds a field: its header, or its letter.",
)
@click.option("--hidden-rows", type=click.Choice(ANSWERS), help="Hidden rows; default: in.")
@click.option(
    "--struck-rows", type=click.Choice(ANSWERS), help="Rows struck through; they wait until said."
)
@click.option(
    "--alike-areas",
    "alike_areas",
    type=click.Choice(alike.ANSWERS),
    help="Names of areas that look like one place (1号楼, 1栋); their rows wait until said.",
)
@click.option("--undo", "undo_id", type=int, metavar="ID", help="Take import ID back whole.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with the counts.")
def import_(
    paths: tuple[Path, ...],
    sub_district: str | None,
    dry_run: bool,
    with_changes: bool,
    kinds: tuple[str, ...],
    columns: tuple[str, ...],
    hidden_rows: str | None,
    struck_rows: str | None,
    alike_areas: str | None,
    undo_id: int | None,
    as_json: bool,
) -> None:
    """Import workbooks (files or folders): areas, teams, roster, service log, gifts.

    The same workbooks again double nothing. Refused rows are counted by their reason. Answers about
    sheets and rows are kept for the street; a dry run keeps nothing.
    """
    if bool(paths) == (undo_id is not None):
        raise click.UsageError(_("请写要导入的文件或文件夹，或写 --undo ID。"))
    _check(paths)
    answers = Answers(
        hidden_rows,
        struck_rows,
        alike_areas,
        dict(map(_pair, kinds)),
        _columns(columns),
        not dry_run,
    )
    with opened():
        if undo_id is not None:
            _undo(undo_id, dry_run=dry_run)
            return
        bring = _preview if dry_run else partial(_bring_in, with_changes=with_changes)
        counts = bring(paths, sub_district, answers, BY)
        if as_json:
            say_json(counts)
            return
        row = db.session.scalars(select(Import).order_by(Import.id.desc()).limit(1)).one()
        say_counts(row.sub_district, row.counts | counts | _sheets(row))
        if (offered := sum(row.counts.get("changes", {}).values())) and not with_changes:
            click.echo(
                _("与名单不同的资料 %(n)s 处，没有改；要全部改，请加 --changes。", n=offered)
            )
        if not dry_run:
            click.echo(_("撤销这次导入：volunteer-service import --undo %(id)s", id=row.id))


def _undo(import_id: int, *, dry_run: bool) -> None:
    """Show what it takes from whom, then undo it; with --dry-run only show it."""
    with transaction(write=not dry_run):
        found = undo_forecasts.forecast(import_id, by=BY, at=clock.now())
        click.echo(
            _(
                "撤销导入 %(id)s：删除志愿者登记 %(people)s，撤回服务记录 %(records)s，"
                "撤回积分 %(points)s；%(in_debt)s 人会欠积分共 %(debt)s，"
                "%(orders)s 个待领订单失去积分来源；改回资料 %(changes)s 处，保留 %(kept)s 处。",
                id=import_id,
                **{name: getattr(found, name) for name in _PLAIN},
                points=f"{found.points / 100:,.2f}",
                debt=f"{found.debt / 100:,.2f}",
            )
        )
        _say_who_and_what(found)
        if dry_run:
            return
        undoing.undo(import_id, by=BY, at=clock.now())
    click.echo(_("导入 %(id)s 已撤销。", id=import_id))


def _say_who_and_what(found: undo_forecasts.Forecast) -> None:
    """Print what was changed since, and who loses most."""
    if found.changed_since:
        what = [f"{_(BUILT_UPON[table])} {n}" for table, n in found.changed_since.items()]
        click.echo(_("导入以后改过、会留下的：%(what)s", what="、".join(what)))
    for who in found.largest:
        points, debt = (f"{centi / 100:,.2f}" for centi in (who.points, who.debt))
        click.echo(
            _(
                "  %(name)s %(number)s：撤回 %(points)s，欠 %(debt)s，待领订单 %(orders)s",
                name=who.name,
                number=who.number,
                points=points,
                debt=debt,
                orders=who.orders,
            )
        )


def _pair(said: str) -> tuple[str, str]:
    name, sign, value = said.rpartition("=")
    if not (name and sign and value):
        raise Sentence(_("“%(said)s”要写成 名称=内容。", said=said))
    return name.strip(), value.strip()


def _columns(said: tuple[str, ...]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, header in map(_pair, said):
        sheet, sign, of_field = name.rpartition(":")
        if not (sheet and sign and of_field):
            raise Sentence(_("“%(said)s”要写成 工作表:项目=表头。", said=name))
        found.setdefault(sheet, {})[of_field] = header
    return found


def _bring_in(
    paths: tuple[Path, ...],
    sub_district: str | None,
    answers: Answers,
    by: Actor,
    *,
    with_changes: bool,
) -> dict[str, Any]:
    try:
        return whole_import.import_now(
            paths,
            sub_district=sub_district,
            with_changes=with_changes,
            answers=answers,
            by=by,
            at=clock.now(),
            progress=_show_progress,
        )
    finally:
        if sys.stderr.isatty():
            click.echo(err=True)


def _preview(
    paths: tuple[Path, ...], sub_district: str | None, answers: Answers, by: Actor
) -> dict[str, Any]:
    with transaction(), ExitStack() as stack:
        uploads = [
            stored_files.Upload(path.name, stack.enter_context(path.open("rb")))
            for path in workbooks_in(paths)
        ]
        row = receiving.preview(
            uploads, sub_district=sub_district, answers=answers, by=by, at=clock.now()
        )
        counts = row.counts | _sheets(row)
        undoing.discard(row.id, by=by, at=clock.now())
    return counts


def _sheets(row: Import) -> dict[str, Any]:
    return {"sheets": [one.told() for one in import_sheets.sheets(row.files)]}


def _show_progress(step: str, done: int, total: int) -> None:
    """Show a progress bar on a terminal; a log file gets none."""
    if not sys.stderr.isatty():
        return
    words = {"reading": _("读取"), "writing": _("写入")}
    full = BAR * done // total if total else 0
    bar = "#" * full + "-" * (BAR - full)
    click.echo(f"\r{words.get(step, step)} [{bar}] {done}\033[K", nl=False, err=True)


def _check(paths: tuple[Path, ...]) -> None:
    for path in paths:
        try:
            workbooks_in([path])
        except NoFiles:
            raise Sentence(
                _("%(folder)s 里没有可以导入的表格（.xlsx、.xls、.csv、.txt）。", folder=path)
            ) from None


COMMANDS = (import_,)

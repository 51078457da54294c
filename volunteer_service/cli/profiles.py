"""``profiles``: how the exports of other platforms are read, kept for a street."""

import json
import tomllib
from pathlib import Path
from typing import Any

import click

from volunteer_service import clock
from volunteer_service.cli.shell import Sentence, say_json, working
from volunteer_service.cli.words import gettext as _
from volunteer_service.workbooks.asked_sheets import sheet_memory
from volunteer_service.workbooks.judging.street_roots import root_called

#: A profile is a page of words.
_MOST_BYTES = 100_000


@click.group()
def profiles() -> None:
    """How the exports of other platforms are read: headers, codes, dates."""


@profiles.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sub-district", required=True, help="The street that keeps it.")
def import_(path: Path, sub_district: str) -> None:
    """Keep a profile (.toml or .json) for a street, in place of one with the same name."""
    data = _read(path)
    with working() as by:
        row = sheet_memory.keep_profile(_street(sub_district), data, by=by, at=clock.now())
        click.echo(_("已保存平台格式“%(name)s”。", name=row.words))


@profiles.command("export")
@click.argument("name")
@click.option("--sub-district", required=True, help="The street that keeps it.")
def export(name: str, sub_district: str) -> None:
    """Write a profile as JSON, for another street."""
    with working(write=False) as by:
        say_json(sheet_memory.profile_called(_street(sub_district), name, by=by))


def _street(name: str) -> int:
    found = root_called(name)
    if found is None:
        raise Sentence(_("没有街道“%(name)s”。", name=name))
    return found.id


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode()
        found = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError):
        raise Sentence(_("%(file)s 不是 TOML 或 JSON 文件。", file=path)) from None
    return found if isinstance(found, dict) else {}


COMMANDS = (profiles,)

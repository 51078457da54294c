"""``doctor``, ``seal`` and ``ledger export``: what an auditor asks of the points."""

from itertools import islice
from typing import TextIO

import click

from volunteer_service import clock, jobs
from volunteer_service.cli.shell import Sentence, working
from volunteer_service.cli.words import gettext as _
from volunteer_service.scoring.points import hledger_export, seals


@click.command()
def doctor() -> None:
    """Compute every stored figure again; exit 1 and name what differs."""
    with working(write=False):
        found = jobs.doctor()
        for each in found:
            click.echo(f"{each.subject}: {each.check}: {each.stored} != {each.computed}")
        if found:
            raise Sentence(_("有 %(n)s 处账目不符。", n=len(found)))
        click.echo(_("所有账目相符。"))


@click.command()
def seal() -> None:
    """Seal the ledger's newest entries and print the head of the chain."""
    with working():
        seals.seal(at=clock.now())
        click.echo(seals.head())


@click.group()
def ledger() -> None:
    """The points' journal."""


@ledger.command()
@click.argument("file", type=click.File("w", encoding="utf-8"), default="-")
def export(file: TextIO) -> None:
    """Write every entry as an hledger journal; check it with `hledger -f FILE check`."""
    with working(write=False):
        lines = iter(hledger_export.journal_export())
        while chunk := list(islice(lines, 1000)):
            file.write("\n".join(chunk) + "\n")


COMMANDS = (doctor, seal, ledger)

"""``doctor``, ``seal`` and ``ledger export``: what an auditor asks of the points."""

from itertools import islice
from typing import TextIO

import click

from volunteer_service import clock, jobs, settings
from volunteer_service.cli.shell import Sentence, working
from volunteer_service.cli.words import gettext as _
from volunteer_service.scoring.points import hledger_export, seals


@click.command()
@click.option("--head", help="A head printed on a day sheet: is it in the chain, what came since?")
def doctor(head: str | None) -> None:
    """Compute every stored figure again; exit 1 and name what differs."""
    with working(write=False):
        if head is not None:
            _say_since(head)
        found = jobs.doctor()
        for each in found:
            click.echo(f"{each.subject}: {each.check}: {each.stored} != {each.computed}")
        if found:
            raise Sentence(_("有 %(n)s 处账目不符。", n=len(found)))
        click.echo(_("所有账目相符。"))


def _say_since(head: str) -> None:
    since = seals.since(head)
    if since is None:
        raise Sentence(_("账本里没有这个封印：抄错了，或者账本被改过。"))
    facts = {
        "at": f"{since.sealed_at.astimezone(settings.current().zone):%Y-%m-%d %H:%M}",
        "upto": since.upto_id,
        "n": since.transfers,
        "points": f"{since.amount / 100:.2f}",
    }
    said = _(
        "账本里有这个封印，%(at)s 封到第 %(upto)s 笔；之后有 %(n)s 笔，合计 %(points)s 分。",
        **facts,
    )
    click.echo(said)


@click.command()
def seal() -> None:
    """Seal the ledger's newest entries and print the head of the chain."""
    with working():
        click.echo(seals.seal_everything(at=clock.now()))


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

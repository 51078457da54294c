"""``keys``: the operator rotates, revokes and lists the keys that sign papers."""

from datetime import datetime, time

import click

from volunteer_service import clock, settings
from volunteer_service.certificates import paper_keys
from volunteer_service.cli.shell import Sentence, say_json, working
from volunteer_service.cli.words import gettext as _

_what = click.argument("what", type=click.Choice(["papers"]))


@click.group()
def keys() -> None:
    """Keys that sign; papers are certificates."""


@keys.command()
@_what
def rotate(what: str) -> None:
    """Retire the key that signs papers and make the next; papers of before stay valid."""
    with working() as by:
        new = paper_keys.rotate(by=by, at=clock.now())
        click.echo(
            _("新密钥是第 %(number)s 号，公钥 %(key)s", number=new.id, key=new.public_key or "")
        )


@keys.command()
@_what
@click.argument("number", type=click.IntRange(1))
@click.option("--from", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day.")
@click.option("--reason", required=True, help="Kept in the journal and published.")
def revoke(what: str, number: int, day: datetime, reason: str) -> None:
    """Let nothing count that key NUMBER signed since that day: it was stolen, or may have been."""
    with working() as by:
        since = datetime.combine(day.date(), time(), settings.current().zone)
        paper_keys.revoke_key(number, since, reason=reason, by=by, at=clock.now())
        click.echo(_("第 %(number)s 号密钥从 %(day)s 起作废。", number=number, day=day.date()))


@keys.command()
@_what
def adopt(what: str) -> None:
    """Let papers verify again that an old SECRET_KEY signed, which is asked for."""
    old = click.prompt("SECRET_KEY", hide_input=True)
    with working() as by:
        papers = paper_keys.adopt_hmac(old, by=by, at=clock.now())
        if not papers:
            raise Sentence(_("没有证书是用这个密钥签的。"))
        click.echo(_("有 %(n)s 张证书可以查验了。", n=papers))


@keys.command("list")
@_what
def list_(what: str) -> None:
    """Print every public key as JSON: what `certificates verify --key FILE` reads."""
    with working(write=False):
        say_json(paper_keys.document())


COMMANDS = (keys,)

"""``db``: the schema up and down, where it stands, and whether it is what the code means."""

import click
from flask_babel import gettext as _

from volunteer_service import schema
from volunteer_service.cli.shell import Sentence, opened
from volunteer_service.db import db as database


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the schema up to REVISION (default: the newest)."""
    with opened(upgraded=False):
        schema.upgrade(database.engine, revision)
        click.echo(_("数据库结构已是 %(at)s。", at=schema.current(database.engine)))


@db.command()
@click.argument("revision")
@click.confirmation_option(prompt="Tables and what is in them may go. Go on?")
def downgrade(revision: str) -> None:
    """Take the schema down to REVISION; `base` drops every table."""
    with opened(upgraded=False):
        schema.downgrade(database.engine, revision)
        at = schema.current(database.engine) or "base"
        click.echo(_("数据库结构已是 %(at)s。", at=at))


@db.command()
def current() -> None:
    """Print the revision of the database and the newest one."""
    with opened(upgraded=False):
        at = schema.current(database.engine) or "base"
        click.echo(_("数据库：%(at)s；程序：%(head)s", at=at, head=schema.head()))


@db.command()
def check() -> None:
    """Exit 1 where the tables are not what the code means."""
    with opened():
        found = schema.differences(database.engine)
        for difference in found:
            click.echo(difference)
        if found:
            raise Sentence(_("数据库与程序有 %(n)s 处不同。", n=len(found)))
        click.echo(_("数据库与程序一致。"))


COMMANDS = (db,)

"""``db``: upgrades and downgrades the schema, and tells its revision and whether it matches the
code.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from alembic.util.exc import CommandError

from volunteer_service.cli.shell import Sentence, opened
from volunteer_service.cli.words import gettext as _
from volunteer_service.db import db as database
from volunteer_service.db import schema


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the schema up to REVISION (default: the newest)."""
    with opened(upgraded=False), _known(revision):
        schema.upgrade(database.engine, revision)
        click.echo(_("数据库结构已是 %(at)s。", at=schema.current(database.engine)))


@db.command()
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Go on without asking.")
def downgrade(revision: str, yes: bool) -> None:
    """Take the schema down to REVISION; `base` drops every table."""
    if not yes:
        click.confirm(_("表和其中的资料可能会被删除。继续吗？"), abort=True)
    with opened(upgraded=False), _known(revision):
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
    """Exit 1 where the tables differ from the models."""
    with opened():
        found = schema.differences(database.engine)
        for difference in found:
            click.echo(difference)
        if found:
            raise Sentence(_("数据库与程序有 %(n)s 处不同。", n=len(found)))
        click.echo(_("数据库与程序一致。"))


@contextmanager
def _known(revision: str) -> Iterator[None]:
    try:
        yield
    except CommandError:
        raise Sentence(
            _(
                "数据库结构没有版本“%(revision)s”，或不能从现在的版本到那里。"
                "现在的版本：volunteer-service db current",
                revision=revision,
            )
        ) from None


COMMANDS = (db,)

"""``demo``: the demo town, seeded once into an empty database."""

import click
from sqlalchemy import select

from volunteer_service import clock
from volunteer_service.cli.shell import Sentence, opened
from volunteer_service.cli.words import gettext as _
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Account


@click.command("demo")
def demo() -> None:
    """Seed the demo town into an empty database and print a sign-in for each role."""
    with opened():
        if not seed_when_empty():
            raise Sentence(_("数据库里已有账号；演示数据只能放进空数据库。"))
        say_sign_ins()


def seed_when_empty() -> bool:
    """Seed where nobody has an account yet; return False where somebody has."""
    # Only here and below: a production server never loads the demo town.
    from volunteer_service import demo as town

    with transaction():
        if db.session.scalar(select(Account.id).limit(1)) is not None:
            return False
        click.echo(_("正在准备演示数据……"), err=True)
        town.seed(clock.now())
    return True


def say_sign_ins() -> None:
    """Print one sign-in for each role."""
    from volunteer_service import demo as town

    for each in town.SIGN_INS:
        click.echo(f"  {each.role:<12} {each.login:<13} {each.name}  {_(each.sees)}")
    click.echo(_("密码都是：%(password)s", password=town.PASSWORD))


COMMANDS = (demo,)

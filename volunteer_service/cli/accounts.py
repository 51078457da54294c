"""``account``: the first accounts of an empty service, and help after a lost password."""

import click
from sqlalchemy import select

from volunteer_service import clock
from volunteer_service.areas import tree
from volunteer_service.areas.models import KINDS, Area
from volunteer_service.cli import places
from volunteer_service.cli.shell import BY, Sentence, working
from volunteer_service.cli.words import gettext as _
from volunteer_service.db import db
from volunteer_service.people.authentication import (
    account_people,
    accounts,
    second_factors,
    unlocking,
)
from volunteer_service.people.models import ROLES, Account
from volunteer_service.teams import role_grants
from volunteer_service.teams.models import Team

_password = click.password_option(
    help="Asked for when left out, so that it stays out of the shell's history."
)


@click.group()
def account() -> None:
    """Accounts and their roles."""


@account.command()
@click.argument("login")
@click.option("--name", help="Name shown on pages; default LOGIN.")
@click.option("--volunteer", help="The person's volunteer number.")
@click.option("--no-volunteer", is_flag=True, help="The person is no volunteer.")
@_password
def create(
    login: str, name: str | None, volunteer: str | None, no_volunteer: bool, password: str
) -> None:
    """Open an account for LOGIN; give it a role with `account grant`.

    Say who it is: --volunteer NUMBER, or --no-volunteer.
    """
    with working() as by:
        person = account_people.said_who(volunteer, no_volunteer, by=by)
        made = accounts.open_account(
            login, password, name=name, volunteer=person, by=by, at=clock.now()
        )
        click.echo(_("已开通账号：%(login)s", login=made.login))


@account.command()
@click.argument("login")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--sub-district", help="The sub-district; made when it is new.")
@click.option("--team", help="The team, for a leader.")
def grant(login: str, role: str, sub_district: str | None, team: str | None) -> None:
    """Give LOGIN a ROLE over a sub-district or a team."""
    if (sub_district is None) == (team is None):
        raise click.UsageError(_("--sub-district 和 --team 要写一个，且只写一个。"))
    with working() as by:
        role_grants.grant(
            _account(login).id,
            role,
            area_id=_sub_district(sub_district).id if sub_district else None,
            team_id=_team(team).id if team else None,
            by=by,
            at=clock.now(),
        )
        click.echo(_("已授予：%(login)s %(role)s", login=login, role=role))


@account.command()
@click.argument("login")
@click.argument("role", type=click.Choice(ROLES))
def revoke(login: str, role: str) -> None:
    """Take ROLE back from LOGIN, wherever it is held; an admin's too, where there is no other."""
    with working() as by:
        held = [each for each in _account(login).grants if each.role == role]
        if not held:
            raise Sentence(_("%(login)s 没有这个角色：%(role)s。", login=login, role=role))
        for each in held:
            role_grants.revoke_grant(each.id, by=by, at=clock.now())
        click.echo(_("已收回：%(login)s %(role)s", login=login, role=role))


@account.command()
@click.argument("login")
def disable(login: str) -> None:
    """End the sign-in of LOGIN at once, on every device."""
    with working() as by:
        accounts.disable(_account(login).id, by=by, at=clock.now())
        click.echo(_("已停用账号：%(login)s", login=login))


@account.command()
@click.argument("login")
def enable(login: str) -> None:
    """Let LOGIN sign in again."""
    with working() as by:
        accounts.enable(_account(login).id, by=by, at=clock.now())
        click.echo(_("已恢复账号：%(login)s", login=login))


@account.command("factor-off")
@click.argument("login")
def factor_off(login: str) -> None:
    """Take a lost second factor off LOGIN; every session of the account ends."""
    with working() as by:
        second_factors.take_off_factor(_account(login).id, by=by, at=clock.now())
        click.echo(_("已取下登录验证器：%(login)s", login=login))


@account.command()
@click.argument("login")
def unlock(login: str) -> None:
    """End the waiting of LOGIN after wrong passwords and codes."""
    with working() as by:
        unlocking.unlock(_account(login).id, by=by, at=clock.now())
        click.echo(_("已解除等待：%(login)s", login=login))


@account.command("password")
@click.argument("login")
@_password
def set_password(login: str, password: str) -> None:
    """Set a new password for LOGIN; every open session of the account ends."""
    with working() as by:
        accounts.set_password(_account(login).id, password, by=by, at=clock.now())
        click.echo(_("已设置新密码：%(login)s", login=login))


_why = click.option("--reason", required=True, help="Why; it is kept.")


@account.command()
@click.argument("login")
@click.argument("number")
@_why
def link(login: str, number: str, reason: str) -> None:
    """Say that LOGIN is the volunteer of NUMBER."""
    with working() as by:
        who = _account(login).id
        account_people.link(who, number, reason=reason, by=by, at=clock.now())
        click.echo(_("已关联：%(login)s %(number)s", login=login, number=number))


@account.command()
@click.argument("login")
@_why
def unlink(login: str, reason: str) -> None:
    """End the link of LOGIN to a volunteer."""
    with working() as by:
        account_people.ask_unlink(_account(login).id, reason=reason, by=by, at=clock.now())
        click.echo(_("已取消关联：%(login)s", login=login))


@account.command()
@click.argument("login")
def nobody(login: str) -> None:
    """Say that the person of LOGIN is no volunteer."""
    with working() as by:
        account_people.say_nobody(_account(login).id, by=by, at=clock.now())
        click.echo(_("已记下：%(login)s 不是志愿者", login=login))


@account.command("apart")
@click.argument("login")
@click.argument("number")
@_why
def tell_apart(login: str, number: str, reason: str) -> None:
    """Say that LOGIN and the volunteer of NUMBER, who have one name, are two people."""
    with working() as by:
        who, person = _account(login).id, account_people.named(number, by=by)
        account_people.tell_apart(who, person.id, reason=reason, by=by, at=clock.now())
        click.echo(_("已记下：%(login)s 和 %(number)s 不是同一人", login=login, number=number))


def _account(login: str) -> Account:
    found = db.session.scalars(select(Account).where(Account.login == login.lower())).one_or_none()
    if found is None:
        raise Sentence(_("没有账号“%(login)s”。", login=login))
    return found


def _sub_district(name: str) -> Area:
    return places.find(name) or tree.add(None, KINDS[0], name, by=BY, at=clock.now())


def _team(name: str) -> Team:
    found = db.session.scalars(select(Team).where(Team.name == name)).all()
    if not found:
        raise Sentence(_("没有叫“%(name)s”的队伍。", name=name))
    if len(found) > 1:
        raise Sentence(
            _("叫“%(name)s”的队伍有 %(n)s 支，请在网页上授予。", name=name, n=len(found))
        )
    return found[0]


COMMANDS = (account,)

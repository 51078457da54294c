"""The robot of a team's group chat: set from the address that the chat shows, changed, removed.

Each kind has one fixed host, so nobody can make the service connect to another machine. The address
is a secret: sealed, and shown by its last four characters.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select

from volunteer_service import db as database
from volunteer_service import journal
from volunteer_service.db import db
from volunteer_service.errors import NotFound, Refused
from volunteer_service.outbox import queueing
from volunteer_service.outbox.models import Delivery
from volunteer_service.outbox.sending import OwnAddress
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, need
from volunteer_service.people.messages import messages
from volunteer_service.teams import leading
from volunteer_service.teams.membership import need_open
from volunteer_service.teams.models import Team, TeamRobot

LONGEST_ADDRESS = 300
#: The most changes of one team in a day, because a new robot greets its group.
CHANGES_A_DAY = 5
_DAY = timedelta(days=1)
#: A robot that takes nothing for so long, while others are taken, is paused; after
#: :data:`LONGEST_WAIT` also if no other one was used.
PATIENCE = timedelta(hours=24)
LONGEST_WAIT = timedelta(days=3)
_SECRET = re.compile(r"[A-Za-z0-9-]{16,100}")


class NoRobotAddress(Refused):
    """The address is not that of a robot of WeCom, DingTalk or Feishu."""

    field = "address"
    message = (
        "这不是企业微信、钉钉或飞书群机器人的地址。"
        "请在群设置里添加机器人，把它的 Webhook 地址整个复制过来。"
    )


class TooManyRobotChanges(Refused):
    """The robot of a team was changed so often today that the next one waits until tomorrow."""

    status = 429
    message = "这支队伍的群机器人今天已经换过 %(most)s 次。请明天再换。"


def robot_of(team_id: int, *, by: Actor) -> TeamRobot | None:
    """Return the team's robot, for an actor who keeps its roster."""
    _kept(team_id, by)
    return _found(team_id)


def set_robot(team_id: int, address: str, *, by: Actor, at: datetime) -> TeamRobot:
    """Give the team a robot in place of the one before, or the same again, which ends its pause.

    It greets its group at once.
    """
    team = _kept(team_id, by, lock=True)
    need_open(team)
    kind, secret = read_address(address)
    _need_changes_left(team_id, at)
    row = _found(team_id) or TeamRobot(team_id=team_id)
    row.kind, row.secret, row.set_at = kind, secret, at
    row.failing_since = row.paused_at = None
    db.session.add(row)
    db.session.flush()
    greeting = {"team_robot": row.id, "is_greeting": True}
    queueing.queue_once(f"robot:{row.id}:{at.timestamp():.6f}", "robot", greeting, at=at)
    _record("set_robot", team, by, at, kind=kind)
    return row


def remove_robot(team_id: int, *, by: Actor, at: datetime) -> None:
    """Remove the robot; its group is told nothing any more."""
    team = _kept(team_id, by, lock=True)
    row = _found(team_id)
    if row is None:
        raise NotFound()
    _record("remove_robot", team, by, at, kind=row.kind)
    db.session.delete(row)
    db.session.flush()


def answered(
    delivery: Delivery, is_taken: bool, door_took_since: Callable[[datetime], bool], at: datetime
) -> OwnAddress | None:
    """Keep the health of a delivery's robot; return None if the delivery is for no team's robot.

    One that takes nothing for :data:`PATIENCE` while others are taken, or for :data:`LONGEST_WAIT`
    anyway, is paused by itself, and the team's leaders are told.
    """
    row = db.session.get(TeamRobot, delivery.facts.get("team_robot", 0))
    if row is None:
        return None
    if is_taken:
        row.failing_since = None
        return OwnAddress.WORKS
    row.failing_since = row.failing_since or at
    failing_for = at - row.failing_since
    is_own_fault = failing_for >= PATIENCE and door_took_since(row.failing_since)
    if row.paused_at is None and (is_own_fault or failing_for >= LONGEST_WAIT):
        _pause(row, at)
    return OwnAddress.PAUSED if row.paused_at else OwnAddress.FAILING


def _pause(row: TeamRobot, at: datetime) -> None:
    row.paused_at = at
    for account_id in leading.accounts_leading(row.team_id):
        messages.tell_account(account_id, "robot_paused", at=at, team=row.team.name)
    journal.record("teams.pause_robot", row.team, account_id=None, door="job", at=at, kind=row.kind)


def read_address(address: str) -> tuple[str, str]:
    """Return kind and secret of a robot's address, as the group chat shows it."""
    found = _parts(address.strip())
    if found is None or not _SECRET.fullmatch(found[1]):
        raise NoRobotAddress()
    return found


def _parts(address: str) -> tuple[str, str] | None:
    try:
        url = urlsplit(address)
        if len(address) > LONGEST_ADDRESS or url.scheme != "https" or url.port not in (None, 443):
            return None
    except ValueError:
        return None
    asked, path = parse_qs(url.query), url.path.rstrip("/")
    if (url.hostname, path) == ("qyapi.weixin.qq.com", "/cgi-bin/webhook/send"):
        return "wecom", asked.get("key", [""])[0]
    if (url.hostname, path) == ("oapi.dingtalk.com", "/robot/send"):
        return "dingtalk", asked.get("access_token", [""])[0]
    if url.hostname == "open.feishu.cn" and path.startswith("/open-apis/bot/v2/hook/"):
        return "feishu", path.rpartition("/")[2]
    return None


def _kept(team_id: int, by: Actor, *, lock: bool = False) -> Team:
    team = database.fetch(Team, team_id, lock=lock)
    need(by, Right.ROSTER_EDIT, area_path=team.area.path, team_id=team_id)
    return team


def _found(team_id: int) -> TeamRobot | None:
    return db.session.scalars(select(TeamRobot).where(TeamRobot.team_id == team_id)).one_or_none()


def _need_changes_left(team_id: int, at: datetime) -> None:
    changes = journal.count("teams.set_robot", Team.__tablename__, team_id, since=at - _DAY)
    if changes >= CHANGES_A_DAY:
        raise TooManyRobotChanges(most=CHANGES_A_DAY)


def _record(verb: str, team: Team, by: Actor, at: datetime, **facts: str) -> None:
    journal.record(f"teams.{verb}", team, account_id=by.account_id, door=by.door, at=at, **facts)

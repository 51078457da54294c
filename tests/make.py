"""The persons of the tests and their town: factories with keyword defaults.

李梅 leads the school-escort team, 王建国 is in it, 赵芳 is a stranger to it; 周静 coordinates the
sub-district, 钱伟 is the second person, 孙丽 stands at the reward desk, 吴敏 audits.
"""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import inspect

from volunteer_service import crypto
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.events.models import Event, Post, Shift, SignUp
from volunteer_service.people.authentication.sessions import actor_of
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account, Consent, Grant, Volunteer
from volunteer_service.teams.models import Membership, Team

#: A Saturday morning in the first half of 2026, 09:00 in Shanghai.
MORNING = datetime(2026, 5, 16, 1, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
#: The cheapest argon2 there is: the suite signs in hundreds of times.
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

_serial = count(1)


def begin_again(number: int = 1) -> None:
    """The next database's numbers are the same, whichever tests came before."""
    global _serial
    _serial = count(number)


def next_number() -> int:
    """A number that this database does not have yet."""
    return next(_serial)


def area(name: str = "市西街道", *, parent: Area | None = None, kind: str = "subdistrict") -> Area:
    """A place under ``parent``."""
    row = Area(name=name, parent_id=parent.id if parent else None, kind=kind, path="")
    db.session.add(row)
    db.session.flush()
    row.path = f"{parent.path if parent else '/'}{row.id}/"
    db.session.flush()
    return row


def team(name: str = "庆丰社区护学志愿服务队", *, area: Area, **fields: Any) -> Team:
    """A team of ``area``."""
    row = Team(name=name, area_id=area.id, recording_unit=f"{area.name}居民委员会", **fields)
    return _added(row)


def volunteer(name: str = "王建国", *, team: Team | None = None, **fields: Any) -> Volunteer:
    """A registered volunteer who consented, a member of ``team``."""
    n = next_number()
    phone = fields.pop("phone", f"1700000{n:04d}")
    row = Volunteer(
        number=fields.pop("number", f"T{n:07d}"),
        name=name,
        phone=phone,
        phone_key=crypto.vault().key_of(phone, "volunteer.phone"),
        phone_confirmed_at=fields.pop("phone_confirmed_at", MORNING),
        area_id=fields.pop("area_id", team.area_id if team else None),
        registered_on=fields.pop("registered_on", date(2024, 1, 1)),
        created_at=MORNING,
        **fields,
    )
    _added(row)
    db.session.add(Consent(volunteer_id=row.id, purpose="register", how="paper", given_at=MORNING))
    if team:
        db.session.add(Membership(team_id=team.id, volunteer_id=row.id, joined_at=MORNING))
    db.session.flush()
    return row


def account(
    login: str,
    name: str,
    *,
    role: str | None = None,
    area: Area | None = None,
    team: Team | None = None,
    volunteer: Volunteer | None = None,
) -> Account:
    """Somebody who can sign in with :data:`PASSWORD`."""
    row = Account(
        login=login,
        name=name,
        password_hash=_hashed(PASSWORD),
        volunteer_id=volunteer.id if volunteer else None,
        created_at=MORNING,
    )
    _added(row)
    if role:
        db.session.add(
            Grant(
                account_id=row.id,
                role=role,
                area_id=area.id if area else None,
                team_id=team.id if team else None,
            )
        )
        db.session.flush()
    return row


def event(
    *,
    team: Team,
    leader: Account,
    title: str = "庆丰小学门前护学",
    starts_at: datetime = MORNING,
    minutes: int = 120,
    capacity: int = 10,
    coefficient_centi: int = 100,
    state: str = "published",
    **fields: Any,
) -> Event:
    """A published event with one post and one shift as long as the event."""
    ends_at = starts_at + timedelta(minutes=minutes)
    row = Event(
        team_id=team.id,
        leader_id=leader.id,
        title=title,
        content="护送学生过马路",
        place="庆丰小学东门",
        starts_at=starts_at,
        ends_at=ends_at,
        state=state,
        code=f"TEST{next_number():04d}",
        created_at=starts_at - timedelta(days=7),
        **fields,
    )
    _added(row)
    post = _added(Post(event_id=row.id, name="护学岗", coefficient_centi=coefficient_centi))
    _added(
        Shift(
            event_id=row.id,
            post_id=post.id,
            starts_at=starts_at,
            ends_at=ends_at,
            capacity=capacity,
        )
    )
    db.session.refresh(row)
    return row


def sign_up(
    event: Event, volunteer: Volunteer, *, state: str = "confirmed", shift: Shift | None = None
) -> SignUp:
    """A place on the event's first shift, or on another."""
    shift = shift or event.shifts[0]
    return _added(
        SignUp(
            event_id=event.id,
            shift_id=shift.id,
            volunteer_id=volunteer.id,
            state=state,
            source="page",
            created_at=event.starts_at - timedelta(days=1),
        )
    )


@dataclass(frozen=True)
class Cast:
    """Ids of the town and its people; ``as_*`` give actors."""

    town: Area
    community: Area
    elsewhere: Area
    team: Team
    other_team: Team
    li_mei: Account
    wang: Volunteer
    wang_account: Account
    zhao: Volunteer
    zhao_account: Account
    coordinator: Account
    second: Account
    desk: Account
    auditor: Account
    admin: Account


def cast() -> Cast:
    """The whole cast in a town of two communities."""
    town = area()
    community = area("庆丰社区", parent=town, kind="community")
    elsewhere = area("渤海社区", parent=town, kind="community")
    ours = team(area=community)
    theirs = team("渤海社区助老志愿服务队", area=elsewhere)
    wang = volunteer("王建国", team=ours)
    zhao = volunteer("赵芳", team=theirs)
    li = volunteer("李梅", team=ours)
    return Cast(
        town=town,
        community=community,
        elsewhere=elsewhere,
        team=ours,
        other_team=theirs,
        li_mei=account("limei", "李梅", role="leader", team=ours, volunteer=li),
        wang=wang,
        wang_account=account("wang", "王建国", volunteer=wang),
        zhao=zhao,
        zhao_account=account("zhao", "赵芳", volunteer=zhao),
        coordinator=account("zhoujing", "周静", role="coordinator", area=town),
        second=account("qianwei", "钱伟", role="coordinator", area=town),
        desk=account("sunli", "孙丽", role="desk", area=town),
        auditor=account("wumin", "吴敏", role="auditor", area=town),
        admin=account("admin", "管理员", role="admin", area=town),
    )


def again(cast: Cast) -> Cast:
    """The same cast in another transaction."""
    rows = {each.name: getattr(cast, each.name) for each in fields(cast)}
    return Cast(**{name: db.session.get_one(type(row), _id(row)) for name, row in rows.items()})


def acting(account: Account, *, door: str = "page") -> Actor:
    """The actor that a session of ``account`` would be."""
    return actor_of(account, door=door)


def _id(row: Any) -> int:
    return int(inspect(row).identity[0])


@cache
def _hashed(password: str) -> str:
    return HASHER.hash(password)


def _added(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row

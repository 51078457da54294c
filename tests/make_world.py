"""Two streets with two teams each, a person in each, and one of everything of each person.

The person of the place ``o`` is the one who acts: 王建国, who holds one role after another, so
that «own» is asked of every role. What is secret about a person has words that stand nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from sqlalchemy import delete, select, update

from tests import make, make_doors
from tests.make import Cast
from tests.make_doors import Things
from volunteer_service.areas.models import Area
from volunteer_service.certificates import signing
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.identifiers.check_characters import volunteer_number
from volunteer_service.people.models import Account, Grant
from volunteer_service.scoring.rewards import pick_up_codes
from volunteer_service.scoring.rewards.models import Redemption
from volunteer_service.workbooks.models import Import

#: Whose thing a call names; the letters of every word of the table, in this order.
WHOSE = {
    "o": "one's own",
    "t": "somebody's of the same team",
    "s": "somebody's of another team of the same street",
    "f": "somebody's of another street",
    "n": "nobody's: no such thing",
}
#: The columns of the table. ``community`` coordinates the community that the team is of, the
#: other staff is the whole street's; ``admin`` is one street's and ``admin of all`` every street's,
#: and neither is a volunteer, so that nothing is their own.
ROLES = (
    "visitor",
    "volunteer",
    "leader",
    "desk",
    "auditor",
    "community",
    "coordinator",
    "admin",
    "admin of all",
)
_OF_THEIR_OWN = ("admin", "admin of all")
_HELD_AS = {"community": "coordinator"}
NOBODY = 987_654_321

_PEOPLE = {"o": "王建国", "t": "孟晓棠", "s": "傅云舒", "f": "殷若兰"}


@dataclass(frozen=True)
class Place:
    """Things of one person, and what only those with a right there may read."""

    things: Things
    #: The printed code of the certificate, and the code that is shown at the desk.
    verification: str
    pick_up: str
    #: Words by kind: ``name``, ``number``, ``contact``, ``draft``, ``dispute``, ...
    secrets: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class World:
    """The places by letter, the sign-in of each role, and over what each is held."""

    places: Mapping[str, Place]
    logins: Mapping[str, str]
    held: Mapping[str, dict[str, int]]

    def things(self, letter: str) -> Things:
        """What the parameters stand for; of ``n`` nothing exists."""
        return self.places[letter].things if letter in self.places else nobody()

    def act_as(self, role: str) -> Account:
        """Give the one who acts this role and no other."""
        query = select(Account).where(Account.login == self.logins[role])
        account = db.session.scalars(query).one()
        if role not in _OF_THEIR_OWN:
            db.session.execute(delete(Grant).where(Grant.account_id == account.id))
        if role in self.held:
            held = _HELD_AS.get(role, role)
            db.session.add(Grant(account_id=account.id, role=held, **self.held[role]))
        db.session.flush()
        return account


def nobody() -> Things:
    """Ids and codes that nothing has."""
    return Things(
        **{
            each.name: NOBODY if each.type is int else "NOSUCHTHING0"
            for each in fields(Things)
            if each.name not in ("answer", "door", "filename", "kind", "list_name", "step")
        },
        answer="",
        filename="nosuch.svg",
        kind="png",
        door="email",
        list_name="people",
        step="",
    )


def world() -> World:
    """Build it; inside a transaction."""
    here, there = _town("市西街道", ("庆丰社区", "渤海社区")), _town("城东街道", ("红旗社区",))
    near, far = here[0], there[0]
    beside = here[1]
    casts = {
        "o": near,
        "t": _with_person(near, "t"),
        "s": _with_person(beside, "s"),
        "f": _with_person(far, "f"),
    }
    for number, (letter, cast) in enumerate(casts.items()):
        cast.wang.name = cast.wang_account.name = _PEOPLE[letter]
        cast.wang.phone, cast.wang.identity = f"1705550{number}234", f"98010119900307{number}23X"
        cast.wang.number = volunteer_number(4711 + number)
    for letter, cast in casts.items():
        title = f"{_PEOPLE[letter]}的草稿活动"
        make.event(team=cast.team, leader=cast.li_mei, title=title, state="draft")
    db.session.flush()
    # A community is the town of its round, its gift and its day: so every place has its own.
    things = make_doors.things_of(list(casts.values()))
    places = {
        letter: _place(cast, found)
        for (letter, cast), found in zip(casts.items(), things, strict=True)
    }
    # An import that is there to be applied would begin a thread, with a connection of its own.
    db.session.execute(update(Import).values(state="applied", applied_at=make.MORNING))
    street = {"area_id": near.community.parent_id or 0}
    held = dict.fromkeys(("desk", "auditor", "coordinator"), street)
    held |= {"leader": {"team_id": near.team.id}, "community": {"area_id": near.community.id}}
    logins = dict.fromkeys(ROLES, near.wang_account.login)
    logins |= {"admin": near.admin.login, "admin of all": _admin_of_all(near, far)}
    return World(places, logins, held)


def _admin_of_all(*casts: Cast) -> str:
    """The sign-in of somebody who is admin of each street."""
    account = make.account("admin-of-all", "总管理员")
    for cast in casts:
        street = cast.community.parent_id
        db.session.add(Grant(account_id=account.id, role="admin", area_id=street))
    return account.login


def _place(cast: Cast, things: Things) -> Place:
    name = cast.wang.name
    paper = db.session.scalars(select(Certificate).where(Certificate.number == things.number)).one()
    code = pick_up_codes.code_of(db.session.get_one(Redemption, things.order_id))
    return Place(
        things,
        signing.token_of(paper.number, paper.signature),
        code,
        {
            "name": (name,),
            "number": (cast.wang.number,),
            "contact": (str(cast.wang.phone), str(cast.wang.identity)),
            "draft": (f"{name}的草稿活动",),
            "dispute": (f"{name}的工时少算了",),
            "words": (f"{name}迟到", f"{name}的星级不对"),
            "staff": (cast.coordinator.name,),
            "code": (code, things.number),
        },
    )


def _town(name: str, communities: tuple[str, ...]) -> list[Cast]:
    """A street: its staff, and a team with its leader in each community."""
    street = make.area(name)
    staff = {
        role: make.account(f"{role}{street.id}", f"{name}{role}", role=held, area=street)
        for role, held in (
            ("coordinator", "coordinator"),
            ("second", "coordinator"),
            ("desk", "desk"),
            ("auditor", "auditor"),
            ("admin", "admin"),
        )
    }
    return [_community(street, each, staff) for each in communities]


def _community(street: Area, name: str, staff: Mapping[str, Account]) -> Cast:
    area = make.area(name, parent=street, kind="community")
    team = make.team(f"{name}护学志愿服务队", area=area)
    people = {role: make.volunteer(f"{name}{role}", team=team) for role in ("wang", "li")}
    asks = make.volunteer(f"{name}申请人")
    serial = area.id
    return Cast(
        town=area,
        community=area,
        elsewhere=area,
        team=team,
        other_team=team,
        li_mei=make.account(
            f"leader{serial}", people["li"].name, role="leader", team=team, volunteer=people["li"]
        ),
        wang=people["wang"],
        wang_account=make.account(f"person{serial}", "", volunteer=people["wang"]),
        zhao=asks,
        zhao_account=make.account(f"asks{serial}", asks.name, volunteer=asks),
        **staff,
    )


def _with_person(cast: Cast, letter: str) -> Cast:
    """The same place with somebody else in the team."""
    person, asks = (
        make.volunteer(_PEOPLE[letter], team=cast.team),
        make.volunteer(f"{_PEOPLE[letter]}的邻居"),
    )
    return replace(
        cast,
        wang=person,
        wang_account=make.account(f"person-{letter}", person.name, volunteer=person),
        zhao=asks,
        zhao_account=make.account(f"asks-{letter}", asks.name, volunteer=asks),
    )

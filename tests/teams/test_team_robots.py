"""The robot of a team's group: set from the chat's address, sealed, told once a morning."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import make
from tests.make import MORNING, acting
from tests.signing import hidden, sign_in
from volunteer_service.attendance import staff_digest
from volunteer_service.db import db, transaction
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.journal import Entry
from volunteer_service.outbox import sending
from volunteer_service.outbox.letters import Letter, TakenLater
from volunteer_service.outbox.models import Delivery, DoorState
from volunteer_service.outbox.sending import Dropped, Office, OwnAddress
from volunteer_service.people.messages import stuck_deliveries
from volunteer_service.people.models import Message
from volunteer_service.teams import membership, team_robots
from volunteer_service.teams.membership import TeamClosed
from volunteer_service.teams.models import TeamRobot
from volunteer_service.web.shared import letters

ROBOT = "693a91f6-7abc-4bc4-97a0-0ec2dd5a1234"
WECOM = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={ROBOT}"
DAY = timedelta(days=1)


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


def letter_of(delivery: Delivery, at: datetime) -> Letter:
    found = letters.compose(delivery, at)
    assert isinstance(found, Letter)
    return found


def deliveries() -> list[Delivery]:
    return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


@pytest.mark.parametrize(
    ("address", "read"),
    [
        (WECOM, ("wecom", ROBOT)),
        (f"https://oapi.dingtalk.com/robot/send?access_token={ROBOT}", ("dingtalk", ROBOT)),
        (f" https://open.feishu.cn/open-apis/bot/v2/hook/{ROBOT} ", ("feishu", ROBOT)),
    ],
)
def test_the_address_of_each_chat_is_read(address: str, read: tuple[str, str]) -> None:
    assert team_robots.read_address(address) == read


@pytest.mark.parametrize(
    "address",
    [
        "",
        "wecombot://x",
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + ROBOT,
        "https://qyapi.weixin.qq.com.evil.cn/cgi-bin/webhook/send?key=" + ROBOT,
        "https://qyapi.weixin.qq.com@evil.cn/cgi-bin/webhook/send?key=" + ROBOT,
        "https://qyapi.weixin.qq.com:8080/cgi-bin/webhook/send?key=" + ROBOT,
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=short",
        "https://open.feishu.cn/open-apis/bot/v2/hook/../../../" + ROBOT + "/a?b",
        "https://open.feishu.cn/open-apis/bot/v2/hook/" + ROBOT + "@evil.cn",
        "https://[::1/cgi-bin/webhook/send",
        "https://10.0.0.1/robot/send?access_token=" + ROBOT,
    ],
)
def test_any_other_address_is_refused(address: str) -> None:
    with pytest.raises(team_robots.NoRobotAddress):
        team_robots.read_address(address)


def test_a_leader_sets_one_it_greets_and_tells_what_waits_once_a_morning(cast: make.Cast) -> None:
    by = acting(cast.li_mei)
    row = team_robots.set_robot(cast.team.id, WECOM, by=by, at=MORNING)
    [greeting] = deliveries()
    letter = letter_of(greeting, MORNING)
    assert letter.to == f"wecombot://{ROBOT}"
    assert cast.team.name in letter.text
    # Nothing waits: nothing is said.
    staff_digest.tell_waiting(at=MORNING)
    assert len(deliveries()) == 1
    membership.join(cast.team.id, by=acting(cast.zhao_account), at=MORNING)
    for _ in range(2):
        staff_digest.tell_waiting(at=MORNING + DAY)
    [_greeting, digest] = deliveries()
    assert digest.facts == {"records": 0, "disputes": 0, "joining": 1, "team_robot": row.id}
    said = letter_of(digest, MORNING + DAY)
    assert "想加入队伍的 1 人" in said.text
    assert "赵芳" not in said.text
    team_robots.remove_robot(cast.team.id, by=by, at=MORNING + DAY)
    assert letters.compose(digest, MORNING + DAY) == Dropped("no_address")


def test_the_secret_is_sealed_and_stands_in_no_journal(cast: make.Cast) -> None:
    team_robots.set_robot(cast.team.id, WECOM, by=acting(cast.li_mei), at=MORNING)
    kept = db.session.execute(select(db.func.length(TeamRobot.__table__.c.secret))).scalar_one()
    assert kept > len(ROBOT)
    [entry] = db.session.scalars(select(Entry).where(Entry.verb == "teams.set_robot"))
    assert entry.facts == {"kind": "wecom"}
    assert ROBOT not in str([row.facts for row in deliveries()])


def test_strangers_readers_and_closed_teams_set_none(cast: make.Cast) -> None:
    for account, refusal in (
        (cast.wang_account, NotFound),
        (cast.auditor, NotAllowed),
    ):
        with pytest.raises(refusal):
            team_robots.set_robot(cast.team.id, WECOM, by=acting(account), at=MORNING)
        with pytest.raises(refusal):
            team_robots.robot_of(cast.team.id, by=acting(account))
    with pytest.raises(NotFound):
        team_robots.remove_robot(cast.team.id, by=acting(cast.li_mei), at=MORNING)
    cast.team.state = "closed"
    with pytest.raises(TeamClosed):
        team_robots.set_robot(cast.team.id, WECOM, by=acting(cast.li_mei), at=MORNING)


def test_so_many_changes_a_day(cast: make.Cast) -> None:
    by = acting(cast.li_mei)
    for _ in range(team_robots.CHANGES_A_DAY):
        team_robots.set_robot(cast.team.id, WECOM, by=by, at=MORNING)
    with pytest.raises(team_robots.TooManyRobotChanges):
        team_robots.set_robot(cast.team.id, WECOM, by=by, at=MORNING + DAY / 2)
    team_robots.set_robot(cast.team.id, WECOM, by=by, at=MORNING + DAY)
    assert db.session.query(TeamRobot).count() == 1


def test_the_page_shows_the_last_four_characters_and_never_the_address(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        team_id = make.cast().team.id
    sign_in(client, "limei")
    page = f"/teams/{team_id}/robot"
    assert client.post(page, data={"address": WECOM} | hidden(client, page)).status_code == 303
    bad = client.post(page, data={"address": f"x{WECOM}"} | hidden(client, page))
    assert bad.status_code == 422
    for said in (bad.get_data(as_text=True), client.get(page).get_data(as_text=True)):
        assert "…1234" in said
        assert ROBOT not in said
    assert client.post(f"{page}/remove", data=hidden(client, page)).status_code == 303
    assert "…1234" not in client.get(page).get_data(as_text=True)


class Group:
    """A door of robots: the group of one robot is gone, every other one takes what it gets."""

    def __init__(self, gone: str) -> None:
        self.gone, self.took = gone, []

    def send(self, letter: Letter) -> None:
        if letter.to.endswith(self.gone):
            raise TakenLater("robot_says_no")
        self.took.append(letter.to)


def sent(door: Group, at: datetime) -> None:
    """Send what is due at an instant, without waiting for its pauses."""
    with transaction():
        for row in deliveries():
            row.next_at = at
    office = Office(
        doors={"robot": door},
        compose=letters.compose,
        tell_paused=stuck_deliveries.tell_paused,
        own_address=team_robots.answered,
        now=lambda: at,
    )
    sending.send_due(office)


GONE = "793a91f6-7abc-4bc4-97a0-0ec2dd5a9999"


def two_robots(app: Flask) -> make.Cast:
    """The robot of the cast's team is gone; the other team's one works."""
    with app.app_context(), transaction():
        cast = make.cast()
        by = acting(cast.coordinator)
        team_robots.set_robot(cast.team.id, WECOM.replace(ROBOT, GONE), by=by, at=MORNING)
        team_robots.set_robot(cast.other_team.id, WECOM, by=by, at=MORNING)
    return cast


def test_a_robot_that_fails_is_paused_by_itself_and_its_leaders_are_told(app: Flask) -> None:
    cast, door = two_robots(app), Group(GONE)
    with app.app_context():
        sent(door, MORNING)
        assert door.took == [f"wecombot://{ROBOT}"]
        with transaction():
            here = make.again(cast)
            by = acting(here.coordinator)
            team_robots.set_robot(here.other_team.id, WECOM, by=by, at=MORNING + DAY / 2)
        sent(door, MORNING + timedelta(hours=23))
        with transaction(write=False):
            assert set(db.session.scalars(select(TeamRobot.paused_at))) == {None}
        sent(door, MORNING + DAY)
        with transaction(write=False):
            here = make.again(cast)
            paused = dict(db.session.execute(select(TeamRobot.team_id, TeamRobot.paused_at)).all())
            assert paused == {here.team.id: MORNING + DAY, here.other_team.id: None}
            told = select(Message.volunteer_id).where(Message.kind == "robot_paused")
            assert db.session.scalars(told).all() == [here.li_mei.volunteer_id]
            # The door goes on for everybody else.
            assert db.session.get_one(DoorState, "robot").paused_at is None
            assert {row.state for row in deliveries()} == {"sent", "dropped"}


def test_saving_the_address_again_ends_the_pause(cast: make.Cast) -> None:
    by = acting(cast.li_mei)
    row = team_robots.set_robot(cast.team.id, WECOM, by=by, at=MORNING)
    [greeting] = deliveries()
    assert team_robots.answered(greeting, False, lambda _at: False, MORNING) is OwnAddress.FAILING
    late = MORNING + team_robots.LONGEST_WAIT
    assert team_robots.answered(greeting, False, lambda _at: False, late) is OwnAddress.PAUSED
    membership.join(cast.team.id, by=acting(cast.zhao_account), at=late)
    staff_digest.tell_waiting(at=late)
    assert len(deliveries()) == 1
    assert letters.compose(greeting, late) == Dropped("no_address")
    team_robots.set_robot(cast.team.id, WECOM, by=by, at=late)
    assert (row.failing_since, row.paused_at) == (None, None)

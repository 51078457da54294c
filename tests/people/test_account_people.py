"""The person behind a staff account is stated when it is opened, or settled later by
somebody else.
"""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from tests import make
from tests.make import MORNING, Cast, acting
from volunteer_service import journal
from volunteer_service.db import db
from volunteer_service.errors import NotFound, Refused
from volunteer_service.people.authentication import account_people, accounts, one_time_codes
from volunteer_service.people.authentication.account_findings import AccountFinding
from volunteer_service.people.authentication.account_people import (
    LinkedAlready,
    NoSuchVolunteer,
    NotLinked,
    SayWhose,
)
from volunteer_service.people.authentication.accounts import HasAccount
from volunteer_service.people.authorization import conflicts, namesakes
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.models import Account, Message, Volunteer
from volunteer_service.people.registrations.registration_state import RegistrationEnded
from volunteer_service.scoring.points import adjustments
from volunteer_service.scoring.points.models import Adjustment
from volunteer_service.teams import role_grants

SYSTEM = Actor.system("cli")
WHY = "看过身份证"


@pytest.fixture
def cast(session: None) -> Cast:
    return make.cast()


@pytest.fixture
def zhou(cast: Cast) -> Volunteer:
    """周静, the coordinator, is a volunteer too; nobody said so of her account."""
    return make.volunteer("周静", team=cast.team)


def unsettled() -> list[str]:
    return list(db.session.scalars(select(Account.login).where(namesakes.is_unsettled())))


def findings() -> list[tuple[str, int | None, str | None, str]]:
    rows = db.session.scalars(select(AccountFinding).order_by(AccountFinding.id))
    return [(row.finding, row.volunteer_id, row.reason, row.state) for row in rows]


def acts(verb: str) -> list[int | None]:
    query = select(journal.Entry.account_id).where(journal.Entry.verb == f"people.{verb}")
    return list(db.session.scalars(query))


def opened(cast: Cast, number: str | None, is_nobody: bool) -> Account:
    by = acting(cast.admin)
    who = {"number": number, "is_nobody": is_nobody}
    return one_time_codes.open_staff("new", "新来的", **who, by=by, at=MORNING)[0]


# Opening


@pytest.mark.parametrize(("number", "is_nobody"), [(None, False), ("", False), (" ", False)])
def test_whoever_opens_an_account_says_who_it_is(
    cast: Cast, number: str | None, is_nobody: bool
) -> None:
    with pytest.raises(SayWhose):
        opened(cast, number, is_nobody)
    assert db.session.scalar(select(Account.id).where(Account.login == "new")) is None


def test_a_number_and_nobody_at_once_is_neither(cast: Cast, zhou: Volunteer) -> None:
    with pytest.raises(SayWhose):
        opened(cast, zhou.number, True)


def test_the_verb_itself_cannot_be_called_without_saying_it(cast: Cast) -> None:
    with pytest.raises(TypeError, match="volunteer"):
        accounts.open_account("new", "a new long password", by=SYSTEM, at=MORNING)  # type: ignore[call-arg]


def test_opened_for_a_volunteer_it_is_theirs(cast: Cast, zhou: Volunteer) -> None:
    account = opened(cast, zhou.number, False)
    assert (account.volunteer_id, account.name) == (zhou.id, "新来的")
    assert findings() == []


def test_opened_for_nobody_that_is_kept(cast: Cast) -> None:
    account = opened(cast, None, True)
    assert account.volunteer_id is None
    assert findings() == [("nobody", None, None, "done")]
    assert acts("open_account") == [cast.admin.id]


def test_a_volunteer_s_account_is_not_opened_twice(cast: Cast) -> None:
    with pytest.raises(HasAccount) as refused:
        opened(cast, cast.wang.number, False)
    assert "wang" in str(refused.value)
    assert db.session.scalar(select(Account.id).where(Account.login == "new")) is None


def test_only_volunteers_in_one_s_care_and_registered_ones(cast: Cast, zhou: Volunteer) -> None:
    other = make.volunteer("远方", area_id=make.area("别的街道").id)
    for number in (other.number, "T9999999"):
        with pytest.raises(NoSuchVolunteer):
            opened(cast, number, False)
    zhou.state = "left"
    with pytest.raises(RegistrationEnded):
        opened(cast, zhou.number, False)


# An equal name


def test_who_is_not_linked_decides_nothing_about_a_namesake(cast: Cast, zhou: Volunteer) -> None:
    by = acting(cast.coordinator)
    with pytest.raises(SecondPersonNeeded, match="同名：周静") as refused:
        adjustments.adjust(zhou.id, 5_000, "补", by=by, at=MORNING)
    assert "周静。" not in str(refused.value).split("可以办理的人")[1]
    assert db.session.scalars(select(Adjustment)).all() == []
    # Others decide, and she decides about others.
    adjustments.adjust(zhou.id, 100, "补", by=acting(cast.second), at=MORNING)
    adjustments.adjust(cast.wang.id, 100, "补", by=by, at=MORNING)
    assert zhou.id in conflicts.reasons(by, [zhou.id, cast.wang.id], at=MORNING)


def test_an_account_opened_as_nobody_s_is_tied_by_its_name_too(cast: Cast, zhou: Volunteer) -> None:
    account_people.say_nobody(cast.coordinator.id, by=acting(cast.admin), at=MORNING)
    with pytest.raises(SecondPersonNeeded, match="同名"):
        adjustments.adjust(zhou.id, 100, "补", by=acting(cast.coordinator), at=MORNING)


def test_a_namesake_is_no_second_person(cast: Cast, zhou: Volunteer) -> None:
    """Either way round: the account of the volunteer, and the account of staff."""
    own = make.account("zj", "周静", role="coordinator", area=cast.town, volunteer=zhou)
    for first, second in ((cast.coordinator, own), (own, cast.coordinator)):
        row = adjustments.adjust(cast.wang.id, 90_000, "补", by=acting(first), at=MORNING)
        with pytest.raises(SecondPersonNeeded, match="同名：周静"):
            adjustments.decide_adjustment(row.id, approve=True, by=acting(second), at=MORNING)
        assert row.state == "waiting"


def test_two_accounts_of_one_name_are_no_two_people(cast: Cast) -> None:
    twin = make.account("zj2", "周静", role="coordinator", area=cast.town)
    row = adjustments.adjust(cast.wang.id, 90_000, "补", by=acting(cast.coordinator), at=MORNING)
    with pytest.raises(SecondPersonNeeded, match="同名：周静"):
        adjustments.decide_adjustment(row.id, approve=True, by=acting(twin), at=MORNING)
    account_people.tell_apart(
        twin.id, other_account_id=cast.coordinator.id, reason=WHY, by=acting(cast.admin), at=MORNING
    )
    adjustments.decide_adjustment(row.id, approve=True, by=acting(twin), at=MORNING)
    assert row.state == "done"


def test_nor_an_account_whose_role_a_namesake_gave(cast: Cast, zhou: Volunteer) -> None:
    friend = make.account("bao", "包")
    db.session.add(make.Grant(account_id=friend.id, role="coordinator", area_id=cast.town.id))
    db.session.flush()
    journal.record(
        "people.reset_password",
        friend,
        account_id=cast.coordinator.id,
        door="page",
        at=MORNING,
    )
    with pytest.raises(SecondPersonNeeded, match="同名：周静"):
        adjustments.adjust(zhou.id, 100, "补", by=acting(friend), at=MORNING)


def test_two_linked_namesakes_are_two_people(cast: Cast, zhou: Volunteer) -> None:
    cast.coordinator.volunteer_id = make.volunteer("周静", team=cast.team).id
    db.session.flush()
    adjustments.adjust(zhou.id, 100, "补", by=acting(cast.coordinator), at=MORNING)


# Telling apart


def test_a_third_person_tells_namesakes_apart(cast: Cast, zhou: Volunteer) -> None:
    account_people.tell_apart(
        cast.coordinator.id, zhou.id, reason=WHY, by=acting(cast.admin), at=MORNING
    )
    assert findings() == [("another", zhou.id, WHY, "done")]
    assert acts("tell_apart") == [cast.admin.id]
    adjustments.adjust(zhou.id, 100, "补", by=acting(cast.coordinator), at=MORNING)
    # Of the next one of that name nobody has said it.
    late = make.volunteer("周静", team=cast.team)
    shown = account_people.standing(cast.coordinator, by=acting(cast.admin), at=MORNING)
    assert [each.id for each in shown.namesakes] == [late.id]
    with pytest.raises(SecondPersonNeeded):
        adjustments.adjust(late.id, 100, "补", by=acting(cast.coordinator), at=MORNING)


def test_nobody_tells_themself_apart(cast: Cast, zhou: Volunteer) -> None:
    admin = make.volunteer("管理员", team=cast.team)
    about = (
        lambda by: account_people.tell_apart(
            cast.admin.id, admin.id, reason=WHY, by=by, at=MORNING
        ),
        lambda by: account_people.say_nobody(cast.admin.id, by=by, at=MORNING),
        lambda by: account_people.link(cast.admin.id, admin.number, reason=WHY, by=by, at=MORNING),
        lambda by: account_people.ask_unlink(cast.admin.id, reason=WHY, by=by, at=MORNING),
    )
    for verb in about:
        with pytest.raises(OwnCase):
            verb(acting(cast.admin))
    # Nor by a second account that names no volunteer.
    twin = make.account("admin2", "管理员", role="admin", area=cast.town)
    with pytest.raises(SecondPersonNeeded, match="同名：管理员"):
        about[0](acting(twin))
    assert findings() == []


def test_nor_does_who_may_be_the_same_person_by_name(cast: Cast) -> None:
    """A second account of one name is settled by somebody else: a wrong link would end the tie."""
    by = acting(make.account("admin2", "周静", role="admin", area=cast.town))
    stranger, mine = make.volunteer("别人", team=cast.team), cast.coordinator.id
    verbs: list[Callable[[], object]] = [
        lambda: account_people.link(mine, stranger.number, reason=WHY, by=by, at=MORNING),
        lambda: account_people.say_nobody(mine, by=by, at=MORNING),
        lambda: account_people.tell_apart(mine, stranger.id, reason=WHY, by=by, at=MORNING),
        lambda: role_grants.grant(mine, "desk", area_id=cast.town.id, by=by, at=MORNING),
        lambda: one_time_codes.issue_code(mine, by=by, at=MORNING),
    ]
    for verb in verbs:
        with pytest.raises(SecondPersonNeeded, match="同名：周静"):
            verb()
    assert (findings(), cast.coordinator.volunteer_id) == ([], None)
    held = select(make.Grant.role).where(make.Grant.account_id == mine)
    assert db.session.scalars(held).all() == ["coordinator"]
    account_people.link(mine, stranger.number, reason=WHY, by=acting(cast.admin), at=MORNING)
    assert cast.coordinator.volunteer_id == stranger.id


def test_nor_who_is_the_volunteer_of_that_name(cast: Cast, zhou: Volunteer) -> None:
    """The known account of 周静 gives no role to the one of which nobody said whose it is."""
    by = acting(make.account("zj", "周静", role="admin", area=cast.town, volunteer=zhou))
    with pytest.raises(SecondPersonNeeded, match="同名：周静"):
        role_grants.grant(cast.coordinator.id, "desk", area_id=cast.town.id, by=by, at=MORNING)
    stranger = make.volunteer("别人", team=cast.team)
    with pytest.raises(SecondPersonNeeded, match="同名：周静"):
        account_people.link(cast.coordinator.id, stranger.number, reason=WHY, by=by, at=MORNING)
    assert findings() == []


@pytest.mark.parametrize("who", ["coordinator", "second", "desk", "auditor"])
def test_only_an_admin_says_who_it_is(cast: Cast, zhou: Volunteer, who: str) -> None:
    by = acting(getattr(cast, who))
    target = cast.coordinator.id if who != "coordinator" else cast.second.id
    tries: list[Callable[[], object]] = [
        lambda: account_people.link(target, zhou.number, reason=WHY, by=by, at=MORNING),
        lambda: account_people.say_nobody(target, by=by, at=MORNING),
        lambda: account_people.tell_apart(target, zhou.id, reason=WHY, by=by, at=MORNING),
        lambda: account_people.ask_unlink(target, reason=WHY, by=by, at=MORNING),
        lambda: account_people.decide_unlink(target, approve=True, by=by, at=MORNING),
    ]
    for verb in tries:
        with pytest.raises(NotFound):
            verb()
    assert findings() == []


def test_an_admin_of_another_street_reaches_nobody(cast: Cast, zhou: Volunteer) -> None:
    street = make.area("别的街道")
    by = acting(make.account("far", "远", role="admin", area=street))
    mine = make.account("near", "周静", role="desk", area=street)
    with pytest.raises(NotFound):
        account_people.tell_apart(mine.id, zhou.id, reason=WHY, by=by, at=MORNING)
    with pytest.raises(NoSuchVolunteer):
        account_people.link(mine.id, zhou.number, reason=WHY, by=by, at=MORNING)
    with pytest.raises(NotFound):
        account_people.say_nobody(cast.coordinator.id, by=by, at=MORNING)
    assert account_people.standing(mine, by=by, at=MORNING).namesakes == []


# Linking


def test_linking_is_told_kept_and_ends_sessions(cast: Cast, zhou: Volunteer) -> None:
    epoch = cast.coordinator.epoch
    account_people.link(
        cast.coordinator.id, zhou.number, reason=WHY, by=acting(cast.admin), at=MORNING
    )
    assert cast.coordinator.volunteer_id == zhou.id
    assert cast.coordinator.epoch > epoch
    assert findings() == [("linked", zhou.id, WHY, "done")]
    assert acts("link") == [cast.admin.id]
    told = db.session.scalars(select(Message)).one()
    assert (told.volunteer_id, told.kind) == (zhou.id, "account_linked")
    with pytest.raises(OwnCase):
        adjustments.adjust(zhou.id, 100, "补", by=acting(cast.coordinator), at=MORNING)


def test_whose_account_exists_gets_the_role_there(cast: Cast) -> None:
    with pytest.raises(HasAccount, match="wang"):
        account_people.link(
            cast.coordinator.id, cast.wang.number, reason=WHY, by=acting(cast.admin), at=MORNING
        )
    assert cast.coordinator.volunteer_id is None


def test_a_linked_account_is_not_linked_anew_nor_nobody_s(cast: Cast, zhou: Volunteer) -> None:
    by, other = acting(cast.admin), make.volunteer("别人", team=cast.team)
    account_people.link(cast.coordinator.id, zhou.number, reason=WHY, by=by, at=MORNING)
    with pytest.raises(LinkedAlready):
        account_people.link(cast.coordinator.id, other.number, reason=WHY, by=by, at=MORNING)
    with pytest.raises(LinkedAlready):
        account_people.say_nobody(cast.coordinator.id, by=by, at=MORNING)
    with pytest.raises(LinkedAlready):
        account_people.tell_apart(cast.coordinator.id, other.id, reason=WHY, by=by, at=MORNING)
    assert len(findings()) == 1


# Ending a link


def test_ending_a_link_takes_two_people(cast: Cast, zhou: Volunteer) -> None:
    by, account = acting(cast.admin), cast.coordinator
    third = make.account("third", "第三人", role="admin", area=cast.town)
    account_people.link(account.id, zhou.number, reason=WHY, by=by, at=MORNING)
    row = account_people.ask_unlink(account.id, reason="认错了人", by=by, at=MORNING)
    assert (row.state, account.volunteer_id) == ("waiting", zhou.id)
    with pytest.raises(NotLinked):
        account_people.ask_unlink(account.id, reason="认错了人", by=by, at=MORNING)
    with pytest.raises(SecondPersonNeeded):
        account_people.decide_unlink(account.id, approve=True, by=by, at=MORNING)
    assert account.volunteer_id == zhou.id
    account_people.decide_unlink(account.id, approve=True, by=acting(third), at=MORNING)
    assert (row.state, row.decided_by_id, account.volunteer_id) == ("done", third.id, None)
    assert unsettled().count(account.login) == 1
    sent = db.session.scalars(select(Message).order_by(Message.id))
    assert [(each.kind, each.account_id) for each in sent] == [
        ("account_linked", None),
        ("account_unlinked", None),
        ("unlink_answered", cast.admin.id),
    ]
    with pytest.raises(NotLinked):
        account_people.decide_unlink(account.id, approve=True, by=acting(third), at=MORNING)


def test_who_asked_takes_it_back(cast: Cast, zhou: Volunteer) -> None:
    by, account = acting(cast.admin), cast.coordinator
    account_people.link(account.id, zhou.number, reason=WHY, by=by, at=MORNING)
    row = account_people.ask_unlink(account.id, reason="认错了人", by=by, at=MORNING)
    account_people.decide_unlink(account.id, approve=False, by=by, at=MORNING)
    assert (row.state, account.volunteer_id) == ("refused", zhou.id)
    assert account_people.standing(account, by=by, at=MORNING).ending is None


def test_the_operator_ends_it_alone(cast: Cast, zhou: Volunteer) -> None:
    account_people.link(cast.coordinator.id, zhou.number, reason=WHY, by=SYSTEM, at=MORNING)
    account_people.ask_unlink(cast.coordinator.id, reason="认错了人", by=SYSTEM, at=MORNING)
    assert cast.coordinator.volunteer_id is None
    assert acts("ask_unlink") == [None]


def test_a_volunteer_s_own_account_stays_theirs(cast: Cast) -> None:
    with pytest.raises(Refused, match="志愿者本人的账号"):
        account_people.ask_unlink(
            cast.wang_account.id, reason="认错了人", by=acting(cast.admin), at=MORNING
        )
    assert cast.wang_account.volunteer_id == cast.wang.id


# Old databases


def test_unsettled_accounts_work_and_are_listed(cast: Cast) -> None:
    names = {"zhoujing", "admin"} | {cast.second.login, cast.desk.login, cast.auditor.login}
    assert set(unsettled()) == names
    account_people.say_nobody(cast.second.id, by=acting(cast.admin), at=MORNING)
    account_people.say_nobody(cast.second.id, by=acting(cast.admin), at=MORNING)
    assert set(unsettled()) == names - {cast.second.login}
    assert findings() == [("nobody", None, None, "done")]

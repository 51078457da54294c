"""An equal name is a tie however people and keyboards spell it."""

import pytest

from tests import make
from tests.make import MORNING, Cast, acting
from volunteer_service.people.authentication import account_people
from volunteer_service.people.authorization.conflicts import SecondPersonNeeded
from volunteer_service.scoring.points import adjustments


@pytest.fixture
def cast(session: None) -> Cast:
    return make.cast()


#: One name as people and keyboards spell it.
SPELLED = [
    ("李梅", "李 梅"),
    ("买买提·吐尔逊", "买买提•吐尔逊"),
    ("买买提·吐尔逊", "买买提吐尔逊"),
    ("Anna Wu", "ＡＮＮＡ　ＷＵ"),
    ("单雄信", "单雄信"),
]


@pytest.mark.parametrize(("one", "other"), SPELLED)
def test_a_name_is_one_however_it_is_spelled(cast: Cast, one: str, other: str) -> None:
    for name, spelled in ((one, other), (other, one)):
        person = make.volunteer(name, team=cast.team)
        account = make.account(f"c{person.id}", spelled, role="coordinator", area=cast.town)
        by = acting(account)
        with pytest.raises(SecondPersonNeeded, match="同名"):
            adjustments.adjust(person.id, 100, "补", by=by, at=MORNING)
        shown = account_people.standing(account, by=acting(cast.admin), at=MORNING)
        assert person.id in [each.id for each in shown.namesakes]
        twin = make.account(f"t{person.id}", name, role="coordinator", area=cast.town)
        shown = account_people.standing(twin, by=acting(cast.admin), at=MORNING)
        assert account.id in [each.id for each in shown.other_accounts]
        row = adjustments.adjust(cast.wang.id, 90_000, "补", by=by, at=MORNING)
        with pytest.raises(SecondPersonNeeded, match="同名"):
            adjustments.decide_adjustment(row.id, approve=True, by=acting(twin), at=MORNING)
        adjustments.decide_adjustment(
            row.id, approve=False, by=acting(cast.coordinator), at=MORNING
        )


def test_another_name_of_the_same_sound_is_no_tie(cast: Cast) -> None:
    """The search key of a name is its pinyin too: what is compared are the letters."""
    person = make.volunteer("李梅", team=cast.team)
    for login, name in (("latin", "Limei"), ("sound", "李美")):
        account = make.account(login, name, role="coordinator", area=cast.town)
        adjustments.adjust(person.id, 100, "补", by=acting(account), at=MORNING)

"""One field finds a person however the other one writes: scripts, words before numbers, codes."""

import pytest
from sqlalchemy import select

from tests import make, make_points
from tests.make_points import FRIDAY
from volunteer_service.db import db
from volunteer_service.people.models import Volunteer
from volunteer_service.people.search import people_lists, person_search
from volunteer_service.scoring.rewards import orders


@pytest.fixture
def town(session):
    """Names as identity cards write them, one of Hong Kong among them."""
    names = ("单雄信", "曾国强", "欧阳娜娜", "买买提·吐尔逊", "劉華", "张伟", "Bruno Li")
    for n, name in enumerate(names, 1):
        make.volunteer(name, phone=f"1391111{n + 60:04d}", number=f"00000000{n}{n}")
    make.volunteer("赵芳", phone="13800130003", number="0000000426")


def found(text):
    query = select(Volunteer.name).where(*person_search.by_text(text))
    return set(db.session.scalars(query))


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("趙芳", "赵芳"),
        ("趙芳 0003", "赵芳"),
        ("單雄信", "单雄信"),
        ("曾國強", "曾国强"),
        ("歐陽娜娜", "欧阳娜娜"),
        ("歐陽", "欧阳娜娜"),
        ("買買提·吐爾遜", "买买提·吐尔逊"),
        ("吐爾遜", "买买提·吐尔逊"),
        ("刘华", "劉華"),
        ("劉华", "劉華"),
        ("liuhua", "劉華"),
        ("張偉", "张伟"),
    ],
)
def test_the_other_characters_mean_the_same_name(town, text, who):
    assert found(text) == {who}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "尾号0003",
            "尾号 0003",
            "手机尾号：0003",
            "赵芳 尾号0003",
            "后四位0003",
            "手机13800130003",
        ),
        *("No.0000000426", "№ 0000000426", "NO 0000000426", "编号0000000426", "志愿者编号 426"),
        *("0086 13800130003", "008613800130003", "(+86)138 0013 0003", "０0８６ 138-0013-0003"),
    ],
)
def test_a_word_before_a_number_says_what_it_is(town, text):
    assert found(text) == {"赵芳"}


def test_a_name_that_ends_like_such_a_word_stays_a_name(town):
    assert found("bruno 0067") == {"Bruno Li"}


def test_an_order_s_code_finds_whose_it_is_at_every_door(session):
    cast = make.cast()
    make_points.earned(cast.wang, 500)
    gift = make_points.gift(cast)
    _order, code = orders.order(
        gift.id, 1, cast.wang.id, stars=0, by=make.acting(cast.wang_account), at=FRIDAY
    )
    by = make.acting(cast.coordinator)
    for text in (f"取货码：{code}", code, code.lower(), f"HTTPS://HOST.EXAMPLE/DESK?CODE={code}"):
        page = people_lists.volunteers(by=by, q=text)
        assert [row.id for row in page.items] == [cast.wang.id], text
    # Whoever may not see the person finds nobody by it.
    assert people_lists.volunteers(by=make.acting(cast.zhao_account), q=code).items == []

"""One field finds a person: by every way somebody types a name, number or phone."""

import pytest
from sqlalchemy import select

from tests import make
from volunteer_service.db import db
from volunteer_service.identifiers import typed_text
from volunteer_service.people.models import SearchKey, Volunteer
from volunteer_service.people.search import people_lists, person_search

ZHAO_PHONE = "13800130003"


@pytest.fixture
def town(session):
    """赵芳 and others whose names are said or written in several ways."""
    names = ["买买提·吐尔逊", "单小明", "曾芳", "解晓东", "仇英", "吕乐", "Aygül Tursun", "赵方"]
    people = {
        name: make.volunteer(name, phone=f"1391111{n:04d}", number=f"K{n}")
        for n, name in enumerate(names, 5000)
    }
    people["赵芳"] = make.volunteer("赵芳", phone=ZHAO_PHONE, number="0000000426")
    return people


def found(text):
    query = select(Volunteer.name).where(*person_search.by_text(text))
    return set(db.session.scalars(query.order_by(Volunteer.name_order)))


@pytest.mark.parametrize(
    "text",
    [
        "赵芳",
        " 赵 芳 ",
        "0000000426",
        "０００００００４２６",
        "000 000 042-6",
        "426",
        "13800130003",
        "+86 138-0013-0003",
        "138 0013 0003",
        "０００３ 赵芳",
        "130003",
        "赵芳 0003",
        "赵芳0003",
        "zhaofang 0003",
        "ZF 0003",
        "zf0003",
        "ｚｆ　０００３",
        "芳 0426",
        "志愿者编号：0000000426",
        "姓名：赵芳\n编号：000 000 042-6",
        "赵芳，0003",
        "HTTPS://STREET.EXAMPLE/V/0000000426",
        "扫码：HTTPS://STREET.EXAMPLE/DESK?Q=0000000426",
    ],
)
def test_one_person_however_typed(town, text):
    assert found(text) == {"赵芳"}


@pytest.mark.parametrize("between", ["·", "•", "．", "‧", "-", " ", "", "・", "."])
def test_any_dot_and_none(town, between):
    assert found(f"买买提{between}吐尔逊") == {"买买提·吐尔逊"}
    assert found(f"maimaiti{between}tuerxun") == {"买买提·吐尔逊"}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("shan xiaoming", {"单小明"}),
        ("danxm", set()),
        ("sxm", {"单小明"}),
        ("zengf", {"曾芳"}),
        ("cengfang", {"曾芳"}),
        ("xiexd", set()),
        ("xiexiaod", {"解晓东"}),
        ("qy", {"仇英"}),
        ("lv", {"吕乐"}),
        ("lü le", {"吕乐"}),
        ("lyule", {"吕乐"}),
        ("aygul", {"Aygül Tursun"}),
        ("AYGÜL", {"Aygül Tursun"}),
        ("tursun", {"Aygül Tursun"}),
        ("吐尔逊", {"买买提·吐尔逊"}),
        ("zhaofang", {"赵芳", "赵方"}),
        ("fang", {"赵芳", "赵方", "曾芳"}),
        ("zhao 0003", {"赵芳"}),
        ("赵方 0003", set()),
        ("26", set()),
        ("。", set()),
        ("%", set()),
        ("https://[", set()),
    ],
)
def test_pinyin_initials_and_what_finds_nobody(town, text, who):

    assert found(text) == who


def test_an_empty_field_asks_nothing(town):
    assert person_search.by_text("  ") == []


def test_keys_follow_the_person(town):
    zhao = town["赵芳"]
    zhao.name = "钱芬"
    zhao.phone = "13900005678"
    db.session.flush()
    assert found("赵芳") == set() == found("zf0003")
    assert found("qianfen 5678") == {"钱芬"} == found("钱芬 0426")


def test_phones_are_kept_as_keyed_hashes_alone(town):
    keys = set(db.session.scalars(select(SearchKey.key).where(SearchKey.kind == "phone")))
    assert keys
    assert not any(ZHAO_PHONE[-n:] in key for key in keys for n in range(6, 12))


def test_names_go_by_pinyin(session):
    names = [
        "章伟",
        "张小",
        "张伟",
        "曾芳",
        "Aygul",
        "安然",
        "仇英",
        "赵芳",
        "湛蓝",
        "阿里",
        "区伟",
    ]
    for name in names:
        make.volunteer(name)
    query = select(Volunteer.name).order_by(Volunteer.name_order)
    assert list(db.session.scalars(query)) == [
        "阿里", "安然", "Aygul", "区伟", "仇英", "曾芳", "湛蓝", "张伟", "张小", "章伟", "赵芳",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("取货码：ABCD-EFGH-J", "ABCD-EFGH-J"),
        ("Code: ABCD", "ABCD"),
        ("HTTPS://HOST/V/ABC123", "ABC123"),
        ("https://host/desk?Q=ABC", "ABC"),
        ("https://host:8443/c/1pXY/", "1pXY"),
        ("ＡＢ１２", "AB12"),
    ],
)
def test_what_stands_around_a_code_goes(typed, kept):
    assert typed_text.plain(typed) == kept


def test_tails_of_another_street_find_nobody(session):
    cast = make.cast()
    far = make.volunteer("远方", phone="13812349876", area_id=make.area("别的街道").id)
    by = make.acting(cast.coordinator)
    for text in ("9876", "远方", "yuanfang 9876", "13812349876", far.number):
        assert people_lists.volunteers(by=by, q=text).items == [], text
    assert [row.id for row in people_lists.volunteers(by=by, q=cast.zhao.phone[-4:]).items] == [
        cast.zhao.id
    ]

"""Places and teams are offered by pinyin, and numbered ones by their number."""

import pytest
from sqlalchemy import select

from tests import make
from volunteer_service.areas import lookup, tree
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.people.search.name_spelling import order_of_title
from volunteer_service.teams.models import Team

COMMUNITIES = ["安康社区", "彩虹湖社区", "重庆路社区", "解放路社区", "吾悦社区", "学院东社区"]


@pytest.mark.parametrize(
    "names",
    [
        COMMUNITIES,
        ["第1网格", "第2网格", "第10网格"],
        ["第一网格", "第二网格", "第三网格", "第九网格", "第十网格", "第十一网格", "第二十网格"],
        ["3号楼", "12号楼", "A座", "b座"],
        ["曾家岩社区", "张家湾社区"],
    ],
)
def test_names_go_by_pinyin_and_numbers_by_value(names):
    assert sorted(set(names), key=order_of_title) == names


def test_communities_are_offered_by_pinyin_below_their_street(session):
    street = make.area("临江街道")
    for name in reversed(COMMUNITIES):
        community = make.area(name, parent=street, kind="community")
        for number in (10, 2):
            make.area(f"第{number}网格", parent=community, kind="grid")
    assert [area.name for area in lookup.children(street.id)] == COMMUNITIES
    ((_street, homes),) = lookup.homes()
    assert [area.name for area in homes] == COMMUNITIES
    walked = [area.name for area in lookup.subtree(street.path)]
    assert walked == [
        "临江街道",
        *(n for name in COMMUNITIES for n in (name, "第2网格", "第10网格")),
    ]


def test_the_order_follows_a_new_name(session):
    cast = make.cast()
    by = make.acting(cast.admin)
    tree.rename(cast.community.id, "阿房社区", reason="更名", by=by, at=make.MORNING)
    db.session.flush()
    assert [area.name for area in lookup.children(cast.town.id)] == ["阿房社区", "渤海社区"]
    orders = db.session.scalars(select(Area.name_order).order_by(Area.name_order)).all()
    assert orders[0].startswith("a1")
    assert all(db.session.scalars(select(Team.name_order)))

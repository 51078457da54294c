"""Which names of places look like one, and which do not."""

import pytest

from volunteer_service.areas.area_looks import (
    BUILDING,
    COMMUNITY,
    GRID,
    STREET,
    look,
    without_unit,
)


@pytest.mark.parametrize(
    ("depth", "names"),
    [
        (
            BUILDING,
            [
                *(
                    "1号楼",
                    "1栋",
                    "1幢",
                    "一号楼",
                    "１号楼",
                    "第1栋",
                    "01号楼",
                    "1#",
                    "1＃楼",
                    "1",
                    "1 号楼",
                ),
                *("1座", "1号", "1号樓", "1棟", "1号楼2单元", "1栋一单元301室"),
                *("1幢-301", "1号楼东单元", "1栋2-301室"),
            ],
        ),
        (BUILDING, ["A座", "a栋", "Ａ号楼", "A"]),
        (BUILDING, ["和风苑1号楼", "和风苑一栋", "和风苑-1幢", "和风苑1#"]),
        (BUILDING, ["3-1号楼", "3-1栋", "3－1幢"]),
        (BUILDING, ["1单元", "一单元", "第一单元"]),
        (GRID, ["第一网格", "一网格", "1网格", "网格1", "网格一", "01网格", "1号网格", "第1格"]),
        (COMMUNITY, ["第一社区", "一社区", "1社区", "一社区居委会", "第一居委会"]),
        (COMMUNITY, ["和风", "和风社区", "和风社区居委会", "和風社區"]),
    ],
)
def test_one_place_written_otherwise_has_one_key(depth: int, names: list[str]) -> None:
    assert {look(name, depth) for name in names} == {look(names[0], depth)}


@pytest.mark.parametrize(
    ("depth", "names"),
    [
        (
            BUILDING,
            ["1号楼", "2号楼", "11号楼", "A座", "3-1号楼", "和风苑1号楼", "1号院", "1单元", "平房"],
        ),
        (BUILDING, ["1号楼A座", "1号楼B座", "十字街1号", "西1号楼", "东1号楼"]),
        (GRID, ["一网格", "二网格", "十一网格", "东网格", "网格"]),
        (COMMUNITY, ["和风社区", "和平社区", "新村", "东村", "一社区", "社区"]),
    ],
)
def test_other_places_have_other_keys(depth: int, names: list[str]) -> None:
    assert len({look(name, depth) for name in names}) == len(names)


def test_the_name_of_the_area_above_may_lead_it() -> None:
    assert look("和风社区第一网格", GRID, "和风社区") == look("一网格", GRID, "和风社区")
    assert look("和风苑1号楼", BUILDING, "和风社区") != look("1号楼", BUILDING, "和风社区")


def test_a_unit_is_left_out_of_a_name() -> None:
    found = map(without_unit, ("1号楼2单元301室", "一栋东单元", "2幢", "1单元", "3-1号楼"))
    assert list(found) == ["1号楼", "一栋", "2幢", "1单元", "3-1号楼"]


@pytest.mark.parametrize("other", ["市西街道办事处", "市西街道办", "市西", "市 西街道"])
def test_a_street_with_and_without_its_office(other: str) -> None:
    assert look(other, STREET) == look("市西街道", STREET)
    assert look("市东街道", STREET) != look("市西街道", STREET)

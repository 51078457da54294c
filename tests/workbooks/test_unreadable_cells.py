"""Errors and formulas without a result are no values: refused where needed, else empty and told."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.workbooks.judged import GIFTS, LOG, ROSTER, SERVED, TEAMS, Outcome, changed, reason
from tests.workbooks.street_cells import TODAY, id_number
from volunteer_service.workbooks.judging.taken_or_refused import Taken
from volunteer_service.workbooks.reading import cells

SHOWN = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "=VLOOKUP(A2,x,1,0)", "#########")
Judges = Callable[..., list[Outcome]]
HEADS = (*ROSTER, "工作单位", "服务特长", "备注")
PERSON = (
    *("许二", id_number(TODAY.replace(year=1975), "女", 3), "17000000002", "女", "庆丰社区"),
    *("一网格", "1号楼", "护学队", None, None, "2026-01-05", "邮局", "唱歌", "好"),
)


@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("field", ["姓名", "身份证号", "手机号", "注册日期"])
def test_a_needed_cell_is_refused_by_its_name(judge: Judges, shown: str, field: str) -> None:
    (one,) = judge(HEADS, changed(PERSON, HEADS, **{field: shown}))

    names = {
        "姓名": "name",
        "身份证号": "id_number",
        "手机号": "phone",
        "注册日期": "registered_on",
    }
    assert reason(one) == ("unreadable_cell", names[field])
    assert shown in tuple(map(str, one.cells)) or shown.startswith("=")


@pytest.mark.parametrize("shown", SHOWN)
def test_any_other_cell_is_empty_and_told(judge: Judges, shown: str) -> None:
    (one,) = judge(HEADS, changed(PERSON, HEADS, 工作单位=shown, 服务队=shown))

    assert isinstance(one, Taken)
    assert one.emptied == {"employer", "team"}
    assert (one.row.employer, one.row.team, one.row.skills) == ("", "", "唱歌")


@pytest.mark.parametrize("shown", SHOWN[:6])
def test_a_gift_s_star_is_never_lost(judge: Judges, shown: str) -> None:
    outcomes = judge(GIFTS, ("电饭煲", 50, 3, shown), ("空气炸锅", 50, 3, None))

    assert reason(outcomes[0]) == ("unreadable_cell", "minimum_star")
    assert isinstance(outcomes[1], Taken)


@pytest.mark.parametrize(
    ("heads", "row", "field"),
    [
        (LOG, changed(SERVED, LOG, 服务时长="#VALUE!"), "minutes"),
        (LOG, changed(SERVED, LOG, 志愿者姓名="#N/A"), "name"),
        (TEAMS, ("助老队", "#REF!", "居委会", None), "community"),
        (TEAMS, ("=A1", "庆丰社区", "居委会", None), "name"),
    ],
)
def test_in_every_list(judge: Judges, heads: tuple[str, ...], row: Any, field: str) -> None:
    assert reason(judge(heads, row)[0]) == ("unreadable_cell", field)


@pytest.mark.parametrize(
    ("words", "why"), [("1.7E+10", "digits"), ("9.80121E+17", "digits"), ("#N/A ", "error")]
)
def test_what_another_program_wrote_out_of_a_number(words: str, why: str) -> None:
    found = cells.written_out(words)

    assert isinstance(found, cells.Unreadable)
    assert (found.why, cells.text(found)) == (why, "")


@pytest.mark.parametrize("words", ["#1楼", "E+10", "1E", "# N/A", "##"])
def test_what_only_looks_like_it_is_text(words: str) -> None:
    assert cells.written_out(words) == words
    assert cells.readable(words) == words


def test_a_refused_cell_goes_back_and_is_still_none() -> None:
    for raw in (cells.Unreadable("=A1", "formula"), cells.Unreadable("#N/A", "error")):
        again = cells.readable(str(cells.harmless(raw)))
        assert isinstance(again, cells.Unreadable)

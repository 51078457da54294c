"""The list of results: the star before, up or down, the team."""

from datetime import date
from io import BytesIO

from openpyxl import load_workbook

from tests.make import acting, cast, volunteer
from tests.make_ratings import record, round_at
from volunteer_service.lists import asking, reading, registry, spreadsheets


def test_up_down_same_and_new_are_columns_and_a_filter(session: None) -> None:
    town = cast()
    qian, sun = (volunteer(name, team=town.team) for name in ("钱一", "孙二"))
    for who, before, now in (
        (town.wang, 1200, 6000),
        (town.zhao, 6000, 1200),
        (qian, 6000, 6000),
        (sun, 0, 1200),
    ):
        if before:
            record(who, town.team, before, on=date(2025, 9, 1))
        record(who, town.team, now)
    round_at("final", town, half_year="2025H2")
    row = round_at("draft", town)
    declared, by = registry.LISTS["results"], acting(town.coordinator)
    shown = ["name", "team", "last_stars", "stars", "change"]

    def changed(**args: str) -> dict[str, tuple[object, ...]]:
        asked = asking.read(declared, {"round_id": str(row.id)} | args, shown, by=by)
        order = [each.name for each in asked.columns]
        found = (dict(zip(order, each.values, strict=True)) for each in reading.every_row(asked))
        return {each["name"]: (each["team"], each["change"], each["last_stars"]) for each in found}

    assert {name: each[1] for name, each in changed().items()} == {
        "王建国": "up",
        "赵芳": "down",
        "钱一": "same",
        "孙二": "new",
    }
    assert changed(change="new") == {"孙二": (town.team.name, "new", None)}
    assert set(changed(change="down")) == {"赵芳"}


def test_a_workbook_is_read_and_printed_as_it_comes() -> None:
    with spreadsheets.workbook([("名单", ["姓名", "说明"], [["王建国", "很长" * 40]])]) as out:
        page = load_workbook(BytesIO(out.read())).active
    assert page is not None
    assert page.freeze_panes == "A2"
    assert page.print_title_rows == "$1:$1"
    assert page.page_setup.orientation == "landscape"
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.column_dimensions["A"].width == 8
    assert page.column_dimensions["B"].width == 48

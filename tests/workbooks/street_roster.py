"""The roster of another street."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from tests.workbooks.street_cells import TODAY, id_number, only

if TYPE_CHECKING:
    from tests.workbooks.street import Street


def _person(street: Street, serial: int, born_on: date | None = None) -> dict[str, Any]:
    sex = street.dice.choice("男女")
    born_on = born_on or date(1950, 1, 1) + timedelta(days=street.dice.randrange(18_000))
    return {
        "证件号码 *": id_number(born_on, sex, serial),
        "姓 名": f"{street.dice.choice('赵钱孙李周吴郑王')}{chr(0x5B50 + serial)}",
        "联系方式": f"139{serial // 2:08}",
        "性别": sex,
        "所属队伍": street.dice.choice(street.teams),
        "楼号": f"{street.dice.randrange(1, 4)}幢",
        "所属社区": street.dice.choice(street.communities),
        "网格": "二网格",
        "入队日期": street.dated(date(2024, 1, 1) + timedelta(days=serial)),
        "家长姓名": None,
        "家长电话": None,
        "备注": None,
    }


def write(street: Street) -> None:
    """The roster: people who may be taken, some untidily typed, and some who may not."""
    street.roster = [_person(street, serial) for serial in range(street.people)]
    rows = [dict(person) for person in street.roster]
    for row in street.dice.sample(rows, 20):
        _tidy_away(street, row)
    rows += _bad_people(street)
    street.taken["volunteers"] = street.people + 1
    columns = list(rows[0])
    street.dice.shuffle(columns)
    book = Workbook()
    page = only(book)
    for above in (["填表说明：请勿改动表头"], [], ["临江镇志愿者名册"], [], columns):
        page.append(above)
    for number, row in enumerate(rows):
        page.append([row[column] for column in columns])
        if number % 40 == 39:
            page.append(columns)
            page.append([])
    page.append(["累计", None, len(rows)])
    page.append(["审核：王主任"])
    notes = book.create_sheet("说明")
    notes.append(["本表由各社区填写"])
    hidden = book.create_sheet("去年")
    hidden.append(columns)
    hidden.append([rows[0][column] for column in columns])
    hidden.sheet_state = "hidden"
    book.save(street.folder / "c.xlsx")


def _tidy_away(street: Street, row: dict[str, Any]) -> None:
    """Dirt that must not cost anybody their row."""
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    phone, name = row["联系方式"], row["姓 名"]
    row["证件号码 *"] = street.dice.choice(
        (
            row["证件号码 *"].translate(wide),
            f"\u00a0{row['证件号码 *'].lower()}\t",
            f"'{row['证件号码 *']}",
        )
    )
    row["联系方式"] = street.dice.choice((f"+86 {phone}", f"{phone[:3]}-{phone[3:]}", int(phone)))
    row["姓 名"] = f"{name[0]}\u3000{name[1:]}\u200b "
    row["备注"] = "=1+1"


def _bad_people(street: Street) -> list[dict[str, Any]]:
    serial = iter(range(street.people, street.people + 50))
    child = date(TODAY.year - 12, 5, 5)
    with_parent = _person(street, next(serial), child) | {
        "家长姓名": "赵母",
        "家长电话": "13900000000",
    }
    twin, other = dict(street.roster[3]), dict(street.roster[4]) | {"姓 名": "别人"}
    bad: list[tuple[str, dict[str, Any]]] = [
        ("missing_name", {"姓 名": "\u3000"}),
        ("id_lost_digits", {"证件号码 *": 980110196001011234}),
        ("id_lost_digits", {"证件号码 *": "9.80110E+17"}),
        ("sex_contradicts_id", {}),
        ("impossible_date", {"入队日期": "2025.2.29"}),
        ("unknown_team", {"所属队伍": street.teams[0].replace("服务", "服務")}),
        ("unknown_area", {"楼号": "99幢"}),
        ("bad_phone", {"联系方式": "1390000"}),
        ("id_check_digit", {}),
    ]
    rows = []
    for code, change in bad:
        row = _person(street, next(serial)) | change
        if code == "sex_contradicts_id":
            row["性别"] = "女" if row["性别"] == "男" else "男"
        if code == "id_check_digit":
            row["证件号码 *"] = (
                f"{row['证件号码 *'][:-1]}{'1' if row['证件号码 *'][-1] != '1' else '2'}"
            )
        rows.append(row)
    rows += [twin, other, _person(street, next(serial), child), with_parent]
    street.refused.update(f"refused:{code}" for code, _ in bad)
    street.refused.update(
        {
            "refused:duplicate_row": 1,
            "refused:same_id_other_person": 1,
            "refused:minor_without_guardian": 1,
        }
    )
    return rows

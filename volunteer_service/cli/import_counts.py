"""The counts of an import in words; the codes are for ``--json``."""

from collections.abc import Iterator
from typing import Any

import click

from volunteer_service.cli.table import say_table
from volunteer_service.cli.words import gettext as _
from volunteer_service.workbooks.judging.taken_or_refused import WORDS
from volunteer_service.workbooks.judging.volunteers import TIDIED
from volunteer_service.workbooks.reading import known_columns, sheet_shapes

#: Marks a text for the catalogue.
N_ = str

KINDS = {
    "areas": N_("网格楼栋"),
    "teams": N_("服务队"),
    "volunteers": N_("志愿者"),
    "service_log": N_("服务记录"),
    "gifts": N_("礼品"),
    "open_points": N_("期初积分"),
    "open_hours": N_("期初时长"),
    "open_stars": N_("期初星级"),
    "open_papers": N_("期初证书"),
}
#: Why a sheet was not imported, by its state.
LEFT = {
    "asked": N_("像%(kind)s，但不能确定，请在网页上回答"),
    "unknown": N_("最像%(kind)s，缺少：%(columns)s"),
    "left_out": N_("说过不是名单"),
    "hidden": N_("已隐藏"),
    "empty": N_("空白"),
}
_PREFIXES = {"refused": "volunteers", "log_refused": "service_log"}
_STARS = range(6)
_LOOKS = {
    "hidden_rows": N_("隐藏的行"),
    "struck_rows": N_("画了删除线的行"),
}


def say_counts(sub_district: str, counts: dict[str, Any]) -> None:
    """Print what was imported and what was not, its hours and points, and the stars that they
    give.
    """
    say_table(_rows(sub_district, counts["by_kind"]))
    click.echo(
        _(
            "服务 %(hours)s 小时，%(people)s 人，合 %(points)s 积分",
            hours=f"{counts['service_minutes'] / 60:,.1f}",
            people=f"{counts['people_with_hours']:,}",
            points=f"{counts['points_centi_without_backfill'] / 100:,.2f}",
        )
    )
    for name, by_half in counts.items():
        if name.startswith("stars_by_policy_") and by_half:
            _say_part(_("按规则可得的星级（人数）"), _stars(by_half))
    _say_part(_("没有导入的工作表"), _left(counts["sheets"]))
    _say_part(_("没有用到的列"), _unused(counts["sheets"]))
    _say_part(_("退回的行"), _refused(counts["dirt"]))
    _say_part(_("读取时已整理或值得留意"), _tidied(counts["dirt"]))
    _say_part(_("表中的样子"), _looks(counts))
    _say_part(_("名字相近的地方"), _places(counts))


def _say_part(title: str, rows: Iterator[tuple[object, ...]]) -> None:
    found = list(rows)
    if found:
        click.echo(f"\n{title}")
        say_table(found)


def _rows(sub_district: str, kinds: dict[str, list[int]]) -> Iterator[tuple[object, ...]]:
    yield sub_district, _("接受"), _("其中新增"), _("退回")
    for kind, word in KINDS.items():
        if kind in kinds:
            yield _(word), *kinds[kind]


def _places(counts: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    for place in counts.get("alike_areas", ()):
        yield " · ".join((*place["where"], place["name"])), "、".join(place["others"])


def _left(sheets: list[dict[str, Any]]) -> Iterator[tuple[object, ...]]:
    for sheet in sheets:
        if sheet["state"] != "taken":
            kind = _(KINDS[sheet["kind"]]) if sheet["kind"] else ""
            missing = "、".join(sheet["missing"])
            words = _(LEFT[sheet["state"]], kind=kind, columns=missing)
            if sheet["state"] == "unknown" and sheet["kind"] is None:
                words = _("不像任何一种名单")
            elif sheet["shape"]:
                words = _(sheet_shapes.SHAPES[sheet["shape"]])
            yield f"{sheet['file']} · {sheet['name']}", words, sheet["waiting"]


def _unused(sheets: list[dict[str, Any]]) -> Iterator[tuple[object, ...]]:
    for sheet in sheets:
        unused = sheet["unused"] + [f"{letter} 列" for letter in sheet["nameless"]]
        hidden = "、".join(sheet["hidden_columns"])
        unused += [_("隐藏的列也会读入：%(columns)s", columns=hidden)] if hidden else []
        unused += [_("%(n)s 处批注", n=len(sheet["comments"]))] if sheet["comments"] else []
        if sheet["state"] == "taken" and unused:
            yield f"{sheet['file']} · {sheet['name']}", "、".join(unused)


def _stars(by_half: dict[str, dict[str, int]]) -> Iterator[tuple[object, ...]]:
    yield "", *(_("%(n)s 星", n=n) for n in _STARS)
    for half, stars in by_half.items():
        yield half, *(stars.get(f"star_{n}", 0) for n in _STARS)


def _refused(dirt: dict[str, int]) -> Iterator[tuple[object, ...]]:
    for name, n in dirt.items():
        prefix, colon, code = name.partition(":")
        if colon:
            kind = _PREFIXES.get(prefix, prefix.removesuffix("_refused"))
            yield _(KINDS[kind]), _(WORDS[code]), n


def _looks(counts: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    for name, word in _LOOKS.items():
        if name in counts:
            yield _(word), counts[name]
    for counted, n in counts.get("unreadable_cells", {}).items():
        column = known_columns.column_word(*counted.split(":"))
        yield _("单元格无法读取，按空白处理：%(column)s", column=column), n


def _tidied(dirt: dict[str, int]) -> Iterator[tuple[object, ...]]:
    return ((_(word), dirt[name]) for name, word in TIDIED.items() if name in dirt)

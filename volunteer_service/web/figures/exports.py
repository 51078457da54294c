"""Everything that somebody may read, as files: one page with a link each."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, url_for

from volunteer_service.lists import registry
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.web.figures.views import bp
from volunteer_service.web.home import facts
from volunteer_service.web.ratings.blueprint import half_year
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.wording import gettext as _

#: Lists whose rows are steps of the reader's own work and no evidence.
_OF_WORK = ("batches", "exports")


@dataclass(frozen=True)
class File:
    """What a file holds, and its addresses by format."""

    name: str
    formats: Sequence[tuple[str, str]]


@bp.get("/audit/exports")
@staff("auditor", "coordinator")
def files() -> str:
    """Show every list, figure and result that the reader may download."""
    by = actor()
    return render_template(
        "figures/exports.html",
        groups=[
            (_("名单"), _lists(by)),
            (_("数据和账目"), _figures()),
            (_("星级评定"), _rounds(by)),
        ],
    )


def _lists(by: Actor) -> list[File]:
    return [
        File(
            str(found.title),
            [
                ("Excel", url_for("lists.workbook", list_name=found.name)),
                ("CSV", url_for("lists.text_file", list_name=found.name)),
            ],
        )
        for found in registry.all_open_to(by=by)
        if found.name not in _OF_WORK
    ]


def _figures() -> list[File]:
    return [
        File(_("全部指标和分类"), [("Excel", url_for("figures.workbook"))]),
        File(
            _("半年报告"),
            [
                ("Excel", url_for("figures.report_workbook")),
                ("PDF", url_for("figures.report_pdf")),
            ],
        ),
        File(_("未用的积分，按到期日"), [("Excel", url_for("points.outstanding_workbook"))]),
        File(_("积分流水，每一列"), [("Excel", url_for("points.entries_workbook"))]),
        File(_("兑换点日结"), [("Excel", url_for("desk.sheets_workbook"))]),
        File(_("资料更改"), [("Excel", url_for("person_changes.workbook"))]),
    ]


def _rounds(by: Actor) -> list[File]:
    every = File(_("历次评定"), [("Excel", url_for("ratings.index_workbook"))])
    rounds = facts.audited(by, limit=40)
    return [
        every,
        *(
            File(
                f"{half_year(row.half_year)} · {row.area.name}",
                [("Excel", url_for("ratings.download", round_id=row.id))],
            )
            for row in rounds
        ),
    ]

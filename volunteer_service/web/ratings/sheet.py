"""Rounds, and the people of a round, as workbooks, written a row at a time."""

from collections.abc import Iterable, Iterator
from typing import IO, Any

from flask_babel import gettext as _

from volunteer_service import settings
from volunteer_service.certificates import register
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.ratings import frozen_facts
from volunteer_service.scoring.ratings.frozen_facts import Kept
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rules.reasons import Reason
from volunteer_service.web.shared import workbooks
from volunteer_service.web.shared.star_reasons import sentence


def written(title: str, people: Iterable[tuple[Kept, Volunteer]]) -> IO[bytes]:
    """Return the workbook, ready to be read from its start."""
    headers = [
        _("志愿者编号"),
        _("姓名"),
        _("星级"),
        _("确认时长（小时）"),
        _("说明"),
        _("证书编号"),
    ]
    return workbooks.written(title, headers, _lines(people))


def of_rounds(rows: Iterable[Round]) -> IO[bytes]:
    """Return the workbook of rounds: half-year, area, state, the days of the steps, the sums that
    seal.
    """
    headers = [
        *(_("半年"), _("补充"), _("区域"), _("状态"), _("开启"), _("冻结"), _("公示")),
        *(_("公示至"), _("签发"), _("规则版本"), _("数据校验值"), _("签发校验值")),
    ]
    return workbooks.written(_("星级评定"), headers, (_round(row) for row in rows))


def _round(row: Round) -> list[Any]:
    steps = (row.opened_at, row.frozen_at, row.noticed_at)
    days = [settings.local_day(at).isoformat() if at else "" for at in (*steps, row.signed_off_at)]
    return [
        *(row.half_year, row.supplement or "", row.area.name, row.state, *days[:3]),
        row.notice_ends_on.isoformat() if row.notice_ends_on else "",
        *(days[3], row.policy_version or "", row.facts_hash or "", row.final_hash or ""),
    ]


def _lines(people: Iterable[tuple[Kept, Volunteer]]) -> Iterator[list[Any]]:
    for some in frozen_facts.batches(iter(people)):
        papers = register.of_results([person.id for person, _volunteer in some])
        for person, volunteer in some:
            paper = papers.get(person.id)
            yield [
                volunteer.number,
                volunteer.name,
                person.stars,
                round(person.effective.confirmed_minutes / 60, 2),
                "；".join(sentence(Reason.from_dict(kept)) for kept in person.reasons),
                paper.number if paper and paper.revoked_at is None else "",
            ]

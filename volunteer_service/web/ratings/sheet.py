"""The people of a round as a workbook, written a row at a time."""

from collections.abc import Iterator
from typing import IO, Any

from flask_babel import gettext as _

from volunteer_service.scoring.ratings import results
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rules.reasons import Reason
from volunteer_service.web.shared import workbooks
from volunteer_service.web.shared.star_reasons import sentence


def written(row: Round) -> IO[bytes]:
    """The workbook, ready to be read from its start."""
    headers = [_("志愿者编号"), _("姓名"), _("星级"), _("确认时长（小时）"), _("说明")]
    return workbooks.written(row.half_year, headers, _lines(row))


def _lines(row: Round) -> Iterator[list[Any]]:
    for person, number, name in results.named_results(row.id):
        why = "；".join(sentence(Reason.from_dict(kept)) for kept in person.reasons)
        facts = person.effective
        yield [number, name, person.stars, round(facts.confirmed_minutes / 60, 2), why]

"""The people of a round as a workbook, written a row at a time."""

from collections.abc import Iterable, Iterator
from typing import IO, Any

from flask_babel import gettext as _

from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.ratings.frozen_facts import Kept
from volunteer_service.scoring.rules.reasons import Reason
from volunteer_service.web.shared import workbooks
from volunteer_service.web.shared.star_reasons import sentence


def written(title: str, people: Iterable[tuple[Kept, Volunteer]]) -> IO[bytes]:
    """The workbook, ready to be read from its start."""
    headers = [_("志愿者编号"), _("姓名"), _("星级"), _("确认时长（小时）"), _("说明")]
    return workbooks.written(title, headers, _lines(people))


def _lines(people: Iterable[tuple[Kept, Volunteer]]) -> Iterator[list[Any]]:
    for person, volunteer in people:
        why = "；".join(sentence(Reason.from_dict(kept)) for kept in person.reasons)
        facts = person.effective
        yield [
            volunteer.number,
            volunteer.name,
            person.stars,
            round(facts.confirmed_minutes / 60, 2),
            why,
        ]

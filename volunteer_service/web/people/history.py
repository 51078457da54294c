"""What a volunteer has done, for staff: hours, records, stars, certificates, sign-ups to come."""

from typing import Any

from volunteer_service import clock, settings
from volunteer_service.attendance.records import hours_summary, record_lists
from volunteer_service.certificates import register
from volunteer_service.openings import taken_over
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, may
from volunteer_service.people.authorization.rights_over_people import may_on_person
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.ratings import explanations
from volunteer_service.scoring.ratings import results as ratings
from volunteer_service.web.home import facts
from volunteer_service.web.shared import record_reasons
from volunteer_service.web.shared.words import local_day

PAGE = 20
#: Sign-ups to come that one page shows.
COMING = 20


def history(person: Volunteer, *, by: Actor, cursor: str | None) -> dict[str, Any]:
    """Return records and certificates as far as the reader sees them; a disowned person has no
    hours.
    """
    now = clock.now()
    today = local_day(now, settings.current().zone)
    wanted = record_lists.RecordFilter(volunteer_id=person.id)
    held = register.CertificateFilter(volunteer_id=person.id)
    return {
        "hours": hours_summary.hours_of(person.id, today) if person.state != "disowned" else None,
        "records": record_lists.listing(by, wanted, cursor=cursor, limit=PAGE),
        "results": [
            (
                found,
                may(by, Right.RATING_SEE, area_path=found.round.area.path),
                explanations.may_read(found, by),
            )
            for found in ratings.results_of(person.id)
        ],
        "opened": taken_over.of_person(person.id)
        if may_on_person(by, Right.POINTS_SEE, person)
        else None,
        "certificates": register.listed(by, held).items,
        "coming": facts.coming(person.id, at=now, limit=COMING),
        "record_words": record_reasons,
    }

"""Which days the pages of figures show: those of the address, or the running half-year."""

from datetime import date, timedelta

from volunteer_service.errors import Invalid
from volunteer_service.figures.periods import Period
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.web.shared import asked_days
from volunteer_service.wording import gettext as _


def asked(today: date) -> tuple[Period, str]:
    """Return the period of this request and, where its days make none, why not."""
    running = Period.of_half_year(HalfYear.of(today))
    wanted = asked_days.of_request()
    try:
        return Period(wanted["from_on"] or running.since, wanted["to_on"] or running.until), ""
    except Invalid as wrong:
        return running, str(wrong.numbers["why"])


def choices(today: date) -> list[tuple[str, Period]]:
    """Return the periods that people ask for most, named."""
    half = HalfYear.of(today)
    this_month = Period.of_month(today)
    return [
        (_("本月"), this_month),
        (_("上月"), Period.of_month(this_month.since - timedelta(days=1))),
        (_("本半年"), Period.of_half_year(half)),
        (_("上个半年"), Period.of_half_year(half.previous)),
        (_("今年"), Period.of_year(today.year)),
        (_("去年"), Period.of_year(today.year - 1)),
    ]

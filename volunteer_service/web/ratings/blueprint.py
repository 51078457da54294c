"""The blueprint of the pages of the rating."""

from flask import Blueprint
from flask_babel import gettext as _

from volunteer_service.lists import exporting
from volunteer_service.scoring.rules.reasons import Reason
from volunteer_service.web.shared.star_reasons import sentence

bp = Blueprint("ratings", __name__)


@bp.app_template_global("star_reason")
@bp.app_template_filter("reason")
def reason(kept: Reason | dict[str, object]) -> str:
    """Return a reason in words, as the rules give it or as a round keeps it."""
    return sentence(kept if isinstance(kept, Reason) else Reason.from_dict(kept))


# Files of lists have the words of the pages.
bp.record_once(lambda _state: exporting.reasons_by(reason))


@bp.app_template_filter("half_year")
def half_year(written: object) -> str:
    """2026年上半年."""
    year, half = str(written).split("H")
    return str(
        _("%(year)s年上半年", year=year) if half == "1" else _("%(year)s年下半年", year=year)
    )

"""Shapes of the forms of events."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from volunteer_service import settings
from volunteer_service.events.event_lists import SHOWN, EventFilter
from volunteer_service.events.models import Event
from volunteer_service.events.planning import ACCEPTED_CODES
from volunteer_service.events.post_requirements import (
    LONGEST_COVER,
    LONGEST_SKILLS,
    MOST_STARS,
    OLDEST,
)
from volunteer_service.events.series_changes import SCOPES
from volunteer_service.events.series_models import DAYS
from volunteer_service.fields import (
    LARGEST,
    Day,
    LocalInstant,
    Reason,
    Text,
)
from volunteer_service.web.events import break_times
from volunteer_service.web.events.break_times import BreakTimes
from volunteer_service.web.shared.words import local_day


class WithBreaks(Schema):
    """A form of a shift: the clock times of its breaks become instants."""

    starts_at = LocalInstant(required=True)
    breaks = BreakTimes(load_default=())

    @post_load
    def dated(self, values: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Give the breaks their day."""
        return values | {"breaks": break_times.dated(values["breaks"], values["starts_at"])}


class EventForm(Schema):
    """What an event is."""

    team_id = fields.Integer(load_default=0, validate=validate.Range(0, LARGEST))
    version = fields.Integer(load_default=0, validate=validate.Range(0, LARGEST))
    title = Text(80, required=True)
    content = Text(2000, required=True)
    place = Text(80, required=True)
    starts_at = LocalInstant(required=True)
    ends_at = LocalInstant(required=True)
    meeting_point = Text(60, load_default=None)
    bring = Text(120, load_default=None)
    contact_name = Text(40, load_default=None)
    contact_phone = Text(40, load_default=None)
    accepted_codes = fields.String(load_default="all", validate=validate.OneOf(ACCEPTED_CODES))


class ShiftForm(WithBreaks):
    """A shift and its post: an existing one by its name, or a new one."""

    post = Text(40, required=True)
    coefficient = fields.Decimal(
        places=2,
        load_default=Decimal(1),
        validate=validate.Range(Decimal("0.1"), Decimal(10)),
    )
    dangerous = fields.Boolean(load_default=False)
    takes_part = fields.Boolean(load_default=False)
    ends_at = LocalInstant(required=True)
    capacity = fields.Integer(required=True, validate=validate.Range(1, 100_000))

    @post_load
    def centi(self, values: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Turn the coefficient into hundredths; people who only take part do not serve."""
        return values | {
            "coefficient_centi": int(values.pop("coefficient") * 100),
            "serves": not values.pop("takes_part"),
        }


class RequirementsForm(Schema):
    """What a post asks of people; an empty field asks nothing."""

    min_age = fields.Integer(load_default=0, validate=validate.Range(0, OLDEST))
    max_age = fields.Integer(load_default=0, validate=validate.Range(0, OLDEST))
    min_stars = fields.Integer(load_default=0, validate=validate.Range(0, MOST_STARS))
    skills = Text(LONGEST_SKILLS, load_default=None)
    cover = Text(LONGEST_COVER, load_default=None)


class CancelForm(Schema):
    """Why an event is cancelled."""

    reason = Reason(120, required=True)


class ChangeForm(Schema):
    """Why a published event changes, and the mark of the preview that was seen."""

    reason = Reason(120, load_default=None)
    seen = fields.String(load_default=None, validate=validate.Length(max=64))


class ShiftEditForm(WithBreaks, ChangeForm):
    """When a shift is and for how many."""

    ends_at = LocalInstant(required=True)
    capacity = fields.Integer(required=True, validate=validate.Range(1, 100_000))


class RemoveShiftForm(ChangeForm):
    """A shift is taken out."""


class ServesForm(ChangeForm):
    """Whether a post serves now."""

    serves = fields.Boolean(required=True)


class PutOffForm(ChangeForm):
    """When the event begins now."""

    starts_at = LocalInstant(required=True)


class HandOverForm(ChangeForm):
    """The new team of the event."""

    team_id = fields.Integer(required=True, validate=validate.Range(1, LARGEST))


class PartnerForm(Schema):
    """Which team runs the event too."""

    team_id = fields.Integer(required=True, validate=validate.Range(1, LARGEST))


#: Weekdays as RFC 5545 writes them, and their names.
WEEK = (
    ("MO", _l("周一")),
    ("TU", _l("周二")),
    ("WE", _l("周三")),
    ("TH", _l("周四")),
    ("FR", _l("周五")),
    ("SA", _l("周六")),
    ("SU", _l("周日")),
)


class CopyForm(Schema):
    """When the copy begins."""

    starts_at = LocalInstant(required=True)


class RepeatForm(Schema):
    """The days on which an event is held again: an RFC 5545 rule from the choices of a form."""

    freq = fields.String(
        load_default="WEEKLY", validate=validate.OneOf(("DAILY", "WEEKLY", "MONTHLY"))
    )
    interval = fields.Integer(load_default=1, validate=validate.Range(1, 52))
    days = fields.String(load_default="every", validate=validate.OneOf(DAYS))
    until = Day(required=True)

    class Meta:
        """A box for each day of the week."""

        include: ClassVar = {name: fields.Boolean(load_default=False) for name, _word in WEEK}

    @post_load
    def rule(self, values: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Turn the choices into the rule's text."""
        freq, interval = values.pop("freq"), values.pop("interval")
        on = [name for name, _word in WEEK if values.pop(name)]
        parts = [f"FREQ={freq}", f"INTERVAL={interval}"]
        if freq == "WEEKLY" and on:
            parts.append(f"BYDAY={','.join(on)}")
        return values | {"rule": ";".join(parts)}


class CarryOverForm(Schema):
    """Which other events of a series are changed, and why."""

    scope = fields.String(load_default="later", validate=validate.OneOf(SCOPES))
    shifts = fields.Boolean(load_default=False)
    reason = Reason(120, load_default=None)


class CancelSeriesForm(Schema):
    """Which events of a series are cancelled, and why."""

    cancel_scope = fields.String(
        load_default="later", validate=validate.OneOf(SCOPES), attribute="scope"
    )
    cancel_reason = Reason(120, required=True, attribute="reason")


class SchoolTermForm(Schema):
    """A term of the schools in an area."""

    area_id = fields.Integer(required=True, validate=validate.Range(1, LARGEST))
    name = Text(40, required=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)


class UndoForm(Schema):
    """Which version of the event the reader saw."""

    version = fields.Integer(required=True, validate=validate.Range(1, LARGEST))


class ListQuery(Schema):
    """The filters of the list in its address; unreadable ones are ignored."""

    from_on = Day()
    to_on = Day()
    area_id = fields.Integer(validate=validate.Range(1, LARGEST))
    team_id = fields.Integer(validate=validate.Range(1, LARGEST))
    state = fields.String(validate=validate.OneOf(("draft", *SHOWN)))
    past = fields.Boolean()


def wanted(raw: dict[str, str], now: datetime) -> EventFilter:
    """Return the filter of an address; from today on, unless it says otherwise or asks for the
    past.
    """
    raw = {name: value for name, value in raw.items() if value.strip()}
    try:
        values = ListQuery(unknown=EXCLUDE).load(raw)
    except ValidationError as error:
        values = error.valid_data
    if values.pop("past", False):
        return EventFilter(**values, ended_by=now)
    return EventFilter(**({"from_on": local_day(now, settings.current().zone)} | values))


def as_typed(event: Event, zone: Any) -> dict[str, Any]:
    """Return an event as its form's fields hold it."""
    return {
        "version": event.version,
        "title": event.title,
        "content": event.content,
        "place": event.place,
        "meeting_point": event.meeting_point,
        "bring": event.bring,
        "contact_name": event.contact_name,
        "contact_phone": event.contact_phone,
        "accepted_codes": event.accepted_codes,
        "starts_at": local(event.starts_at, zone),
        "ends_at": local(event.ends_at, zone),
    }


def local(at: Any, zone: Any) -> str:
    """Return an instant as a ``datetime-local`` input holds it."""
    return str(at.astimezone(zone).strftime("%Y-%m-%dT%H:%M"))

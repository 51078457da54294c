"""Shapes of events, posts, shifts and sign-ups."""

from typing import Any

from marshmallow import Schema, fields, post_load, pre_dump, validate

from volunteer_service.api.people.shapes import Id
from volunteer_service.api.shared.shapes import (
    Day,
    In,
    Instant,
    Query,
    Sort,
    Text,
)
from volunteer_service.events.event_lists import SHOWN, SIGN_UP_SORTS, SORTS
from volunteer_service.events.planning import ACCEPTED_CODES
from volunteer_service.events.post_requirements import (
    LONGEST_COVER,
    LONGEST_SKILLS,
    MOST_STARS,
    OLDEST,
)
from volunteer_service.events.settled_places import OUTCOMES
from volunteer_service.fields import LARGEST, Reason
from volunteer_service.scoring.rules.recognised_minutes import Span

STATES = ("draft", *SHOWN)
SIGN_UP_STATES = ("confirmed", "waiting", "cancelled", "no_show")


class EventQuery(Query):
    """Filters of the list; days are local and both count."""

    from_on = Day(data_key="from")
    to_on = Day(data_key="to")
    area_id = fields.Integer(validate=validate.Range(1, LARGEST))
    team_id = fields.Integer(validate=validate.Range(1, LARGEST))
    state = fields.String(validate=validate.OneOf(STATES))
    sort = Sort(SORTS)


class SignUpQuery(Query):
    """Filters of an event's sign-ups."""

    state = fields.String(validate=validate.OneOf(SIGN_UP_STATES))
    shift_id = fields.Integer(validate=validate.Range(1, LARGEST))
    sort = Sort(SIGN_UP_SORTS)


class EventEditIn(In):
    """What an event is."""

    title = Text(80, required=True)
    content = Text(2000, required=True)
    place = Text(80, required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    project_id = Id(allow_none=True)
    meeting_point = Text(60, allow_none=True)
    bring = Text(120, allow_none=True)
    contact_name = Text(40, allow_none=True)
    contact_phone = Text(40, allow_none=True)
    accepted_codes = fields.String(
        load_default="all",
        validate=validate.OneOf(ACCEPTED_CODES),
        metadata={"description": "live: not the poster; leader: only what a leader scans."},
    )


class EventIn(EventEditIn):
    """A new event of a team."""

    team_id = Id(required=True)


class PostIn(In):
    """A kind of work; the coefficient in hundredths weighs the points of an hour."""

    name = Text(40, required=True)
    coefficient_centi = fields.Integer(
        load_default=100, strict=True, validate=validate.Range(10, 1000)
    )
    dangerous = fields.Boolean(load_default=False)
    serves = fields.Boolean(
        load_default=True,
        metadata={"description": "False: presence is kept, but is no service and no no-show."},
    )


class RequirementsIn(In):
    """What a post asks of people; ages in whole years, 0 and null ask nothing."""

    min_age = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, OLDEST))
    max_age = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, OLDEST))
    min_stars = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, MOST_STARS))
    skills = Text(LONGEST_SKILLS, load_default=None, allow_none=True)
    cover = Text(LONGEST_COVER, load_default=None, allow_none=True)


class BreakIn(In):
    """A planned break of a shift: no minutes come of it."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)

    @post_load
    def as_span(self, values: dict[str, Any], **_kwargs: Any) -> Span:
        """Beginning and end."""
        return values["starts_at"], values["ends_at"]


class ShiftIn(In):
    """A span of time at a post."""

    breaks = fields.List(fields.Nested(BreakIn), load_default=())

    post_id = Id(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    capacity = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100_000))


class CancelIn(In):
    """Why an event is called off."""

    reason = Reason(120, required=True)


class EventChangeIn(In):
    """Why a published event changes; with `dry_run` it only lists who is affected."""

    reason = Reason(120)
    seen = fields.String(
        validate=validate.Length(max=64),
        metadata={"description": "The `mark` of a dry run: refused where it is not true any more."},
    )
    dry_run = fields.Boolean(load_default=False)


class ShiftEditIn(EventChangeIn):
    """When a shift is and for how many."""

    breaks = fields.List(
        fields.Nested(BreakIn),
        metadata={"description": "Without it the breaks stay; they move along with the shift."},
    )

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    capacity = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100_000))


class ServesIn(EventChangeIn):
    """Whether a post serves."""

    serves = fields.Boolean(required=True)


class PutOffIn(EventChangeIn):
    """When the event begins now; all its shifts move along."""

    starts_at = Instant(required=True)


class EventHandOverIn(EventChangeIn):
    """The team whose event it is from now on."""

    team_id = Id(required=True)


class PartnerIn(In):
    """A team that runs the event too."""

    team_id = Id(required=True)


class EventChangeUndoIn(In):
    """The version of the event that was read."""

    version = fields.Integer(required=True, strict=True, validate=validate.Range(1, LARGEST))


class TouchedByChangeOut(Schema):
    """Somebody who signed up, and how the change affects them."""

    sign_up_id = fields.Integer(required=True)
    volunteer_id = fields.Integer(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))


class EventChangedOut(Schema):
    """The people whom a change affects; `mark` identifies the state that a dry run saw."""

    event_id = fields.Integer(required=True)
    touched = fields.List(fields.Nested(TouchedByChangeOut), required=True)
    mark = fields.String(required=True)


class SignUpIn(In):
    """A place for oneself, or (leaders) for a volunteer."""

    shift_id = Id(required=True)
    volunteer_id = Id()


class PostOut(Schema):
    """A post."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    coefficient_centi = fields.Integer(required=True)
    dangerous = fields.Boolean(required=True)
    serves = fields.Boolean(required=True)
    min_age = fields.Integer(required=True)
    max_age = fields.Integer(required=True)
    min_stars = fields.Integer(required=True)
    skills = fields.String(required=True, allow_none=True)
    cover = fields.String(required=True, allow_none=True)


class BreakOut(Schema):
    """A planned break of a shift."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)

    @pre_dump
    def named(self, span: Span, **_kwargs: Any) -> dict[str, Any]:
        """Beginning and end by name."""
        return {"starts_at": span[0], "ends_at": span[1]}


class ShiftOut(Schema):
    """A shift."""

    breaks = fields.List(fields.Nested(BreakOut), required=True, attribute="planned_breaks")

    id = fields.Integer(required=True)
    event_id = fields.Integer(required=True)
    post_id = fields.Integer(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    capacity = fields.Integer(required=True)


class PlacesOut(Schema):
    """A shift with its free places."""

    shift = fields.Nested(ShiftOut, required=True)
    taken = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    free = fields.Integer(required=True)


class PartnerOut(Schema):
    """A team that runs an event too."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class EventOut(Schema):
    """An event; nobody is named in it."""

    id = fields.Integer(required=True)
    team_id = fields.Integer(required=True)
    team_name = fields.String(required=True, attribute="team.name")
    partners = fields.List(
        fields.Nested(PartnerOut),
        required=True,
        metadata={"description": "Teams that run it too, with the same rights."},
    )
    project_id = fields.Integer(required=True, allow_none=True)
    title = fields.String(required=True)
    content = fields.String(required=True)
    place = fields.String(required=True)
    meeting_point = fields.String(required=True, allow_none=True)
    bring = fields.String(required=True, allow_none=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    cancel_reason = fields.String(required=True, allow_none=True)
    accepted_codes = fields.String(required=True, validate=validate.OneOf(ACCEPTED_CODES))
    version = fields.Integer(required=True)


class EventContactOut(Schema):
    """Whom to call about an event."""

    name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)


class EventBoardOut(Schema):
    """One event with its posts and places."""

    event = fields.Nested(EventOut, required=True)
    posts = fields.List(fields.Nested(PostOut), required=True, attribute="event.posts")
    shifts = fields.List(fields.Nested(PlacesOut), required=True)
    may_edit = fields.Boolean(required=True)
    contact = fields.Nested(
        EventContactOut,
        required=True,
        allow_none=True,
        metadata={"description": "For who holds a place and for its leaders; null to others."},
    )


class SignUpOut(Schema):
    """A place on a shift."""

    id = fields.Integer(required=True)
    event_id = fields.Integer(required=True)
    shift_id = fields.Integer(required=True)
    volunteer_id = fields.Integer(required=True)
    state = fields.String(required=True)
    source = fields.String(required=True)
    created_at = Instant(required=True)
    waiting_position = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "On the waiting list, 1 is next; null for who does not wait."},
    )
    offered_until = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "Until when a free place is kept for who waits; null: none is."},
    )


class CodeOut(Schema):
    """The signed address behind the poster's QR, and the short code beneath it."""

    url = fields.String(required=True)
    short_code = fields.String(required=True)

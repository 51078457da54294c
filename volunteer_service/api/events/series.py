"""Holding an event again over the API: copies, series, changes of a series, school terms."""

from typing import Any

from volunteer_service import clock
from volunteer_service.api.events.series_shapes import (
    CarryOverIn,
    CopyIn,
    RepeatIn,
    SchoolTermIn,
    SchoolTermOut,
    SchoolTermsOut,
    SeriesCancelIn,
    SeriesChangedOut,
    SeriesOut,
    SeriesPreviewOut,
)
from volunteer_service.api.events.shapes import EventOut
from volunteer_service.api.events.views import bp
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.events import (
    copying,
    event_lists,
    rescheduling,
    school_terms,
    series,
    series_changes,
    series_undoing,
)
from volunteer_service.events.models import Event
from volunteer_service.events.series_changes import ChangedSeries
from volunteer_service.events.series_models import SchoolTerm


@bp.post("/events/<int:event_id>/copy")
@guarded("write")
@idempotent
@bp.arguments(CopyIn)
@bp.response(201, EventOut)
def copy_event(body: dict[str, Any], event_id: int) -> Event:
    """Make a draft like this event, with its posts and shifts, at another beginning."""
    return copying.copy(event_id, **body, by=actor(), at=clock.now())


@bp.post("/events/<int:event_id>/series/preview")
@guarded("write")
@bp.arguments(RepeatIn)
@bp.response(200, SeriesPreviewOut)
def preview_series(body: dict[str, Any], event_id: int) -> dict[str, Any]:
    """Return the days of a rule, and why no event is made on some of them; nothing is written."""
    wanted = series.Repeat(**body)
    return {"days": series.foresee(event_id, wanted, by=actor(), at=clock.now())}


@bp.post("/events/<int:event_id>/series")
@guarded("write")
@idempotent
@bp.arguments(RepeatIn)
@bp.response(201, SeriesOut)
def repeat_event(body: dict[str, Any], event_id: int) -> dict[str, Any]:
    """Make an event like this one on each day of the rule; published where this one is."""
    series.repeat(event_id, series.Repeat(**body), by=actor(), at=clock.now())
    return _series(event_id)


@bp.get("/events/<int:event_id>/series")
@guarded("read")
@bp.response(200, SeriesOut)
def get_series(event_id: int) -> dict[str, Any]:
    """Return the events of the same series by their beginning; none for an event that stands
    alone.
    """
    return _series(event_id)


@bp.post("/events/<int:event_id>/series/carry-over")
@guarded("write")
@idempotent
@bp.arguments(CarryOverIn)
@bp.response(200, SeriesChangedOut)
def carry_over_series(body: dict[str, Any], event_id: int) -> ChangedSeries:
    """Copy this event's words and time of day, or its shifts too, to other events of the series."""
    dry_run = body.pop("dry_run")

    def act() -> ChangedSeries:
        return series_changes.carry_over(event_id, **body, by=actor(), at=clock.now())

    return rescheduling.preview(act) if dry_run else act()


@bp.post("/events/<int:event_id>/series/carry-over/undo")
@guarded("write")
@idempotent
@bp.response(200, SeriesChangedOut)
def undo_carry_over(event_id: int) -> ChangedSeries:
    """Restore the events that were last carried over, on the same day."""
    return series_undoing.undo_carry_over(event_id, by=actor(), at=clock.now())


@bp.post("/events/<int:event_id>/series/cancel")
@guarded("write")
@idempotent
@bp.arguments(SeriesCancelIn)
@bp.response(200, SeriesChangedOut)
def cancel_series(body: dict[str, Any], event_id: int) -> ChangedSeries:
    """Cancel this event and others of its series."""
    return series_changes.cancel_series(event_id, **body, by=actor(), at=clock.now())


@bp.get("/school-terms")
@guarded("read")
@bp.response(200, SchoolTermsOut)
def list_school_terms() -> dict[str, Any]:
    """List the school terms that hold where the caller plans events."""
    return {"items": school_terms.known_to(by=actor())}


@bp.post("/school-terms")
@guarded("write")
@idempotent
@bp.arguments(SchoolTermIn)
@bp.response(201, SchoolTermOut)
def add_school_term(body: dict[str, Any]) -> SchoolTerm:
    """Enter a term of the schools in an area."""
    return school_terms.add_term(**body, by=actor(), at=clock.now())


@bp.delete("/school-terms/<int:term_id>")
@guarded("write")
@bp.response(204)
def remove_school_term(term_id: int) -> None:
    """Remove a term; events that were made by it stay."""
    school_terms.remove_term(term_id, by=actor(), at=clock.now())


def _series(event_id: int) -> dict[str, Any]:
    event, day = event_lists.seen_by(event_id, actor()), series.day_of(event_id)
    return {"series": day.series if day else None, "events": series.held(event, by=actor())}

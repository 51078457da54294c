"""The photos of an event: shown to people who are signed in, added by its leaders, taken down."""

from typing import Any

from flask import Response, render_template, url_for
from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema, fields, validate
from werkzeug.wrappers import Response as WerkzeugResponse

from volunteer_service import clock
from volunteer_service.events import event_lists, event_photos, event_teams
from volunteer_service.events.photo_models import CONSENTS
from volunteer_service.people.authorization.rights import Right
from volunteer_service.rate_limits import limiter
from volunteer_service.request_bodies import papers, takes_papers
from volunteer_service.web.events.views import bp
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, signed_in, staff


class PhotosForm(Schema):
    """The words about the photos."""

    class Meta:
        unknown = EXCLUDE

    consent = fields.String(required=True, validate=validate.OneOf(CONSENTS))
    caption = fields.String(load_default=None, validate=validate.Length(max=80))


@bp.get("/e/<int:event_id>/photos")
@signed_in
def photos(event_id: int) -> str:
    """Show all photos, and for leaders the form that adds some."""
    return _photos(event_id, {}, {})


@bp.post("/e/<int:event_id>/photos")
@takes_papers(event_photos.need_adder)
@staff("leader", "coordinator")
@limiter.limit("30 per minute")
def add_photos(event_id: int) -> WerkzeugResponse:
    """Add photos."""

    def work(values: dict[str, Any]) -> str:
        found = event_photos.readable(papers())
        event_photos.add_photos(event_id, found, **values, by=actor(), at=clock.now())
        return forms.done(_("照片已放上。"), url_for("events.photos", event_id=event_id))

    return forms.submit(PhotosForm, work, lambda *sent: _photos(event_id, *sent), by=actor())


@bp.get("/photos/<int:photo_id>.jpg")
@signed_in
def photo(photo_id: int) -> Response:
    """Show one photo."""
    jpeg = event_photos.picture(photo_id, is_small=False, by=actor())
    return Response(jpeg, mimetype="image/jpeg")


@bp.get("/photos/<int:photo_id>/small.jpg")
@signed_in
def small_photo(photo_id: int) -> Response:
    """Show its thumbnail."""
    jpeg = event_photos.picture(photo_id, is_small=True, by=actor())
    return Response(jpeg, mimetype="image/jpeg")


@bp.post("/photos/<int:photo_id>/take-down")
@staff("leader", "coordinator")
def take_photo_down(photo_id: int) -> WerkzeugResponse:
    """Take it down as a leader."""
    return _taken_down(photo_id, shows_me=False)


@bp.post("/photos/<int:photo_id>/shows-me")
@signed_in
def photo_shows_me(photo_id: int) -> WerkzeugResponse:
    """Take it down as somebody whom it shows."""
    return _taken_down(photo_id, shows_me=True)


def _taken_down(photo_id: int, *, shows_me: bool) -> WerkzeugResponse:
    def work() -> str:
        row = event_photos.take_photo_down(photo_id, shows_me=shows_me, by=actor(), at=clock.now())
        return forms.done(_("照片已撤下并删除。"), url_for("events.photos", event_id=row.event_id))

    return forms.act(work, by=actor())


def _photos(event_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    found = event_photos.listed(event_id, by=actor())
    event = event_lists.seen_by(event_id, actor())
    return render_template(
        "events/photos.html",
        event=event,
        photos=found,
        may_add=event_teams.may(actor(), Right.EVENT_EDIT, event),
        has_begun=event.state in ("published", "closed") and clock.now() >= event.starts_at,
        values=values,
        errors=errors,
    )

"""Complaints about a volunteer: staff write them down, the volunteer replies, a third person
decides.
"""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.attendance import complaints
from volunteer_service.errors import NotFound
from volunteer_service.people.search import people_lists
from volunteer_service.web.people.blueprint import bp
from volunteer_service.web.people.forms import ComplaintForm, ReplyForm
from volunteer_service.web.people.volunteers import shown
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, signed_in, staff


@bp.post("/people/<int:volunteer_id>/complaints")
@staff("coordinator")
def complain(volunteer_id: int) -> Response:
    """Write a complaint down; the volunteer is told at once, and it counts for nothing until the
    decision.
    """
    person = people_lists.volunteer(volunteer_id, by=actor())

    def work(values: dict[str, Any]) -> str:
        complaints.complain(volunteer_id, **values, by=actor(), at=clock.now())
        return forms.done(_("投诉已记下，先听本人说明，再处理。"), _back(volunteer_id))

    def again(values: dict[str, Any], errors: dict[str, Any]) -> str:
        return shown(person, values=values, errors=errors)

    return forms.submit(ComplaintForm, work, again, by=actor())


@bp.post("/complaints/<int:complaint_id>/told")
@staff("coordinator")
def told_in_person(complaint_id: int) -> Response:
    """Record that somebody without an account was told."""

    def work() -> str:
        row = complaints.told_in_person(complaint_id, by=actor(), at=clock.now())
        return forms.done(_("已记下：今天告诉了本人。"), _back(row.volunteer_id))

    return forms.act(work, by=actor())


@bp.get("/complaints/<int:complaint_id>/noted-reply")
@staff("coordinator")
def what_was_said(complaint_id: int) -> str:
    """Show the form for what the volunteer said in person."""
    return _note(complaint_id, {}, {})


@bp.post("/complaints/<int:complaint_id>/noted-reply")
@staff("coordinator")
def note_reply(complaint_id: int) -> Response:
    """Write down what the volunteer said in person."""

    def work(values: dict[str, Any]) -> str:
        words = values["reply"]
        row = complaints.note_reply(complaint_id, words=words, by=actor(), at=clock.now())
        return forms.done(_("本人的说明已记下。"), _back(row.volunteer_id))

    def again(values: dict[str, Any], errors: dict[str, Any]) -> str:
        return _note(complaint_id, values, errors)

    return forms.submit(ReplyForm, work, again, by=actor())


@bp.post("/complaints/<int:complaint_id>/<any(uphold,dismiss):answer>")
@staff("coordinator")
def decide_complaint(complaint_id: int, answer: str) -> Response:
    """Uphold a complaint, which costs the half-year's star, or dismiss it."""

    def work() -> str:
        upheld = answer == "uphold"
        row = complaints.decide_complaint(complaint_id, upheld=upheld, by=actor(), at=clock.now())
        return forms.done(_("投诉已处理。"), _back(row.volunteer_id))

    return forms.act(work, by=actor())


@bp.get("/my/complaints")
@signed_in
def my_complaints() -> str:
    """Show the complaints about oneself."""
    found = complaints.complaints_of(_own(), by=actor())
    return render_template("people/my_complaints.html", complaints=found)


@bp.get("/my/complaints/<int:complaint_id>")
@signed_in
def my_complaint(complaint_id: int) -> str:
    """Show one complaint about oneself, and the form to answer it."""
    return _mine(complaint_id, {}, {})


@bp.post("/my/complaints/<int:complaint_id>/reply")
@signed_in
def reply(complaint_id: int) -> Response:
    """Answer a complaint about oneself."""

    def work(values: dict[str, Any]) -> str:
        complaints.reply(complaint_id, words=values["reply"], by=actor(), at=clock.now())
        here = url_for("people.my_complaint", complaint_id=complaint_id)
        return forms.done(_("您的说明已提交，处理的人会看到。"), here)

    def again(values: dict[str, Any], errors: dict[str, Any]) -> str:
        return _mine(complaint_id, values, errors)

    return forms.submit(ReplyForm, work, again, by=actor())


def _mine(complaint_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    row = complaints.complaint(complaint_id, by=actor())
    if row.volunteer_id != _own():
        raise NotFound()
    return render_template("people/my_complaint.html", row=row, values=values, errors=errors)


def _note(complaint_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    row = complaints.complaint(complaint_id, by=actor())
    person = people_lists.volunteer(row.volunteer_id, by=actor())
    return render_template(
        "people/note_reply.html", row=row, person=person, values=values, errors=errors
    )


def _own() -> int:
    mine = actor().volunteer_id
    if mine is None:
        raise NotFound()
    return mine


def _back(volunteer_id: int) -> str:
    return url_for("people.show", volunteer_id=volunteer_id, _anchor="complaints")

"""Workbooks in: upload, preview, apply with a progress bar, the result, and back out."""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from io import BytesIO

from flask import Blueprint, current_app, g, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import Schema

from volunteer_service import clock
from volunteer_service.errors import Phrase, Refused
from volunteer_service.fields import Reason, Text
from volunteer_service.request_bodies import takes_files
from volunteer_service.web.imports import changed, sheet_forms
from volunteer_service.web.shared import forms, list_pages, row_ids
from volunteer_service.web.shared.forms import Values
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.wording import refusal
from volunteer_service.workbooks import (
    agreed_changes,
    applying,
    approval,
    background_steps,
    import_overviews,
    import_states,
    problems,
    receiving,
    refused_rows,
    stored_files,
)
from volunteer_service.workbooks.asked_sheets import asked_areas, asked_rows
from volunteer_service.workbooks.handing_in import same_files, uploads
from volunteer_service.workbooks.judging.taken_or_refused import WORDS
from volunteer_service.workbooks.reading import known_columns, sheet_shapes
from volunteer_service.workbooks.refusals import UploadGone
from volunteer_service.workbooks.taking_back import changed_since, undo_approval, undoing
from volunteer_service.workbooks.taking_back.undoing import BUILT_UPON

bp = Blueprint("imports", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class AnswerForm(Schema):
    """Why it is refused."""

    answer = Reason(200, required=True)


class UploadForm(Schema):
    """The files come beside the fields."""

    sub_district = Text(60, load_default=None)


@bp.get("/imports")
@staff("coordinator")
def index() -> ResponseReturnValue:
    """Show the form for workbooks, and what was handed in before."""
    return _index({}, {})


@bp.post("/imports")
@takes_files(receiving.need_street)
@staff("coordinator")
def receive() -> ResponseReturnValue:
    """Store the files and begin to read them."""
    return forms.submit(UploadForm, _receive, _index, by=actor())


@bp.get("/imports/<int:import_id>")
@staff("coordinator")
def show(import_id: int) -> ResponseReturnValue:
    """Show the preview, the progress bar or the result, by the import's state."""
    return show_again(import_id, {}, {})


@bp.post("/imports/<int:import_id>/read")
@staff("coordinator")
def read_again(import_id: int) -> ResponseReturnValue:
    """Judge its files once more, without another upload."""

    def work() -> str:
        at = clock.now()
        same_files.read_again(import_id, by=actor(), at=at)
        background_steps.read(import_id, current_app.app_context, by=actor(), at=at)
        return url_for("imports.show", import_id=import_id)

    return forms.act(work, by=actor())


@bp.post("/imports/<int:import_id>/apply")
@staff("coordinator")
def apply(import_id: int) -> ResponseReturnValue:
    """Begin to apply it."""

    def work() -> str:
        at = clock.now()
        applying.begin(import_id, by=actor(), at=at)
        background_steps.apply(import_id, current_app.app_context, by=actor(), at=at)
        return url_for("imports.show", import_id=import_id)

    return forms.act(work, by=actor())


@bp.post("/imports/<int:import_id>/changes")
@staff("coordinator")
def agree(import_id: int) -> ResponseReturnValue:
    """Set which changes are agreed to: all, none, or the ticked ones of those shown."""

    def work() -> str:
        agreed, of = _ticked()
        agreed_changes.agree(import_id, agreed, of=of, by=actor(), at=clock.now())
        page = url_for("imports.show", import_id=import_id, _anchor="changes")
        return forms.done(_("已保存选择"), page)

    return forms.act(work, by=actor())


@bp.post("/imports/<int:import_id>/ask")
@staff("coordinator")
def ask(import_id: int) -> ResponseReturnValue:
    """Ask a second person."""

    def work() -> str:
        approval.ask(import_id, by=actor(), at=clock.now())
        return forms.done(_("已提交，等另一个人审批"), url_for("imports.show", import_id=import_id))

    return forms.act(work, by=actor())


@bp.post("/imports/<int:import_id>/withdraw")
@staff("coordinator")
def withdraw(import_id: int) -> ResponseReturnValue:
    """Take back one's own request."""

    def work() -> str:
        approval.withdraw(import_id, by=actor(), at=clock.now())
        return forms.done(_("已收回，不再等审批"), url_for("imports.show", import_id=import_id))

    return forms.act(work, by=actor())


@bp.post("/imports/<int:import_id>/approve")
@staff("coordinator")
def approve(import_id: int) -> ResponseReturnValue:
    """Begin to apply it, as the second person."""

    def work() -> str:
        at = clock.now()
        applying.approve(import_id, by=actor(), at=at)
        background_steps.apply(import_id, current_app.app_context, by=actor(), at=at)
        return url_for("imports.show", import_id=import_id)

    return forms.act(work, by=actor())


@bp.post("/imports/<int:import_id>/refuse")
@staff("coordinator")
def refuse(import_id: int) -> ResponseReturnValue:
    """Refuse it as the second person, and say why."""

    def work(values: Values) -> str:
        approval.refuse(import_id, **values, by=actor(), at=clock.now())
        return forms.done(
            _("没有通过，什么都没有导入"), url_for("imports.show", import_id=import_id)
        )

    return forms.submit(AnswerForm, work, partial(show_again, import_id), by=actor())


@bp.post("/imports/<int:import_id>/discard")
@staff("coordinator")
def discard(import_id: int) -> ResponseReturnValue:
    """Drop a preview."""

    def work() -> str:
        undoing.discard(import_id, by=actor(), at=clock.now())
        return forms.done(_("已放弃这次导入，文件已删除"), url_for("imports.index"))

    return forms.act(work, by=actor())


@bp.get("/imports/<int:import_id>/refused.xlsx")
@staff("coordinator")
def refused_workbook(import_id: int) -> ResponseReturnValue:
    """Show the refused rows as the workbook they came in, with the reason beside each."""
    out = BytesIO()
    refused_rows.refused_workbook(import_id, out, by=actor(), words=_words)
    out.seek(0)
    name = _("导入%(id)s-退回的行.xlsx", id=import_id)
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


def _ticked() -> tuple[list[int] | None, list[int] | None]:
    """Return the agreed changes, and the changes to which that applies; None means all."""
    whole = request.form.get("all")
    if whole is not None:
        return (None if whole == "yes" else []), None
    agreed, shown = (row_ids.read_all(request.form.getlist(name)) for name in ("agreed", "shown"))
    return agreed, shown


def _receive(values: Values) -> str:
    by, at = actor(), clock.now()
    try:
        with uploads.whole_uploads(request.form.getlist("uploads"), by=by) as sent:
            found = same_files.hand_in([*sent, *_files()], **values, by=by, at=at)
    except Refused as refused:
        # The form comes back with the sentence and the code, for people who ask for help.
        g.import_code = refused.code()
        raise
    target = url_for("imports.show", import_id=found.row.id)
    if found.is_to_read:
        background_steps.read(found.row.id, current_app.app_context, by=by, at=at)
    if found.is_again:
        return forms.done(_("同样的文件已经交过，就是这一次导入，不会重复"), target, "info")
    return target


def _files() -> list[stored_files.Upload]:
    return [
        stored_files.Upload(file.filename, file.stream)
        for file in request.files.getlist("files")
        if file.filename
    ]


def _sent() -> list[uploads.Unfinished]:
    """Return what this form uploaded piece by piece before, so that it is not sent again."""
    found = []
    for key in request.form.getlist("uploads"):
        with suppress(UploadGone):
            found.append(uploads.upload_so_far(key, by=actor()))
    return found


def show_again(import_id: int, values: Values, errors: Values) -> str:
    """Return the page of an import, with what was typed into its forms."""
    detail = import_overviews.detail(import_id, by=actor(), at=clock.now())
    rows = refused_rows.refused_rows(
        import_id, by=actor(), kind=request.args.get("kind"), cursor=request.args.get("cursor")
    )
    return render_template(
        "imports/show.html",
        detail=detail,
        standing=detail.standing,
        rows=rows,
        kind=request.args.get("kind"),
        reason=_reason,
        shapes=sheet_shapes.SHAPES,
        kinds=sheet_forms.kinds(),
        blockers=_blockers(detail.standing),
        changed=_changed(detail.standing),
        undo=undo_approval.standing(detail.standing.row, by=actor(), at=clock.now()),
        changes=changed.of(import_id, request.args.get("changes"), by=actor()),
        values=values,
        errors=errors,
        problem=problems.worded(detail.standing.row, _words),
        problem_code=problems.problem_code(detail.standing.row),
        refusal=refusal,
        phrase=_phrase,
        looks=asked_rows.looks_of(detail.standing.row),
        places=asked_areas.places_of(detail.standing.row),
        column=_column,
    )


def _column(counted: str) -> str:
    """Return the header of a column that is counted as «kind:field»."""
    return known_columns.column_word(*counted.split(":"))


def _phrase(part: Phrase) -> str:
    return part.worded(_words)


def _index(values: Values, errors: Values) -> str:
    return render_template(
        "imports/index.html",
        shown=list_pages.shown("imports", by=actor()),
        values=values,
        errors=errors,
        sent=_sent(),
        code=g.get("import_code"),
    )


def _blockers(standing: import_states.Standing) -> list[tuple[str, int]]:
    if standing.state != "applied":
        return []
    return counted(undoing.blockers(standing.row.id))


def _changed(standing: import_states.Standing) -> list[tuple[str, int]]:
    """Return what will stay because it was changed since."""
    if standing.state != "applied":
        return []
    return counted(changed_since.count(standing.row))


def counted(found: Mapping[str, int]) -> list[tuple[str, int]]:
    """Word what was counted, by table."""
    return [(_words(BUILT_UPON.get(name, "其他资料")), n) for name, n in found.items()]


def _reason(code: str) -> str:
    return _words(WORDS[code])


def _words(msgid: str) -> str:
    return str(_(msgid))

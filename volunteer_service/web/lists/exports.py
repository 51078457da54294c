"""Exports that take longer than a request: prepared, watched, cancelled, downloaded."""

from flask import Response as FlaskResponse
from flask import render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.lists import registry
from volunteer_service.lists.exports import kept_exports, writing_exports
from volunteer_service.lists.spreadsheets import KINDS
from volunteer_service.web.lists.blueprint import bp
from volunteer_service.web.shared import forms, list_pages
from volunteer_service.web.shared.guard import actor, signed_in


@bp.route("/lists/<list_name>/export", methods=["GET", "POST"])
@signed_in
def prepare(list_name: str) -> str | Response:
    """Show how many rows the file would have; the sent form begins to write it beside the
    request.
    """
    asked, kind = list_pages.asked_of(list_name, by=actor()), request.args.get("kind", "xlsx")
    if request.method != "POST":
        count = list_pages.counted_whole(list_name, by=actor())
        return render_template("lists/prepare.html", asked=asked, count=count, kind=kind)

    def work() -> str:
        args = list_pages.args_of(asked.declared)
        row = kept_exports.begin(asked, kind, args, by=actor(), at=clock.now())
        writing_exports.go(row, by=actor())
        return url_for("lists.export", export_id=row.id)

    return forms.act(work, by=actor())


@bp.get("/lists/exports/<int:export_id>")
@signed_in
def export(export_id: int) -> str:
    """Show one export: its progress, or its file."""
    row = kept_exports.of(export_id, by=actor())
    return render_template(
        "lists/export.html",
        export=row,
        title=registry.open_to(row.list_name, by=actor()).title,
        is_left=kept_exports.is_left(row, at=clock.now()),
    )


@bp.get("/lists/exports/<int:export_id>/file")
@signed_in
def export_file(export_id: int) -> FlaskResponse:
    """Show the file of an export."""
    row, path = kept_exports.file_of(export_id, by=actor(), at=clock.now())
    name = f"{row.list_name}.{row.kind}"
    return send_file(
        path, mimetype=KINDS[row.kind], as_attachment=True, download_name=name, max_age=0
    )


@bp.post("/lists/exports/<int:export_id>/<any(cancel, 'go-on'):step>")
@signed_in
def take_export(export_id: int, step: str) -> Response:
    """Cancel an export, or write an abandoned one again."""

    def work() -> str:
        here, at = url_for("lists.export", export_id=export_id), clock.now()
        if step == "cancel":
            kept_exports.cancel(export_id, by=actor(), at=at)
            return forms.done(_("已取消，文件不保留。"), here)
        writing_exports.go(kept_exports.go_on(export_id, by=actor(), at=at), by=actor())
        return here

    return forms.act(work, by=actor())

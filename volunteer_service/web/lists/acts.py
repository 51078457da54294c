"""Acts on many rows of a list: the form, the preview, the progress bar, the result, the undo."""

from functools import partial
from typing import Any

from flask import current_app, render_template, request, url_for
from werkzeug.wrappers import Response

from volunteer_service import clock, wording
from volunteer_service.errors import NotFound
from volunteer_service.lists.acts import batch_cards, batches, beside_requests, declared
from volunteer_service.lists.acts.declaration import Act
from volunteer_service.lists.acts.models import Batch, BatchRow
from volunteer_service.web.lists.act_forms import schema_of
from volunteer_service.web.lists.blueprint import bp
from volunteer_service.web.shared import forms, list_pages, row_ids
from volunteer_service.web.shared.card_files import card_file
from volunteer_service.web.shared.forms import Values
from volunteer_service.web.shared.guard import actor, staff

#: How many rows of each kind a batch's page names.
_NAMED = 100
_STEPS = {"run": batches.run, "undo": batches.undo, "stop": batches.stop}


@bp.post("/lists/<list_name>/act")
@staff("leader", "coordinator", "desk")
def act(list_name: str) -> Response:
    """Judge an act on many rows, after asking for what it needs to know."""
    chosen = _chosen_act(list_name)

    if chosen.asks and "asked" not in request.form:
        return Response(_form(list_name, chosen, {}), mimetype="text/html")
    return forms.submit(
        schema_of(chosen),
        partial(_judged, list_name, chosen),
        lambda _raw, bad: _form(list_name, chosen, bad),
        by=actor(),
    )


@bp.get("/lists/batches/<int:batch_id>")
@staff("leader", "coordinator", "desk")
def batch(batch_id: int) -> str:
    """Show one batch: what would be done and what not and why, how far it is, what was done."""
    row = batches.of(batch_id, by=actor())
    counts = batches.counted(row)
    return render_template(
        "lists/batch.html",
        batch=row,
        act=batches.act_of(row),
        counts=counts,
        is_left=beside_requests.is_left(row, at=clock.now()),
        is_running=row.state in ("judging", "running", "undoing"),
        left_out=_named(row, "unfit", "refused", "kept"),
        taken=_named(row, "fit", "done", "undone"),
    )


@bp.get("/lists/batches/<int:batch_id>/cards.pdf")
@staff("coordinator")
def batch_cards_file(batch_id: int) -> Response:
    """Show the cards that a batch printed and that are in use, ten on a sheet."""
    found = batch_cards.cards_of(batches.of(batch_id, by=actor()), by=actor())
    return card_file(found)


@bp.post("/lists/batches/<int:batch_id>/<any(run, undo, stop, 'go-on'):step>")
@staff("leader", "coordinator", "desk")
def take(batch_id: int, step: str) -> Response:
    """Do what was shown, undo it, stop it, or continue an abandoned step."""

    def work() -> str:
        at = clock.now()
        row = batches.of(batch_id, by=actor())
        if step in _STEPS:
            row = _STEPS[step](batch_id, by=actor(), at=at)
        beside_requests.go(row, current_app.app_context, by=actor(), at=at)
        return url_for("lists.batch", batch_id=batch_id)

    return forms.act(work, by=actor())


def _judged(list_name: str, chosen: Act, values: Values) -> str:
    ids = None if _is_all() else row_ids.read_all(request.form.getlist("row"))
    asked, at = list_pages.asked_of(list_name, by=actor()), clock.now()
    row = batches.begin(asked, chosen.name, values, chosen=ids, by=actor(), at=at)
    beside_requests.go(row, current_app.app_context, by=actor(), at=at)
    return url_for("lists.batch", batch_id=row.id)


def _chosen_act(list_name: str) -> Act:
    name = request.form.get("act", "")
    found = [each for each in declared.offered(list_name, by=actor()) if each.name == name]
    if not found:
        raise NotFound()
    return found[0]


def _is_all() -> bool:
    return request.form.get("scope") == "all"


def _form(list_name: str, chosen: Act, errors: Values) -> str:
    ids = row_ids.read_all(request.form.getlist("row"))
    return render_template(
        "lists/act.html",
        shown=list_pages.counted(list_name, by=actor()),
        act=chosen,
        is_all=_is_all(),
        rows=ids,
        errors=errors,
        values=request.form,
    )


def _named(row: Batch, *states: str) -> list[tuple[list_pages.Named, str]]:
    """Return the first rows in a state: how the list names each, and why it was left out."""
    found = batches.rows_of(row, *states, limit=_NAMED)
    names = list_pages.named(row.list_name, [each.row_id for each in found], by=actor())
    return [(names[each.row_id], _why(each)) for each in found if each.row_id in names]


def _why(row: BatchRow) -> str:
    trouble: dict[str, Any] | None = row.trouble
    return wording.told(trouble) if trouble else ""

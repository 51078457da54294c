"""The answers to what a sheet of an import is and which column contains what, and what is
remembered.
"""

from functools import partial

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from volunteer_service import clock
from volunteer_service.web.imports import sheet_forms, views
from volunteer_service.web.imports.views import bp
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.forms import Values
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.workbooks import background_steps
from volunteer_service.workbooks.asked_sheets import (
    asked_areas,
    asked_rows,
    sheet_answers,
    sheet_memory,
    written_codes,
)
from volunteer_service.workbooks.reading import written_dates


@bp.get("/imports/<int:import_id>/sheets/<int:sheet_number>")
@staff("coordinator")
def sheet(import_id: int, sheet_number: int) -> ResponseReturnValue:
    """Show one sheet: what it is taken for, and the selects to change that."""
    return _show(import_id, sheet_number, {}, {})


@bp.post("/imports/<int:import_id>/sheets/<int:sheet_number>")
@staff("coordinator")
def answer_sheet(import_id: int, sheet_number: int) -> ResponseReturnValue:
    """Set what the sheet is; the import is judged anew."""

    def work(values: Values) -> str:
        at = clock.now()
        ask = partial(sheet_answers.question, import_id, sheet_number, by=actor())
        said = sheet_forms.said(values, ask)
        sheet_answers.answer(import_id, sheet_number, **said, by=actor(), at=at)
        background_steps.read(import_id, current_app.app_context, by=actor(), at=at)
        target = url_for("imports.show", import_id=import_id)
        return forms.done(_("已记住，下次遇到同样的表头会照此处理"), target)

    again = partial(_show, import_id, sheet_number)
    return forms.submit(sheet_forms.SheetForm, work, again, by=actor())


@bp.post("/imports/<int:import_id>/rows")
@staff("coordinator")
def choose_rows(import_id: int) -> ResponseReturnValue:
    """Set whether hidden or struck-through rows are taken; the import is judged anew."""

    def work(values: Values) -> str:
        at = clock.now()
        asked_rows.choose(import_id, **values, by=actor(), at=at)
        background_steps.read(import_id, current_app.app_context, by=actor(), at=at)
        target = url_for("imports.show", import_id=import_id)
        return forms.done(_("已记住，以后本街道的表照此处理"), target)

    again = partial(views.show_again, import_id)
    return forms.submit(sheet_forms.RowsForm, work, again, by=actor())


@bp.post("/imports/<int:import_id>/places")
@staff("coordinator")
def choose_places(import_id: int) -> ResponseReturnValue:
    """Set whether names that look alike are one place; the import is judged anew."""

    def work(values: Values) -> str:
        at = clock.now()
        keys = [values["key"]] if values["key"] else None
        asked_areas.choose_places(import_id, values["are"], keys=keys, by=actor(), at=at)
        background_steps.read(import_id, current_app.app_context, by=actor(), at=at)
        target = url_for("imports.show", import_id=import_id)
        return forms.done(_("已记住，以后本街道的表照此处理"), target)

    again = partial(views.show_again, import_id)
    return forms.submit(sheet_forms.PlacesForm, work, again, by=actor())


@bp.get("/imports/meanings")
@staff("coordinator")
def meanings() -> ResponseReturnValue:
    """Show the street's answers about its sheets and columns."""
    found = sheet_memory.meanings(actor(), cursor=request.args.get("cursor"), limit=20)
    return render_template(
        "imports/meanings.html",
        found=found,
        kinds=sheet_forms.kinds(),
        fields=sheet_forms.fields_in_words(),
    )


@bp.get("/imports/meanings/<int:meaning_id>")
@staff("coordinator")
def meaning(meaning_id: int) -> ResponseReturnValue:
    """Show one answer in full; a profile can be renamed."""
    return _show_meaning(meaning_id, {}, {})


@bp.post("/imports/meanings/<int:meaning_id>/rename")
@staff("coordinator")
def rename(meaning_id: int) -> ResponseReturnValue:
    """Give a profile another name."""

    def work(values: Values) -> str:
        sheet_memory.rename_profile(meaning_id, **values, by=actor(), at=clock.now())
        return forms.done(_("已改名"), url_for("imports.meaning", meaning_id=meaning_id))

    return forms.submit(sheet_forms.NameForm, work, partial(_show_meaning, meaning_id), by=actor())


@bp.post("/imports/meanings/<int:meaning_id>/forget")
@staff("coordinator")
def forget(meaning_id: int) -> ResponseReturnValue:
    """Forget one answer."""

    def work() -> str:
        sheet_memory.forget(meaning_id, by=actor(), at=clock.now())
        return forms.done(_("已忘记，下次会再问"), url_for("imports.meanings"))

    return forms.act(work, by=actor())


def _show_meaning(meaning_id: int, values: Values, errors: Values) -> str:
    row = sheet_memory.meaning(meaning_id, by=actor())
    return render_template(
        "imports/meaning.html",
        row=row,
        dates=[written_dates.in_chinese(form) for form in row.meaning.get("dates", ())],
        kinds=sheet_forms.kinds(),
        fields=sheet_forms.fields_in_words(),
        values=values,
        errors=errors,
    )


def _show(import_id: int, sheet_number: int, values: Values, errors: Values) -> str:
    wanted = sheet_forms.wanted(values or request.args)
    question = sheet_answers.question(import_id, sheet_number, **wanted, by=actor())
    return render_template(
        "imports/sheet.html",
        question=question,
        import_id=import_id,
        kinds=sheet_forms.kinds(),
        fields=sheet_forms.fields_in_words(),
        rows=sheet_forms.rows(question),
        asked=sheet_forms.asked(question),
        columns=sheet_forms.columns_to_choose(question),
        left=[
            words
            for column, (words, _example) in enumerate(question.columns)
            if words and column not in question.known.values()
        ],
        codes=written_codes.lines_of(question.kind, question.codes) if question.kind else "",
        dates=sheet_forms.dates_of(question),
        errors=errors,
    )

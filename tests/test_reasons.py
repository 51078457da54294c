"""A reason without readable characters is refused by every verb and every field."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import Schema, ValidationError

import volunteer_service
from tests import make
from tests.schemas import schemas
from tests.signing import hidden, sign_in
from volunteer_service import visible_text
from volunteer_service.attendance import complaints
from volunteer_service.attendance.models import Complaint
from volunteer_service.db import db, transaction
from volunteer_service.fields import Reason, Text
from volunteer_service.journal import Entry
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Look
from volunteer_service.people.personal_data import personal_data

#: Packages whose public functions are verbs or what verbs are made of.
DOMAINS = (
    "areas",
    "attendance",
    "certificates",
    "events",
    "merging",
    "people",
    "policies",
    "scoring",
    "teams",
)
#: Of a workbook's rows, reasons are codes; a person's words stand in here alone.
ALSO = "volunteer_service.workbooks.approval"
ASKED = {"reason", "words", "answer", "why"}

#: Not a person's words, and why.
OTHERWISE = {
    "chinese_numbers.in_figures": "words of a search, not a reason",
    "policies.next_version": "propose_policy has read it",
    "conflicts.refused": "our own phrase of why somebody may not decide",
    "readiness.need": "a part of a freeze, which reads it",
    "claims.enter_late_scan": "a part of accepting a late scan, which reads it",
    "late_scan_effects.count": "a part of decide_anomaly, which reads it",
    "consents.judge_as_minor": "a part of a change of a person, which reads it",
    "corrections.put_right": "a part of two verbs that read them",
    "corrections.put_times_right": "a part of the decision of a dispute, which reads it",
    "person_change_lists.reveal_change": "reads it in log_look",
    "person_change_rows.keep_done": "its callers have read it",
    "person_change_rows.new_row": "its callers have read it",
    "person_change_steps.begin": "its callers have read it",
    "personal_data_export.export_of": "reads it in log_look; nobody gives one for their own data",
    "series_shifts.carry": "carry_over has read it",
    "undo_requests.answer": "refuse_undo of its domain has read it",
    "undo_requests.ask": "ask_undo of its domain has read it",
    "undo_requests.decided": "refuse_undo of its domain has read it",
    "undo_requests.undo_standing": "why it takes two, which the domain says",
    "audit_looks.keep": "its callers have read it, or a fixed word of ours",
    "gifts.move_stock": "one of receive, write_off and count reads it",
    "earnings.grant": "a fixed word of the ledger",
    "passings.pass_back": "a fixed word of the ledger",
    "passings.pass_on": "a fixed word of the ledger",
    "holds.capture": "a fixed word of an order",
    "lots.post": "a fixed word of the ledger",
    "personal_data.log_look": "reads it in said_reason",
    "personal_data.said_reason": "asks for two letters, a refusal of its own (test_personal_data)",
    "personal_data.reveal": "reads it in log_look",
    "paper_codes.stated": "the text of a paper",
    "record_decisions.amend": "its callers have read it",
    "record_decisions.changed": "its callers have read it",
    "reversals.give_back": "a fixed word of an order that ended",
    "signing.read": "the text of a paper",
    "signing.sign": "the text of a paper",
    "signing.signed": "the text of a paper",
    "signing.written": "the text of a paper",
    "stock.shift": "its callers have read it",
}

UNSEEN = {
    "empty": "",
    "blanks": "   ",
    "tab and line": "\t\n",
    "no-break": "\u00a0\u3000\u2003",
    "zero width": "\u200b\u200b\u200b",
    "joiners": "\u200c\u200d\u200d",
    "word joiner": "\u2060\u2060",
    "byte order": "\ufeff\ufeff",
    "hangul filler": "\u3164\u3164",
    "other fillers": "\u115f\u1160\uffa0",
    "braille blank": "\u2800\u2800",
    "turns": "\u202e\u2066\u2069",
    "soft hyphens": "\u00ad\u00ad",
    "marks alone": "\u0301\u0302\u20dd",
    "variation selectors": "\ufe0f\ufe0e\U000e0100",
    "tags": "\U000e0041\U000e0042",
    "controls": "\x00\x01\x7f",
    "mixed": " \u200b\u3164\t\ufe0f ",
    "stops": "。。。",
    "signs": "--??!!",
}
SHOWN_SIGNS = {"stops", "signs"}


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of the domains, by ``module.name``."""
    for found in pkgutil.walk_packages(volunteer_service.__path__, "volunteer_service."):
        domain = found.name.split(".")[1]
        is_verbs = domain in DOMAINS or found.name == ALSO
        if not is_verbs or ".rules" in found.name:
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if inspect.isfunction(value) and value.__module__ == found.name and name[0] != "_":
                yield f"{found.name.rsplit('.', 1)[-1]}.{name}", value


def asking() -> dict[str, tuple[Callable[..., Any], str]]:
    """The functions that take words of a person, and the parameter."""
    return {
        name: (function, parameter)
        for name, function in functions()
        for parameter in inspect.signature(function).parameters
        if parameter in ASKED
    }


def said() -> list[tuple[str, str]]:
    """Every text that a verb says it needs: ``record_decisions.refuse`` and ``reason``."""
    return [
        (name, text)
        for name, function in functions()
        for text in getattr(function, "said", ())
        if "." not in text
    ]


def test_every_verb_that_takes_words_reads_them() -> None:
    found = asking()
    assert {"record_decisions.refuse", "disputes.dispute", "objections.decide_objection"} <= set(
        found
    )
    unread = {
        name
        for name, (function, parameter) in found.items()
        if parameter not in getattr(function, "said", ())
    }
    assert unread == set(OTHERWISE)


def filled(function: Callable[..., Any], parameter: str, text: str) -> dict[str, Any]:
    """Arguments of which only ``parameter`` is wrong in itself; nothing exists yet."""
    values: dict[str, Any] = {
        "int": 1,
        "str": "说明",
        "bool": True,
        "date": date(2026, 5, 1),
        "datetime": datetime(2026, 5, 1, tzinfo=UTC),
        "Actor": Actor.system("cli"),
    }
    needed = {
        name: values.get(getattr(each.annotation, "__name__", str(each.annotation)), [1])
        for name, each in inspect.signature(function).parameters.items()
        if each.default is inspect.Parameter.empty
    }
    return needed | {parameter: text}


@pytest.mark.parametrize("unseen", UNSEEN)
def test_no_verb_takes_a_text_that_says_nothing(app: Flask, unseen: str) -> None:
    verbs = dict(functions())
    assert len(said()) >= 25
    with app.app_context(), transaction():
        before = db.session.query(Entry).count()
        for name, parameter in said():
            call = filled(verbs[name], parameter, UNSEEN[unseen])
            with pytest.raises(visible_text.NothingSaid) as refusal:
                verbs[name](**call)
            assert refusal.value.field == parameter, name
        assert db.session.query(Entry).count() == before


@pytest.mark.parametrize("word", ["雨", "𰻞", "a", "7", "下雨，取消", "إلغاء", "क्षति", "👨‍👩‍👧 ok"])
def test_a_word_of_any_script_is_one(word: str) -> None:
    assert visible_text.need_said(f"\u200b {word}\ufeff ", "reason") == word


def test_what_is_kept_has_nothing_unseen_in_it(session) -> None:
    cast = make.cast()
    row = complaints.complain(
        cast.wang.id,
        happened_on=date(2026, 5, 1),
        words="\u3000迟\u200b到\u202e\u2800 ",
        by=Actor.system("cli"),
        at=make.MORNING,
    )
    assert row.words == "迟到"


SCHEMAS = schemas()


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_no_field_takes_a_text_that_shows_nothing(app_without_database: Flask, name: str) -> None:
    schema = SCHEMAS[name]
    with app_without_database.test_request_context():
        for field in schema().load_fields.values():
            if isinstance(field, Text):
                for unseen, text in UNSEEN.items():
                    if unseen in SHOWN_SIGNS and not isinstance(field, Reason):
                        continue
                    with pytest.raises(ValidationError):
                        field.deserialize(text)


def test_every_field_for_words_is_a_reason() -> None:
    found = {
        f"{name}.{field}": type(each).__name__
        for name, schema in SCHEMAS.items()
        for field, each in load_fields(schema).items()
        if field in ASKED
    }
    assert len(found) > 20
    assert {name for name, kind in found.items() if kind != "Reason"} == {
        # A code that the list is filtered by.
        "api.imports.shapes.RefusedQuery.reason"
    }


def load_fields(schema: type[Schema]) -> dict[str, Any]:
    return schema().load_fields


@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_look_at_somebody_s_data_says_why(session, unseen: str) -> None:
    cast = make.cast()
    for text in (UNSEEN[unseen], UNSEEN[unseen] + "a"):
        with pytest.raises(personal_data.ReasonMissing):
            personal_data.reveal(
                cast.wang.id, "phone", text, by=make.acting(cast.coordinator), at=make.MORNING
            )
    assert db.session.query(Look).count() == 0


def test_a_person_reads_why_and_nothing_is_kept(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        wang = make.cast().wang.id
    sign_in(client, "zhoujing")
    form = hidden(client, f"/people/{wang}") | {
        "words": "\u200b\u3164",
        "happened_on": "2026-05-01",
    }
    answer = client.post(f"/people/{wang}/complaints", data=form)
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.query(Complaint).count() == 0

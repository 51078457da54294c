"""Every page and form of the service, and who comes through its door.

A row is an address; its letters (``make_doors.PEOPLE``) are who may. Nobody else gets more than
«sign in first», «not found» or «not allowed», and nothing is changed by their knocking.
"""

import re

from flask import Flask
from flask.testing import FlaskClient

from tests import filling
from tests.doors import EVERYBODY, SIGNED_IN, address, doors, let_in, rows, rules, town
from tests.make_doors import PEOPLE, Things
from tests.signing import hidden

__all__ = ["doors", "town"]

VOLUNTEERS = "zwl"

#: Pages that are read. What a list shows of others' is the next test's question.
PAGES = {
    "/": EVERYBODY,
    "/accounts": "ecA",
    "/accounts/<int:account_id>": "cA",
    "/accounts/new": "A",
    "/c": EVERYBODY,
    "/c/<token>": EVERYBODY,
    "/certificates/<number>": "wacA",
    "/certificates/<number>.pdf": "wacA",
    "/certificates/<number>.png": "wacA",
    "/certificates/<number>/preview.png": "wacA",
    "/claim": EVERYBODY,
    "/desk": "dA",
    "/desk/day": "edcA",
    "/desk/days/<int:sheet_id>": "dcA",
    "/desk/people/<int:volunteer_id>": "dA",
    "/e/<int:event_id>": EVERYBODY,
    "/e/<int:event_id>/edit": "lcA",
    "/e/<int:event_id>/manage": "lcA",
    "/e/<int:event_id>/poster.<kind>": "lcA",
    "/e/<int:event_id>/qr.<kind>": "lcA",
    "/events": EVERYBODY,
    "/events/new": "oelcA",
    "/gifts": SIGNED_IN,
    "/gifts/<int:gift_id>/edit": "dcA",
    "/gifts/<int:gift_id>/order": "zwldcA",
    "/gifts/catalogue": "edcA",
    "/gifts/new": "edcA",
    "/healthz": EVERYBODY,
    "/imports": "ecA",
    "/imports/<int:import_id>": "cA",
    "/imports/<int:import_id>/refused.xlsx": "cA",
    "/join": EVERYBODY,
    "/me": SIGNED_IN,
    "/me/devices": SIGNED_IN,
    "/me/export.json": VOLUNTEERS,
    "/me/password": SIGNED_IN,
    "/me/tokens": SIGNED_IN,
    "/metrics": EVERYBODY,
    "/my/certificates": VOLUNTEERS,
    "/my/messages": VOLUNTEERS,
    "/my/points": VOLUNTEERS,
    "/my/records": SIGNED_IN,
    "/my/star": VOLUNTEERS,
    "/notice/<int:round_id>": EVERYBODY,
    "/orders/<int:order_id>": "wdcA",
    "/orders/<int:order_id>/code.svg": "wdA",
    "/people": "ecA",
    "/people/<int:volunteer_id>": "cA",
    "/people/<int:volunteer_id>/points": "acA",
    "/people/new": "ecA",
    "/points": "eacA",
    "/points/entries": "eacA",
    "/points/transfers/<int:transfer_id>/reverse": "cA",
    "/privacy": EVERYBODY,
    "/ratings": "eacA",
    "/ratings/<int:round_id>": "acA",
    "/ratings/<int:round_id>/people.xlsx": "acA",
    "/ratings/calendar": "ecA",
    "/ratings/people/<int:result_id>": "acA",
    "/records/<int:record_id>": "wlacA",
    "/records/backfill": "oelcA",
    "/records/waiting": "oelacA",
    "/sign-in": EVERYBODY,
    "/teams": SIGNED_IN,
    "/teams/<int:team_id>": SIGNED_IN,
    "/teams/<int:team_id>/edit": "cA",
    "/teams/new": "ecA",
    "/v": EVERYBODY,
    "/v/<token>": EVERYBODY,
}

#: Forms. A stranger is told by the page of 404 or 403, never beneath a form of their own.
FORMS = {
    "/accounts/<int:account_id>/disable": "A",
    "/accounts/<int:account_id>/grants": "cA",
    "/accounts/new": "A",
    "/c/<token>": SIGNED_IN,
    "/c/<token>/stay": "w",
    "/certificates/<number>/revoke": "cA",
    "/certificates/results/<int:result_id>/issue": "cA",
    "/claim": EVERYBODY,
    "/complaints/<int:complaint_id>/<any(uphold,dismiss):answer>": "cA",
    "/desk/areas/<int:area_id>/close": "dA",
    "/desk/orders/<int:order_id>/hand-over": "dA",
    "/desk/orders/<int:order_id>/return": "dcA",
    "/desk/people/<int:volunteer_id>/order": "dA",
    "/disputes/<int:dispute_id>/decide": "cA",
    "/e/<int:event_id>/cancel": "lcA",
    "/e/<int:event_id>/close": "lcA",
    "/e/<int:event_id>/edit": "lcA",
    "/e/<int:event_id>/publish": "lcA",
    "/e/<int:event_id>/shifts": "lcA",
    "/e/<int:event_id>/ticks": "lcA",
    "/e/<int:event_id>/ticks/<int:volunteer_id>/take-back": "lcA",
    "/events/new": "lcA",
    "/gifts/<int:gift_id>/edit": "dcA",
    "/gifts/<int:gift_id>/order": VOLUNTEERS,
    "/gifts/<int:gift_id>/stock": "dcA",
    "/gifts/new": "dcA",
    "/grants/<int:grant_id>/revoke": "cA",
    "/imports": "ecA",
    "/imports/<int:import_id>/apply": "cA",
    "/imports/<int:import_id>/approve": "cA",
    "/imports/<int:import_id>/ask": "c",
    "/imports/<int:import_id>/discard": "cA",
    "/imports/<int:import_id>/refuse": "cA",
    "/imports/<int:import_id>/undo": "cA",
    "/imports/<int:import_id>/withdraw": "cA",
    "/join": EVERYBODY,
    "/me/consents": VOLUNTEERS,
    "/me/devices/<int:session_id>/end": "w",
    "/me/disown": VOLUNTEERS,
    "/me/password": SIGNED_IN,
    "/me/sign-out-everywhere": SIGNED_IN,
    "/me/tokens": SIGNED_IN,
    "/me/tokens/<int:token_id>/revoke": "wA",
    "/memberships/<int:membership_id>/<any(accept,refuse):answer>": "lcA",
    "/my/certificates": VOLUNTEERS,
    "/my/messages/read": VOLUNTEERS,
    "/my/star/<int:result_id>/object": "w",
    "/orders/<int:order_id>/cancel": "wdcA",
    "/people/<int:volunteer_id>/complaints": "cA",
    "/people/<int:volunteer_id>/disown": "cA",
    "/people/<int:volunteer_id>/password": "cA",
    "/people/<int:volunteer_id>/phone": "cA",
    "/people/<int:volunteer_id>/points/adjust": "cA",
    "/people/<int:volunteer_id>/reveal": "cA",
    "/people/new": "cA",
    "/points/adjustments/<int:adjustment_id>/decide": "A",
    "/points/transfers/<int:transfer_id>/reverse": "cA",
    "/preferences": EVERYBODY,
    "/ratings": "cA",
    "/ratings/<int:round_id>/<any(freeze, draft, publish, close, 'sign-off'):step>": "cA",
    "/ratings/<int:round_id>/certificates": "cA",
    "/ratings/<int:round_id>/supplement": "cA",
    "/ratings/<int:round_id>/thaw": "cA",
    "/ratings/calendar": "A",
    "/ratings/objections/<int:objection_id>/decide": "cA",
    "/records/<int:record_id>/approve": "cA",
    "/records/<int:record_id>/decide": "cA",
    "/records/<int:record_id>/disputes": "w",
    "/records/<int:record_id>/end": "lcA",
    "/records/<int:record_id>/evaluation": "lcA",
    "/records/<int:record_id>/refuse": "lcA",
    "/records/backfill": "lcA",
    "/records/confirm": "lcA",
    "/shifts/<int:shift_id>/sign-up": SIGNED_IN,
    "/sign-in": EVERYBODY,
    "/sign-out": SIGNED_IN,
    "/sign-ups/<int:sign_up_id>/withdraw": "wlcA",
    "/teams/<int:team_id>/edit": "cA",
    "/teams/<int:team_id>/join": SIGNED_IN,
    "/teams/<int:team_id>/leave": SIGNED_IN,
    "/teams/new": "cA",
}


def test_who_reads_a_page(app: Flask, town: Things, doors: dict[str, FlaskClient]) -> None:
    skipped = {"/static/<path:filename>", "/readyz"}
    found = {}
    for rule in rules(app, "GET"):
        if rule.rule in skipped:
            continue
        url = address(app, rule, town)
        found[rule.rule] = "".join(
            letter for letter in PEOPLE if let_in(doors[letter].get(url, buffered=True))
        )
    assert found == PAGES


def test_nobody_else_s_form_does_anything(
    app: Flask, town: Things, doors: dict[str, FlaskClient]
) -> None:
    tokens = {letter: hidden(doors[letter], "/events") for letter in PEOPLE}
    with app.app_context():
        body = filling.body(town)
    before = rows(app)
    known = set()
    for rule in rules(app, "POST"):
        known.add(rule.rule)
        form = filling.form_of(rule.rule, body)
        for letter in EVERYBODY:
            if letter not in FORMS.get(rule.rule, ""):
                answer = doors[letter].post(address(app, rule, town), data=form | tokens[letter])
                assert not let_in(answer), (rule.rule, letter, answer.status_code)
    assert known == FORMS.keys()
    assert rows(app) == before


def test_who_may_comes_through_the_form_s_door(
    app: Flask, town: Things, doors: dict[str, FlaskClient]
) -> None:
    tokens = {letter: hidden(doors[letter], "/events") for letter in PEOPLE}
    with app.app_context():
        body = filling.body(town)
    # What ends a session or a role, what asks for its own page first, and what a second person
    # decides of an import has tests of its own.
    ends = re.compile(
        r"/(disable|disown|password|revoke|leave|sign|join|claim|withdraw|stay)"
        r"|/imports/.*/(approve|refuse)"
    )
    for rule in rules(app, "POST"):
        if ends.search(rule.rule):
            continue
        form = filling.form_of(rule.rule, body)
        for letter in FORMS[rule.rule]:
            answer = doors[letter].post(address(app, rule, town), data=form | tokens[letter])
            assert let_in(answer), (rule.rule, letter, answer.status_code)


def test_every_form_needs_its_token(
    app: Flask, town: Things, doors: dict[str, FlaskClient]
) -> None:
    with app.app_context():
        body = filling.body(town)
    before = rows(app)
    for rule in rules(app, "POST"):
        form = filling.form_of(rule.rule, body)
        answer = doors["A"].post(address(app, rule, town), data=form)
        assert answer.status_code == 400, rule.rule
        answer = doors["A"].post(address(app, rule, town), data=form | {"csrf_token": "guessed"})
        assert answer.status_code == 400, rule.rule
    assert rows(app) == before

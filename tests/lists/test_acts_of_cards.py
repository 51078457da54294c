"""Cards of many people as one batch: printed once, fetched again, ended as one."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.lists.test_acts import begun, run, undone
from tests.make import MORNING, acting
from tests.signing import hidden, sign_in
from volunteer_service.db import db, transaction
from volunteer_service.journal import Entry
from volunteer_service.lists.acts import batch_cards, batches, refusals
from volunteer_service.people.cards import volunteer_cards
from volunteer_service.teams.models import Membership


def test_cards_are_printed_once_and_fetched_again_while_in_use(session: None) -> None:
    cast = make.cast()
    by = acting(cast.coordinator)
    row = begun(by, "people", "print_cards", [cast.wang.id, cast.zhao.id])
    assert volunteer_cards.in_use([cast.wang.id, cast.zhao.id]) == {}
    with pytest.raises(refusals.BatchNotReady):
        batch_cards.cards_of(row, by=by)
    run(row, by)
    assert batches.counted(row) == {"done": 2}
    first = batch_cards.cards_of(row, by=by)
    assert [card.number for card in first] == [cast.wang.number, cast.zhao.number]
    assert batch_cards.cards_of(row, by=by) == first
    for card, person in zip(first, (cast.wang, cast.zhao), strict=True):
        assert volunteer_cards.owner_of(card.url.rpartition("/")[2]) == person.id
    entries = db.session.query(Entry).filter(Entry.verb == "card.print").all()
    assert [each.facts["batch"] for each in entries] == [row.id, row.id]
    # A new card of one person: the sheet of the batch holds the other one alone.
    volunteer_cards.print_one(cast.wang.id, print_key="another key", by=by, at=MORNING)
    assert [card.number for card in batch_cards.cards_of(row, by=by)] == [cast.zhao.number]


def test_a_batch_of_cards_is_undone_by_ending_them(session: None) -> None:
    cast = make.cast()
    by = acting(cast.coordinator)
    places = db.session.scalars(
        db.select(Membership.id).where(Membership.volunteer_id == cast.wang.id)
    ).all()
    row = run(begun(by, "memberships", "print_cards", list(places)), by)
    assert len(batch_cards.cards_of(row, by=by)) == 1
    undone(row, by)
    assert volunteer_cards.in_use([cast.wang.id]) == {}
    with pytest.raises(refusals.BatchNotReady):
        batch_cards.cards_of(row, by=by)


def test_a_batch_has_no_more_cards_than_it_may(
    session: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make.cast()
    by = acting(cast.coordinator)
    monkeypatch.setattr(batches, "MOST", 1)
    with pytest.raises(refusals.TooManyChosen):
        begun(by, "people", "adjust", [cast.wang.id, cast.zhao.id], {"points": 1, "reason": "补发"})
    row = begun(by, "people", "print_cards", [cast.wang.id, cast.zhao.id])
    assert row.total == 2


def test_the_page_leads_to_the_sheets(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        people = [cast.wang.id, cast.zhao.id]
    sign_in(client, "zhoujing")
    sent = {"act": "print_cards", "row": people, "scope": "rows"}
    preview = client.post("/lists/people/act", data=hidden(client, "/people") | sent).location
    assert client.get(f"{preview}/cards.pdf").status_code == 409
    client.post(f"{preview}/run", data=hidden(client, preview))
    assert f'href="{preview}/cards.pdf"' in client.get(preview).get_data(as_text=True)
    answer = client.get(f"{preview}/cards.pdf")
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "no-store"
    other = app.test_client()
    sign_in(other, "qianwei")
    assert other.get(f"{preview}/cards.pdf").status_code == 404

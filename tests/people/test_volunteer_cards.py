"""Printed cards: a hash in the database, a code on paper, and one in use a person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.journal import Entry
from volunteer_service.paper.qr import qr_matrix
from volunteer_service.people.cards import volunteer_cards
from volunteer_service.people.cards.card_models import VolunteerCard
from volunteer_service.people.cards.volunteer_cards import NoCard
from volunteer_service.people.models import Message
from volunteer_service.people.registrations import registration
from volunteer_service.people.search import person_search
from volunteer_service.teams import member_cards
from volunteer_service.teams.member_cards import NobodyChosen

NOW = make.MORNING


@pytest.fixture
def cast(session):
    return make.cast()


def printed(cast, key="one-print", *people, at=NOW):
    ids = {person.id for person in people or (cast.wang,)}
    by = make.acting(cast.li_mei)
    return member_cards.print_cards(cast.team.id, ids, print_key=key, by=by, at=at)


def owner(url: str) -> int | None:
    return volunteer_cards.owner_of(url)


def test_a_card_says_name_and_number_and_holds_no_name_in_its_code(cast) -> None:
    (card,) = printed(cast)
    assert (card.name, card.number) == ("王建国", cast.wang.number)
    secret = card.url.rpartition("/")[2]
    assert card.url == card.url.upper()
    assert len(secret) == volunteer_cards.LENGTH
    assert owner(card.url) == cast.wang.id
    kept = db.session.scalars(select(VolunteerCard)).one()
    assert secret not in kept.secret_hash.upper()
    # Alphanumeric mode: a small code, read at 15 cm.
    assert len(qr_matrix(f"HTTPS://VOL.EXAMPLE.CN/K/{secret}", "Q")) <= 33


@pytest.mark.parametrize("shape", ["{}", " {} ", "{}\r", "志愿者卡：{}", "{lower}", "{secret}"])
def test_it_is_read_however_it_was_scanned_or_typed(cast, shape) -> None:
    url = printed(cast)[0].url
    text = shape.format(url, lower=url.lower(), secret=url.rpartition("/")[2])
    assert owner(text) == cast.wang.id
    # And by the one field of every page.
    found = person_search.by_text(text)
    assert str(found[0].compile(compile_kwargs={"literal_binds": True})).endswith(
        f"IN ({cast.wang.id})"
    )


def test_a_new_card_ends_the_one_before_and_its_person_is_told(cast) -> None:
    old = printed(cast, "first-print")[0]
    new = printed(cast, "second-print")[0]
    assert (owner(old.url), owner(new.url)) == (None, cast.wang.id)
    kinds = db.session.scalars(select(Message.kind).where(Message.volunteer_id == cast.wang.id))
    assert list(kinds).count("card_printed") == 2
    acts = db.session.scalars(
        select(Entry).where(Entry.verb == "card.print").order_by(Entry.id)
    ).all()
    assert [act.facts for act in acts] == [{"replaced": False}, {"replaced": True}]


def test_the_same_form_twice_prints_the_same_card(cast) -> None:
    first, again = printed(cast), printed(cast, at=NOW + timedelta(seconds=5))
    assert first == again
    assert len(db.session.scalars(select(VolunteerCard)).all()) == 1


def test_the_person_ends_a_lost_card_and_nobody_else_s(cast) -> None:
    url = printed(cast)[0].url
    with pytest.raises(NotFound):
        volunteer_cards.end_card(cast.wang.id, by=make.acting(cast.zhao_account), at=NOW)
    volunteer_cards.end_card(cast.wang.id, by=make.acting(cast.wang_account), at=NOW)
    assert owner(url) is None
    with pytest.raises(NoCard):
        volunteer_cards.end_card(cast.wang.id, by=make.acting(cast.wang_account), at=NOW)


def test_a_leader_prints_for_the_own_team_only(cast) -> None:
    stranger = make.volunteer("外人")
    with pytest.raises(NobodyChosen):
        printed(cast, "the-print", stranger)
    with pytest.raises(NotFound):
        member_cards.print_cards(
            cast.team.id,
            {cast.wang.id},
            print_key="the-print",
            by=make.acting(cast.wang_account),
            at=NOW,
        )
    by = make.acting(cast.li_mei)
    with pytest.raises((NotFound, NotAllowed)):
        volunteer_cards.print_one(cast.wang.id, print_key="the-print", by=by, at=NOW)


def test_a_coordinator_prints_for_one_person_in_care(cast) -> None:
    by = make.acting(cast.coordinator)
    card = volunteer_cards.print_one(cast.wang.id, print_key="the-print", by=by, at=NOW)
    assert owner(card.url) == cast.wang.id
    assert volunteer_cards.in_use([cast.wang.id, cast.zhao.id]) == {cast.wang.id: NOW}


def test_a_card_of_somebody_who_was_never_registered_by_themself_is_nobody_s(cast) -> None:
    url = printed(cast)[0].url
    registration.disown(cast.wang.id, by=make.acting(cast.coordinator), at=NOW)
    assert owner(url) is None


@pytest.mark.parametrize("text", ["", "x" * 26, "0" * 26, "HTTPS://VOL.EXAMPLE.CN/K/", "王建国"])
def test_what_is_no_card_finds_nobody(cast, text) -> None:
    printed(cast)
    assert owner(text) is None


def test_a_person_is_told_of_a_card_that_somebody_else_ended(cast) -> None:
    for n, account in enumerate((cast.wang_account, cast.coordinator)):
        printed(cast, f"the-print-{n}-of-two")
        volunteer_cards.end_card(cast.wang.id, by=make.acting(account), at=NOW)
    kinds = db.session.scalars(select(Message.kind).where(Message.volunteer_id == cast.wang.id))
    assert sorted(kinds) == ["card_ended", "card_printed", "card_printed"]

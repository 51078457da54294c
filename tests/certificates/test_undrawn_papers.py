"""Papers of names and records that a font does not draw."""

import dataclasses
from datetime import date

import pytest

from tests.make import Cast, acting, cast, volunteer
from tests.make_ratings import JULY, record
from volunteer_service.certificates import refusals, rendering, service_record_papers
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.people.models import Volunteer

YEAR = (date(2026, 1, 1), date(2026, 6, 30))


def certified(town: Cast, person: Volunteer) -> Certificate:
    """The person asks for a paper of the half-year."""
    me = dataclasses.replace(acting(town.wang_account), volunteer_id=person.id)
    return service_record_papers.certify_service(person.id, *YEAR, by=me, at=JULY)


def test_a_service_paper_with_an_undrawn_name_is_not_issued(session: None) -> None:
    town = cast()
    person = volunteer("许𬎆", team=town.team)
    record(person, town.team, 60)
    with pytest.raises(refusals.NameNotDrawn) as refused:
        certified(town, person)
    assert refused.value.numbers["missing"] == "𬎆"
    assert db.session.scalars(db.select(Certificate)).all() == []


def test_a_name_of_the_second_font_is_on_the_paper(session: None) -> None:
    town = cast()
    person = volunteer("许𠀡", team=town.team)
    record(person, town.team, 60)
    made = certified(town, person)
    assert made.words["name"] == "许𠀡"
    assert rendering.pdf(made).startswith(b"%PDF")


def test_a_word_of_a_record_that_no_font_draws_is_named_with_its_day(session: None) -> None:
    town = cast()
    person = volunteer("钱一", team=town.team)
    served = record(person, town.team, 60)
    served.place = "𬎆村"
    with pytest.raises(refusals.RecordNotDrawn) as refused:
        certified(town, person)
    assert (refused.value.numbers["text"], refused.value.numbers["missing"]) == ("𬎆村", "𬎆")


def test_a_picture_in_a_text_is_left_out_of_the_paper(session: None) -> None:
    town = cast()
    person = volunteer("钱一", team=town.team)
    served = record(person, town.team, 60)
    served.event_name = "清洁家园🧹"
    assert [line["activity"] for line in certified(town, person).words["lines"]] == ["清洁家园"]

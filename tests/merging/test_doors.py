"""Every access finds the kept entry: by the old number, card, identity and phone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import came, scanning
from tests.make_merging import DAY, merge, served, undo
from tests.make_points import FRIDAY
from volunteer_service.attendance import closing
from volunteer_service.attendance.check_ins import check_in, gate, rosters
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import scans_of_records
from volunteer_service.certificates import service_record_papers, signing, verifying
from volunteer_service.db import db
from volunteer_service.errors import SignInNeeded
from volunteer_service.identifiers import check_characters
from volunteer_service.merging import steps
from volunteer_service.people.authentication import one_time_codes, sessions, sign_in
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.conflicts import SecondPersonNeeded
from volunteer_service.people.merged_entries import EntryMerged
from volunteer_service.people.models import Guardian, Message
from volunteer_service.people.personal_data import personal_data_export
from volunteer_service.people.registrations import consents, reinstating
from volunteer_service.people.search import people_lists
from volunteer_service.workbooks.judging import person_keys


@pytest.fixture(autouse=True)
def numbered(kept, other) -> None:
    """Numbers as they are printed on cards."""
    for row in (kept, other):
        row.number = check_characters.volunteer_number(row.id)
    db.session.flush()


def found(cast, text: str) -> list[int]:
    return [
        row.id for row in people_lists.volunteers(by=make.acting(cast.coordinator), q=text).items
    ]


def test_one_field_finds_the_person_once_by_either_number(cast, kept, other) -> None:
    assert sorted(found(cast, "张伟")) == [kept.id, other.id]
    done = merge(cast, kept, other)
    for text in ("张伟", kept.number, other.number, other.number[-4:], f"张伟 {other.number[-4:]}"):
        assert found(cast, text) == [kept.id], text
    undo(cast, done)
    assert sorted(found(cast, "张伟")) == [kept.id, other.id]
    assert found(cast, other.number) == [other.id]


def test_the_old_card_at_the_gate_is_the_kept_entry(cast, kept, other) -> None:
    merge(cast, kept, other)
    assert check_in.numbered(other.number) == check_in.numbered(kept.number) == kept.id


def test_signing_in_with_the_old_number_says_what_is_so(cast, kept, other) -> None:
    account = make.account(other.number.lower(), "张伟", volunteer=other)
    key = sessions.begin(account, device="android/wechat", at=FRIDAY)
    merge(cast, kept, other)
    assert account.disabled_at == FRIDAY
    with pytest.raises(SignInNeeded):
        sessions.resume(key, door="page", at=FRIDAY)
    with pytest.raises(EntryMerged) as told:
        sign_in.sign_in(other.number, make.PASSWORD, at=FRIDAY)
    assert told.value.numbers == {"number": kept.number}
    # Somebody who does not know the password learns nothing.
    with pytest.raises(sign_in.SignInRefused):
        sign_in.sign_in(other.number, "wrong horse battery", at=FRIDAY)


def test_nothing_begins_anew_on_a_merged_entry(cast, kept, other) -> None:
    merge(cast, kept, other)
    by = make.acting(cast.coordinator)
    with pytest.raises(EntryMerged):
        reinstating.reinstate(other.id, reason="又来了", by=by, at=FRIDAY)
    with pytest.raises(EntryMerged):
        consents.give_consent(other.id, "register", by=by, at=FRIDAY)
    with pytest.raises(EntryMerged):
        one_time_codes.issue_code_to(other.id, by=by, at=FRIDAY)
    assert other.state == "left"


def test_a_roster_with_the_old_identity_number_is_about_the_kept_entry(cast, kept, other) -> None:
    kept.identity_key, other.identity_key = "k" * 43, "o" * 43
    db.session.flush()
    done = merge(cast, kept, other)
    steps.decide_merging(done.id, approve=True, by=make.acting(cast.second), at=FRIDAY)
    assert person_keys.ids_of(["o" * 43, "k" * 43], 4) == {"o" * 43: kept.id, "k" * 43: kept.id}
    behind = person_keys.people_behind(["o" * 43])
    assert behind["o" * 43].number == kept.number


def test_a_record_keeps_its_scans(cast, kept, other) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei)
    make.sign_up(event, other)
    came(event, other)
    merge(cast, kept, other, at=event.ends_at)
    closing.close(event.id, by=make.acting(cast.li_mei), at=event.ends_at)
    row = db.session.scalars(select(ServiceRecord)).one()
    assert row.volunteer_id == kept.id
    assert [each.scan.kind for each in scans_of_records.of([row])[row.id]] == ["in", "out"]
    told = rosters.explain(row.id, by=scanning(kept))
    assert [scan.kind for scan in told.scans] == ["in", "out"]


def test_a_paper_with_the_old_number_stands_and_says_the_new_one(cast, kept, other) -> None:
    served(other, cast)
    period = (make.MORNING.date(), FRIDAY.date())
    paper = service_record_papers.certify_service(
        other.id, *period, by=make.acting(cast.coordinator), at=FRIDAY
    )
    token = signing.token_of(paper.number, paper.signature)
    assert verifying.verify(token).number_now is None
    merge(cast, kept, other)
    told = verifying.verify(token)
    assert (told.state, told.printed_no, told.number_now) == ("valid", other.number, kept.number)
    assert paper.volunteer_id == kept.id


def test_an_export_holds_both_entries(cast, kept, other) -> None:
    merge(cast, kept, other)
    held = personal_data_export.export_of(kept.id, by=scanning(kept), at=FRIDAY + DAY)
    assert {row["id"] for row in held["volunteers"]} == {kept.id, other.id}


def test_the_person_is_told(cast, kept, other) -> None:
    done = merge(cast, kept, other)
    undo(cast, done, at=FRIDAY + timedelta(hours=1))
    told = select(Message.kind).where(Message.volunteer_id == kept.id).order_by(Message.id)
    assert list(db.session.scalars(told)) == ["entries_merged", "merging_undone"]


@pytest.mark.parametrize("taken", [[], ["phone"]])
def test_whom_the_phone_of_either_entry_tied_it_goes_on_tying(cast, kept, other, taken) -> None:
    """Nobody comes to decide about their family by merging the entry with the common phone."""
    spouse = make.volunteer("周静", team=cast.team, phone="17000008888")
    cast.coordinator.volunteer_id = spouse.id
    other.phone, other.phone_key = spouse.phone, spouse.phone_key
    other.born_on = kept.born_on = date(1990, 1, 2)
    conflicts.need_other(make.acting(cast.coordinator), [kept.id], at=FRIDAY)
    done = merge(cast, kept, other, by=cast.second, taken=taken)
    assert (done.state, kept.phone_key == spouse.phone_key) == ("done", bool(taken))
    with pytest.raises(SecondPersonNeeded, match="同一个手机号"):
        conflicts.need_other(make.acting(cast.coordinator), [kept.id], at=FRIDAY)
    undo(cast, done, by=cast.second)
    conflicts.need_other(make.acting(cast.coordinator), [kept.id], at=FRIDAY)


def test_whom_the_guardian_of_either_entry_tied_it_goes_on_tying(cast, kept, other) -> None:
    guardian = make.volunteer("周静", team=cast.team, phone="17000008888")
    cast.coordinator.volunteer_id = guardian.id
    for row, phone in ((kept, "17000007777"), (other, "17000008888")):
        db.session.add(Guardian(volunteer_id=row.id, name="家长", phone=phone))
    db.session.flush()
    merge(cast, kept, other, by=cast.second)
    with pytest.raises(SecondPersonNeeded, match="监护人"):
        conflicts.need_other(make.acting(cast.coordinator), [kept.id], at=FRIDAY)


def test_the_gate_finds_the_entry_that_goes_on_by_the_old_card(cast, kept, other) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei)
    merge(cast, kept, other)
    seen = gate.found(other.number, event.id, by=make.acting(cast.li_mei), at=make.MORNING)
    assert [guest.person.id for guest in seen.guests] == [kept.id]

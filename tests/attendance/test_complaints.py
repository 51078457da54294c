"""The accused is heard: they are told at once, reply within the days, and a third person
decides.
"""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make import MORNING, Cast, acting
from volunteer_service import policies
from volunteer_service.attendance import complaints, refusals
from volunteer_service.attendance.models import Complaint
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.people.authentication import one_time_codes
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Account, Message

DAY = timedelta(days=1)
#: 16 May and the policy's seven days; the first day on which an unanswered one is decided.
UNTIL, AFTER = date(2026, 5, 23), MORNING + 8 * DAY


@pytest.fixture
def cast(session: None) -> Cast:
    return make.cast()


def complained(cast: Cast, *, about: int | None = None, by: Account | None = None) -> Complaint:
    return complaints.complain(
        about or cast.wang.id,
        happened_on=date(2026, 5, 15),
        words="迟到",
        by=acting(by or cast.coordinator),
        at=MORNING,
    )


def decide(row: Complaint, account: Account, *, at=MORNING, upheld: bool = True) -> Complaint:
    return complaints.decide_complaint(row.id, upheld=upheld, by=acting(account), at=at)


def without_account(cast: Cast) -> int:
    return make.volunteer("陈桂英", team=cast.team).id


def told(volunteer_id: int) -> list[tuple[str, dict[str, object]]]:
    rows = db.session.scalars(
        select(Message).where(Message.volunteer_id == volunteer_id).order_by(Message.id)
    )
    return [(row.kind, row.facts) for row in rows]


def test_it_is_told_at_once_with_its_words_and_until_when(cast: Cast) -> None:
    row = complained(cast)
    assert (row.told_at, row.reply_until, row.written_by_id) == (
        MORNING,
        UNTIL,
        cast.coordinator.id,
    )
    facts = {"complaint": row.id, "day": "2026-05-15", "until": "2026-05-23"}
    assert told(cast.wang.id) == [("complaint_raised", facts)]
    (seen,) = complaints.complaints_of(cast.wang.id, by=acting(cast.wang_account))
    assert seen.words == "迟到"
    assert told(cast.zhao.id) == []


def test_nobody_decides_before_the_reply_or_the_end_of_the_days(cast: Cast) -> None:
    row = complained(cast)
    for at in (MORNING, MORNING + 7 * DAY):
        with pytest.raises(refusals.AccusedNotHeard) as refused:
            decide(row, cast.second, at=at)
        assert refused.value.numbers == {"until": "2026-05-23"}
        with pytest.raises(refusals.AccusedNotHeard):
            decide(row, cast.second, at=at, upheld=False)
    assert (row.state, row.decided_by_id) == ("open", None)
    assert decide(row, cast.second, at=AFTER).state == "upheld"


def test_the_reply_lets_it_be_decided_and_the_outcome_is_told(cast: Cast) -> None:
    row = complained(cast)
    complaints.reply(row.id, words="堵车", by=acting(cast.wang_account), at=MORNING + DAY)
    complaints.reply(row.id, words="公交车坏了", by=acting(cast.wang_account), at=MORNING + DAY)
    assert (row.reply, row.is_answered) == ("公交车坏了", True)
    decide(row, cast.second, at=MORNING + DAY, upheld=False)
    assert (row.state, row.decided_by_id) == ("dismissed", cast.second.id)
    facts = {"complaint": row.id, "day": "2026-05-15", "outcome": "dismissed"}
    assert told(cast.wang.id)[-1] == ("complaint_decided", facts)
    with pytest.raises(refusals.DisputeDecided):
        complaints.reply(row.id, words="还有", by=acting(cast.wang_account), at=MORNING + DAY)
    assert row.reply == "公交车坏了"


def test_the_days_are_the_policy_s(cast: Cast) -> None:
    policies.add_version({"complaint_reply_days": 3}, reason="t", account_id=None, at=MORNING)
    assert complained(cast).reply_until == date(2026, 5, 19)


def test_who_wrote_it_does_not_decide_it(cast: Cast) -> None:
    row = complained(cast)
    with pytest.raises(SecondPersonNeeded) as refused:
        decide(row, cast.coordinator, at=AFTER)
    assert "钱伟" in str(refused.value.numbers["who"])
    assert row.state == "open"


def test_nor_does_whose_password_the_writer_set(cast: Cast) -> None:
    helper = make.account("helper", "帮手", role="coordinator", area=cast.town)
    row = complained(cast, by=helper)
    one_time_codes.issue_code(helper.id, by=acting(cast.admin), at=MORNING)
    with pytest.raises(SecondPersonNeeded):
        decide(row, cast.admin, at=AFTER)
    assert decide(row, cast.second, at=AFTER).decided_by_id == cast.second.id


def test_nobody_decides_about_themself_nor_writes_it(cast: Cast) -> None:
    me = make.volunteer("周静", team=cast.team)
    cast.coordinator.volunteer_id = me.id
    db.session.flush()
    with pytest.raises(OwnCase):
        complained(cast, about=me.id)
    row = complained(cast, about=me.id, by=cast.second)
    with pytest.raises(OwnCase):
        decide(row, cast.coordinator, at=AFTER, upheld=False)
    with pytest.raises(OwnCase):
        complaints.note_reply(row.id, words="好人", by=acting(cast.coordinator), at=MORNING)
    assert row.state == "open"
    # The accused speaks for herself, and a third person decides.
    complaints.reply(row.id, words="没有这回事", by=acting(cast.coordinator), at=MORNING)
    assert decide(row, cast.admin, upheld=False).state == "dismissed"


@pytest.mark.parametrize("handed_on", [MORNING - 28 * DAY, MORNING + DAY])
def test_a_reply_with_a_password_that_staff_handed_out_does_not_shorten_the_days(
    cast: Cast, handed_on: datetime
) -> None:
    row = complained(cast)
    one_time_codes.issue_code(cast.wang_account.id, by=acting(cast.coordinator), at=handed_on)
    complaints.reply(row.id, words="是我不对", by=acting(cast.wang_account), at=MORNING + DAY)
    with pytest.raises(refusals.ReplyMayBeAnothers):
        decide(row, cast.second, at=MORNING + 7 * DAY)
    told_why = complaints.why_not_decide(row, by=acting(cast.second), at=MORNING + 7 * DAY)
    assert isinstance(told_why, refusals.ReplyMayBeAnothers)
    assert row.state == "open"
    assert decide(row, cast.second, at=AFTER).state == "upheld"


def test_a_stranger_replies_to_nothing(cast: Cast) -> None:
    row = complained(cast)
    for account in (cast.zhao_account, cast.coordinator, cast.admin):
        with pytest.raises(NotFound):
            complaints.reply(row.id, words="x", by=acting(account), at=MORNING)
    with pytest.raises(NotFound):
        complaints.note_reply(row.id, words="x", by=acting(cast.zhao_account), at=MORNING)
    with pytest.raises(NotFound):
        complaints.complaint(row.id, by=acting(cast.zhao_account))
    assert row.reply is None


def test_who_has_no_account_is_told_in_person_first(cast: Cast) -> None:
    row = complained(cast, about=without_account(cast))
    assert (row.told_at, row.reply_until) == (None, None)
    with pytest.raises(refusals.AccusedNotTold):
        decide(row, cast.second, at=MORNING + 60 * DAY)
    later = MORNING + 30 * DAY
    complaints.told_in_person(row.id, by=acting(cast.coordinator), at=later)
    assert (row.told_at, row.told_by_id) == (later, cast.coordinator.id)
    with pytest.raises(refusals.AccusedNotHeard) as refused:
        decide(row, cast.second, at=later + 7 * DAY)
    assert refused.value.numbers == {"until": "2026-06-22"}
    with pytest.raises(refusals.AlreadyTold):
        complaints.told_in_person(row.id, by=acting(cast.coordinator), at=later + DAY)
    assert decide(row, cast.second, at=later + 8 * DAY).state == "upheld"


def test_who_told_or_noted_the_reply_does_not_decide(cast: Cast) -> None:
    row = complained(cast, about=without_account(cast))
    complaints.told_in_person(row.id, by=acting(cast.second), at=MORNING)
    with pytest.raises(SecondPersonNeeded):
        decide(row, cast.second, at=AFTER)
    other = complained(cast, about=row.volunteer_id)
    complaints.told_in_person(other.id, by=acting(cast.coordinator), at=MORNING)
    complaints.note_reply(other.id, words="他说堵车", by=acting(cast.second), at=MORNING)
    with pytest.raises(SecondPersonNeeded):
        decide(other, cast.second, at=AFTER)
    assert decide(other, cast.admin, at=AFTER).state == "upheld"


def test_words_that_staff_noted_do_not_shorten_the_days(cast: Cast) -> None:
    row = complained(cast)
    complaints.note_reply(row.id, words="他认了", by=acting(cast.coordinator), at=MORNING)
    assert (row.reply, row.replied_by_id, row.is_answered) == ("他认了", cast.coordinator.id, False)
    with pytest.raises(refusals.AccusedNotHeard):
        decide(row, cast.second, at=MORNING + DAY)
    assert told(cast.wang.id)[-1][0] == "complaint_reply_noted"
    # The volunteer overwrites them, and nobody overwrites the volunteer.
    complaints.reply(row.id, words="我没认", by=acting(cast.wang_account), at=MORNING + DAY)
    with pytest.raises(refusals.RepliedThemselves):
        complaints.note_reply(row.id, words="他认了", by=acting(cast.coordinator), at=MORNING)
    assert row.reply == "我没认"


def test_who_holds_the_accused_s_password_does_not_decide_on_the_reply(cast: Cast) -> None:
    row = complained(cast)
    one_time_codes.issue_code_to(cast.wang.id, by=acting(cast.second), at=MORNING)
    wang = db.session.get_one(Account, cast.wang_account.id)
    complaints.reply(row.id, words="我认了", by=acting(wang), at=MORNING)
    with pytest.raises(SecondPersonNeeded):
        decide(row, cast.second, at=AFTER)
    assert row.state == "open"


def test_it_is_about_something_that_happened(cast: Cast) -> None:
    with pytest.raises(refusals.NotHappenedYet):
        complaints.complain(
            cast.wang.id,
            happened_on=date(2026, 5, 17),
            words="迟到",
            by=acting(cast.coordinator),
            at=MORNING,
        )
    assert messages.unread(acting(cast.wang_account)) == 0


def test_an_auditor_reads_and_decides_nothing(cast: Cast) -> None:
    row = complained(cast)
    assert complaints.complaint(row.id, by=acting(cast.auditor)).words == "迟到"
    assert isinstance(complaints.why_not_decide(row, by=acting(cast.auditor), at=AFTER), NotAllowed)
    assert complaints.why_not_decide(row, by=acting(cast.second), at=AFTER) is None

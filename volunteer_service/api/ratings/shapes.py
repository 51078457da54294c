"""Shapes of policies, rounds, results, objections and notices over the API."""

from typing import Any

from marshmallow import Schema, fields, validate

from volunteer_service import policies
from volunteer_service.api.shared.shapes import (
    Day,
    Half,
    In,
    Instant,
    Query,
    Sort,
    Text,
)
from volunteer_service.fields import LARGEST, Reason
from volunteer_service.scoring.ratings import late_counts, objection_lists, results
from volunteer_service.scoring.ratings.models import ROUND_STATES

STARS = validate.Range(0, 5)
OBJECTION_STATES = ("open", "upheld", "dismissed")


def whole(least: int, most: int, **kwargs: Any) -> fields.Integer:
    """Return a field of a whole number within bounds."""
    return fields.Integer(strict=True, validate=validate.Range(least, most), **kwargs)


class PolicyIn(In):
    """The numbers that change; ``expected`` is the version that they were read from."""

    changes = fields.Dict(keys=fields.String(), required=True)
    reason = Reason(200, required=True)
    expected = whole(1, 1_000_000)
    area_id = whole(1, LARGEST)
    half_year = Half()
    from_on = Day()


class PolicyRefuseIn(In):
    """Why a proposed version does not come into force."""

    answer = Reason(200, required=True)


class PolicyOut(Schema):
    """A version of the programme's numbers: all that hold, and the format in which they were
    written.
    """

    version = fields.Integer(required=True)
    format = fields.Integer(attribute="policy.format", required=True)
    numbers = fields.Dict(attribute="policy.numbers", keys=fields.String(), required=True)
    hash = fields.String(required=True)
    reason = fields.String(required=True)
    at = Instant(required=True)
    state = fields.String(attribute="term.state", validate=validate.OneOf(policies.TERM_STATES))
    area_id = fields.Integer(attribute="term.area_id", allow_none=True)
    half_year = fields.String(attribute="term.half_year")
    from_on = fields.Date(attribute="term.from_on")
    decided_at = Instant(attribute="term.decided_at", allow_none=True)
    answer = fields.String(attribute="term.answer", allow_none=True)


class PoliciesOut(Schema):
    """Every version, newest first; proposed and refused ones too."""

    items = fields.List(fields.Nested(PolicyOut), required=True)


class RoundIn(In):
    """The round to open."""

    area_id = whole(1, LARGEST, required=True)
    half_year = Text(6, required=True, metadata={"description": "2026H1"})


class RoundQuery(Query):
    """Filters of the list of rounds."""

    half_year = Text(6)
    from_on = fields.Date()
    to_on = fields.Date()
    state = fields.String(validate=validate.OneOf(ROUND_STATES))
    area_id = fields.Integer(validate=validate.Range(1, LARGEST))
    sort = Sort(results.ROUND_SORTS)


class RoundOut(Schema):
    """A rating round; ``supplement`` 0 is the round itself."""

    id = fields.Integer(required=True)
    area_id = fields.Integer(required=True)
    half_year = fields.String(required=True)
    supplement = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(ROUND_STATES))
    reason = fields.String(allow_none=True)
    withdrawn_reason = fields.String(allow_none=True)
    readiness = fields.Dict(keys=fields.String(), values=fields.Integer(), allow_none=True)
    lifted_reason = fields.String(allow_none=True)
    policy_version = fields.Integer(allow_none=True)
    facts_hash = fields.String(allow_none=True)
    final_hash = fields.String(allow_none=True)
    opened_at = Instant(required=True)
    frozen_at = Instant(allow_none=True)
    noticed_at = Instant(allow_none=True)
    notice_ends_on = fields.Date(allow_none=True)
    signed_off_at = Instant(allow_none=True)


class DistributionOut(Schema):
    """How many people have how many stars; ``people`` counts the unrated too."""

    people = fields.Integer(required=True)
    stars = fields.List(
        fields.Integer(), required=True, metadata={"description": "Of 0, 1, 2, 3, 4 and 5 stars."}
    )


class FreezeIn(In):
    """Why the facts are frozen although something is still to be done."""

    reason = Reason(200)


class UndoneOut(Schema):
    """One kind of thing that is still to be done, and how many of it there are."""

    kind = fields.String(attribute="kind.name", required=True)
    hold = fields.String(
        attribute="kind.hold",
        required=True,
        validate=validate.OneOf(("blocks", "lifted", "tells")),
    )
    count = fields.Integer(required=True)


class ReadinessOut(Schema):
    """What is still to be done in the round's half-year."""

    items = fields.List(fields.Nested(UndoneOut), required=True)


class ThawIn(In):
    """Why."""

    reason = Reason(200, required=True)


class SupplementIn(In):
    """Whom a supplement rates anew, and why."""

    volunteer_ids = fields.List(whole(1, LARGEST), required=True, validate=validate.Length(1, 1000))
    reason = Reason(200, required=True)


class ReplayDifferenceOut(Schema):
    """A person whose stored stars differ from those that the facts give."""

    volunteer_id = fields.Integer(required=True)
    kept = fields.Integer(allow_none=True, required=True)
    computed = fields.Integer(required=True)


class ReplayOut(Schema):
    """What recomputing from the frozen facts found."""

    equal = fields.Boolean(required=True)
    people = fields.Integer(required=True)
    hash_equal = fields.Boolean(required=True)
    final_hash_equal = fields.Boolean(required=True)
    different = fields.Integer(required=True)
    differences = fields.List(fields.Nested(ReplayDifferenceOut), required=True)


class ResultQuery(Query):
    """Filters of the people of a round."""

    stars = fields.Integer(validate=STARS)
    name = Text(60, metadata={"description": "Part of the name, or a volunteer number."})
    team_id = fields.Integer(validate=validate.Range(1, LARGEST))
    sort = Sort(results.RESULT_SORTS, otherwise="`-stars` once they are rated, or by volunteer.")


class LateChangeQuery(Query):
    """Who differs: everybody, or only those whose star would be another."""

    other_star = fields.Boolean(load_default=False)
    sort = Sort(late_counts.LATE_SORTS)


class LateChangeOut(Schema):
    """A person whose facts of now give another star or other hours than the signed result."""

    id = fields.Integer(required=True)
    round_id = fields.Integer(required=True)
    volunteer_id = fields.Integer(required=True)
    name = fields.String(attribute="volunteer.name", required=True)
    result_id = fields.Integer(allow_none=True, required=True)
    stars_before = fields.Integer(required=True)
    stars_now = fields.Integer(required=True)
    minutes_before = fields.Integer(required=True)
    minutes_now = fields.Integer(required=True)


class StarReasonOut(Schema):
    """A code of docs/rules.md and its numbers (minutes, hundredths)."""

    code = fields.String(required=True)
    numbers = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class ResultOut(Schema):
    """One person in a round."""

    id = fields.Integer(required=True)
    round_id = fields.Integer(required=True)
    volunteer_id = fields.Integer(required=True)
    name = fields.String(attribute="volunteer.name", required=True)
    stars = fields.Integer(allow_none=True, required=True)
    reasons = fields.List(fields.Nested(StarReasonOut), required=True)


class ResultExplanationOut(Schema):
    """Why a person has these stars: the facts that hold, those first frozen, and the policy."""

    result = fields.Nested(ResultOut, required=True)
    facts = fields.Function(lambda found: found.facts.to_dict(), metadata={"type": "object"})
    frozen = fields.Function(lambda found: found.frozen.to_dict(), metadata={"type": "object"})
    policy_version = fields.Integer(attribute="policy.version", required=True)


class ObjectionIn(In):
    """What is wrong, in the person's words."""

    words = Reason(1000, required=True)


class ObjectionDecisionIn(In):
    """The decision; an upheld objection freezes the facts anew that the records give now.

    ``lowers`` says that the decider has seen that the person loses by it.
    """

    upheld = fields.Boolean(required=True)
    answer = Reason(1000, required=True)
    lowers = fields.Boolean(load_default=False)


class WeighedOut(Schema):
    """What upholding would change: facts and stars, before and after."""

    before = fields.Function(lambda found: found.before.to_dict(), metadata={"type": "object"})
    after = fields.Function(lambda found: found.after.to_dict(), metadata={"type": "object"})
    stars_before = fields.Integer(attribute="was.stars", required=True)
    stars_after = fields.Integer(attribute="becomes.stars", required=True)
    changes = fields.Boolean(required=True)
    lowers = fields.Boolean(required=True)


class ObjectionOut(Schema):
    """An objection and its answer."""

    id = fields.Integer(required=True)
    result_id = fields.Integer(required=True)
    words = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(OBJECTION_STATES))
    opened_at = Instant(required=True)
    decided_at = Instant(allow_none=True)
    answer = fields.String(allow_none=True)
    facts_before = fields.Dict(allow_none=True)
    facts_after = fields.Dict(allow_none=True)


class ObjectionQuery(Query):
    """Filter of the objections of a round."""

    state = fields.String(validate=validate.OneOf(OBJECTION_STATES))
    sort = Sort(objection_lists.SORTS)


class NoticeLevelOut(Schema):
    """Masked names of one star level."""

    stars = fields.Integer(required=True)
    names = fields.List(fields.String(), required=True)


class NoticeQuery(Schema):
    """Where the page begins."""

    after = fields.String(validate=validate.Length(max=40))


class NoticeOut(Schema):
    """The public notice: who agreed is named (masked), the others are counted."""

    round = fields.Nested(RoundOut, required=True)
    is_over = fields.Boolean(required=True)
    counts = fields.List(fields.Integer(), required=True)
    named = fields.Integer(required=True)
    unnamed = fields.Integer(required=True)
    levels = fields.List(fields.Nested(NoticeLevelOut), required=True)
    next = fields.String(allow_none=True, required=True)


class WorkingDayIn(In):
    """A day on which the calendar is wrong, or every day to `to_day`."""

    day = Day(required=True)
    to_day = Day(load_default=None)
    working = fields.Boolean(required=True)
    reason = Reason(200, required=True)


class WorkingDayOut(Schema):
    """A corrected day."""

    day = fields.Date(required=True)
    working = fields.Boolean(required=True)
    reason = fields.String(required=True)
    at = Instant(required=True)


class WorkingDaysOut(Schema):
    """The corrected days in order."""

    items = fields.List(fields.Nested(WorkingDayOut), required=True)

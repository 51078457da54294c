"""What a row of a service log earns: one rule for the preview, the counts and the ledger."""

from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.record_value import points_for
from volunteer_service.workbooks.judging.rows import ServiceRow


def points_of(row: ServiceRow, policy: Policy) -> int:
    """Points (hundredths) of one record: a log names no post, so it weighs as one without."""
    return points_for(row.minutes, policy.default_coefficient_centi, row.grade, policy)

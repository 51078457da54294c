"""The value of a confirmed record in points (hundredths), and their last valid day."""

from datetime import date

from volunteer_service.scoring.rules.policy import GRADES, Policy


def points_for(minutes: int, coefficient_centi: int, grade: str, policy: Policy) -> int:
    """Return hundredths of a point: 1 point an hour x the post's coefficient (hundredths), rounded
    down.

    0 for a grade that earns no points (backfilled). They are rounded for each record, never on a
    sum, so that a record's points do not depend on other records.
    """
    if grade not in GRADES:
        raise ValueError(f"no such grade: {grade}")
    if minutes < 0 or coefficient_centi < 0:
        raise ValueError("minutes and coefficient are never negative")
    if grade not in policy.grades_for_points:
        return 0
    return minutes * policy.points_per_hour_centi * coefficient_centi // (60 * 100)


def counts_for_stars(grade: str, policy: Policy) -> bool:
    """Tell whether minutes of this evidence grade count towards stars (in version 1 all do)."""
    return grade in policy.grades_for_stars


def expires_on(earned_on: date, policy: Policy) -> date:
    """Return the last local day on which the points are valid: 31 December of the year after
    (version 1).
    """
    return date(earned_on.year + policy.points_valid_years, 12, 31)

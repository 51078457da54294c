"""States what a merging of teams does with each table that refers to a team.

Every column that points at ``teams`` is listed; ``tests/merging/test_teams.py`` fails for a
new one.
"""

from volunteer_service.merging.tables import Own, Stays

HOW: dict[str, Own | Stays] = {
    "anomalies.team_id": Stays("what looked wrong at that team's events is decided by its staff"),
    "calendar_feeds.team_id": Stays("shows the events of the team that goes on as well"),
    "circulars.team_id": Stays("was written to the people of that team"),
    "event_teams.team_id": Own("coming_events"),
    "events.team_id": Own("coming_events"),
    "grants.team_id": Own("leads"),
    "memberships.team_id": Own("members"),
    "service_records.team_id": Stays("hours were served in that team; figures and rounds keep it"),
    "team_mergings.kept_id": Stays("what was merged into what"),
    "team_mergings.merged_id": Stays("what was merged into what"),
    "team_robots.team_id": Own("steps"),
}

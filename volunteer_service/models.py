"""Every table, imported once, so that the metadata is whole for migrations and tests."""

from volunteer_service import (
    idempotency,
    job_runs,
    journal,
    policies,
    working_days,
)
from volunteer_service.areas import models as areas
from volunteer_service.attendance import claim_photo_models
from volunteer_service.attendance import models as attendance
from volunteer_service.attendance.anomalies import anomaly_models
from volunteer_service.attendance.roster_sheets import roster_sheet_models
from volunteer_service.certificates import models as certificates
from volunteer_service.circulars import models as circulars
from volunteer_service.events import calendar_feeds, photo_models, swap_models
from volunteer_service.events import models as events
from volunteer_service.events import series_models as event_series
from volunteer_service.lists.acts import models as list_acts
from volunteer_service.lists.exports import export_models
from volunteer_service.lists.views import view_models
from volunteer_service.merging.teams import models as team_mergings
from volunteer_service.openings import models as openings
from volunteer_service.outbox import models as outbox
from volunteer_service.people import models as people
from volunteer_service.people.authentication import (
    account_findings,
    second_factor_models,
    watcher_requests,
)
from volunteer_service.people.cards import card_models
from volunteer_service.people.changes import change_models
from volunteer_service.people.messages import message_models
from volunteer_service.people.search import search_keys
from volunteer_service.scoring.points import models as points
from volunteer_service.scoring.ratings import models as ratings
from volunteer_service.scoring.rewards import models as rewards
from volunteer_service.teams import models as teams
from volunteer_service.workbooks import models as workbooks

__all__ = [
    "account_findings",
    "anomaly_models",
    "areas",
    "attendance",
    "calendar_feeds",
    "card_models",
    "certificates",
    "change_models",
    "circulars",
    "claim_photo_models",
    "event_series",
    "events",
    "export_models",
    "idempotency",
    "job_runs",
    "journal",
    "list_acts",
    "message_models",
    "openings",
    "outbox",
    "people",
    "photo_models",
    "points",
    "policies",
    "ratings",
    "rewards",
    "roster_sheet_models",
    "search_keys",
    "second_factor_models",
    "swap_models",
    "team_mergings",
    "teams",
    "view_models",
    "watcher_requests",
    "workbooks",
    "working_days",
]

"""Every page that the address map knows, with the demo's own numbers in it."""

import re
from collections.abc import Iterator
from functools import cache

from flask import Flask

from tests.e2e.street import Street
from volunteer_service.app import create_app
from volunteer_service.settings import Settings

#: Who looks, and their sign-in; None is a stranger.
READERS: dict[str, str | None] = {
    "stranger": None,
    "volunteer": "17000000002",
    "leader": "leader",
    "coordinator": "coordinator",
    "desk": "desk",
    "auditor": "auditor",
    "admin": "admin",
}

#: For each address with a parameter: what stands there, newest and rarest states included.
FILLED = {
    "/accounts/<int:account_id>": "SELECT id FROM accounts WHERE login IN ('desk', 'leader')",
    "/anomalies/<int:anomaly_id>": "SELECT id FROM anomalies",
    "/areas/<int:area_id>": "SELECT min(id) FROM areas GROUP BY kind",
    "/areas/<int:area_id>/contact": "SELECT min(id) FROM areas",
    "/areas/<int:area_id>/move": "SELECT min(id) FROM areas GROUP BY kind",
    "/complaints/<int:complaint_id>/noted-reply": "SELECT id FROM complaints",
    "/my/complaints/<int:complaint_id>": "SELECT id FROM complaints",
    "/certificates/<number>": "SELECT number FROM certificates WHERE revoked_at IS NOT NULL"
    " OR volunteer_id = (SELECT volunteer_id FROM accounts WHERE login = 'leader')",
    "/desk/days/<int:sheet_id>": "SELECT id FROM day_sheets",
    "/desk/people/<int:volunteer_id>": "SELECT id FROM volunteers WHERE name IN ('陈桂英', '李梅')",
    "/e/<int:event_id>": "SELECT max(id) FROM events GROUP BY state UNION"
    " SELECT id FROM events WHERE state = 'published'",
    "/e/<int:event_id>/edit": "SELECT id FROM events WHERE state = 'published'",
    "/e/<int:event_id>/put-off": "SELECT max(id) FROM events WHERE state = 'published'",
    "/posts/<int:post_id>/requirements": "SELECT max(posts.id) FROM posts JOIN events"
    " ON events.id = posts.event_id WHERE events.state = 'published'",
    "/posts/<int:post_id>/serves": "SELECT max(posts.id) FROM posts JOIN events"
    " ON events.id = posts.event_id WHERE events.state = 'published'",
    "/e/<int:event_id>/photos": "SELECT max(id) FROM events WHERE state = 'published'",
    "/e/<int:event_id>/copy": "SELECT max(id) FROM events WHERE state = 'published'",
    "/e/<int:event_id>/series": "SELECT max(id) FROM events GROUP BY state",
    "/e/<int:event_id>/rota": "SELECT max(id) FROM events WHERE state = 'published'",
    "/sign-ups/<int:sign_up_id>/swap": "SELECT max(sign_ups.id) FROM sign_ups JOIN events"
    " ON events.id = sign_ups.event_id WHERE events.state = 'published'"
    " AND sign_ups.state = 'confirmed'",
    "/e/<int:event_id>/hand-over": "SELECT max(id) FROM events WHERE state = 'published'",
    "/shifts/<int:shift_id>/remove": "SELECT max(shifts.id) FROM shifts JOIN events"
    " ON events.id = shifts.event_id WHERE events.state = 'published'",
    "/shifts/<int:shift_id>/edit": "SELECT max(shifts.id) FROM shifts JOIN events"
    " ON events.id = shifts.event_id WHERE events.state = 'published'",
    "/e/<int:event_id>/sheets": "SELECT id FROM events WHERE state = 'published'",
    "/e/<int:event_id>/sheets/<int:roster_sheet_id>": "SELECT event_id, id FROM roster_sheets",
    "/e/<int:event_id>/gate": "SELECT id FROM events WHERE state = 'published'",
    "/e/<int:event_id>/scanner": "SELECT id FROM events WHERE state = 'published'",
    "/e/<int:event_id>/spoken": "SELECT id FROM events WHERE state = 'published'",
    "/e/<int:event_id>/screen": "SELECT id FROM events WHERE state = 'published'",
    "/e/<int:event_id>/newcomer": "SELECT id FROM events WHERE state = 'published'",
    "/e/<int:event_id>/manage": "SELECT max(id) FROM events GROUP BY state UNION"
    " SELECT id FROM events WHERE state = 'published'",
    "/e/<int:event_id>/circular": "SELECT max(id) FROM events WHERE state = 'published'",
    "/teams/<int:team_id>/robot": "SELECT min(id) FROM teams WHERE state = 'active'",
    "/teams/<int:team_id>/circular": "SELECT min(id) FROM teams WHERE state = 'active'",
    "/circulars/<int:circular_id>": "SELECT id FROM circulars",
    "/my/circulars/<int:received_id>": "SELECT id FROM circulars WHERE sent_at IS NOT NULL",
    "/gifts/<int:gift_id>/edit": "SELECT min(id) FROM gifts",
    "/gifts/<int:gift_id>/order": "SELECT min(id) FROM gifts UNION"
    " SELECT id FROM gifts WHERE minimum_stars > 0",
    "/imports/<int:import_id>": "SELECT id FROM imports",
    "/imports/<int:import_id>/sheets/<int:sheet_number>": "SELECT id, 0 FROM imports"
    " WHERE state = 'previewed'",
    "/imports/meanings/<int:meaning_id>": "SELECT id FROM sheet_meanings",
    "/imports/<int:import_id>/undo": "SELECT id FROM imports WHERE state = 'applied'",
    "/lists/<list_name>": "SELECT 'people' UNION SELECT 'teams' UNION SELECT 'memberships' UNION "
    "SELECT 'events' UNION SELECT 'records' UNION SELECT 'certificates' "
    "UNION SELECT 'orders' UNION SELECT 'gifts' UNION SELECT 'entries' "
    "UNION SELECT 'results' UNION SELECT 'sign_ups' UNION SELECT 'accounts' "
    "UNION SELECT 'looks' UNION SELECT 'shifts' UNION SELECT 'stock_moves' "
    "UNION SELECT 'imports' UNION SELECT 'refused_rows' UNION SELECT 'journal' "
    "UNION SELECT 'waiting' UNION SELECT 'batches' UNION SELECT 'exports'",
    "/lists/<list_name>/export": "SELECT 'people' UNION SELECT 'teams'",
    "/lists/exports/<int:export_id>": "SELECT id FROM list_exports",
    "/lists/batches/<int:batch_id>": "SELECT id FROM batches",
    "/mergings/<int:merging_id>": "SELECT id FROM mergings",
    "/team-mergings/<int:team_merging_id>": "SELECT id FROM team_mergings",
    "/notice/<int:round_id>": "SELECT id FROM rounds WHERE state = 'final'",
    "/orders/<int:order_id>": "SELECT max(id) FROM redemptions WHERE volunteer_id IN"
    " (SELECT volunteer_id FROM accounts WHERE login = 'leader') GROUP BY state UNION"
    " SELECT max(id) FROM redemptions WHERE volunteer_id ="
    " (SELECT id FROM volunteers WHERE name = '王建国') GROUP BY state",
    "/people/<int:volunteer_id>": "SELECT id FROM volunteers WHERE name IN ('刘小雨', '李梅')",
    "/people/<int:volunteer_id>/changes": "SELECT id FROM volunteers WHERE name = '刘小雨'",
    "/people/changes/<int:change_id>": "SELECT min(id) FROM person_changes GROUP BY state",
    "/people/<int:volunteer_id>/merge": "SELECT id FROM volunteers WHERE name = '刘小雨'",
    "/people/<int:volunteer_id>/points": "SELECT id FROM volunteers WHERE name = '李梅'",
    "/points/transfers/<int:transfer_id>/reverse": "SELECT max(id) FROM transfers"
    " WHERE kind = 'grant'",
    "/ratings/<int:round_id>": "SELECT id FROM rounds",
    "/teams/<int:team_id>/merge": "SELECT min(id) FROM teams WHERE state = 'active'",
    "/stars/<int:result_id>": "SELECT max(id) FROM round_results GROUP BY stars",
    "/ratings/people/<int:result_id>": "SELECT max(id) FROM round_results GROUP BY stars",
    "/records/<int:record_id>": "SELECT max(id) FROM service_records GROUP BY state, waits_for"
    " UNION SELECT record_id FROM disputes UNION SELECT max(r.id) FROM service_records r"
    " JOIN volunteers v ON v.id = r.volunteer_id WHERE v.name = '王建国'",
    "/records/sheets/<key>": "SELECT DISTINCT substr(source_key, 1, instr(source_key, '-') - 1)"
    " FROM service_records WHERE source_type = 'backfill' AND source_key LIKE '%-%'",
    "/memberships/<int:membership_id>": "SELECT min(id) FROM memberships WHERE state = 'active'",
    "/teams/<int:team_id>": "SELECT min(id) FROM teams",
    "/shifts/<int:shift_id>/claim": "SELECT min(id) FROM shifts WHERE closed_at IS NOT NULL",
    "/teams/<int:team_id>/add": "SELECT min(id) FROM teams",
    "/teams/<int:team_id>/cards": "SELECT min(id) FROM teams",
    "/teams/<int:team_id>/calendar": "SELECT min(id) FROM teams",
    "/teams/<int:team_id>/edit": "SELECT min(id) FROM teams",
    "/policies/<int:version>": "SELECT max(version) FROM policies",
    "/c/<token>": "SELECT '{code}'",
    "/k/<card>": "SELECT 'FOUND'",
    "/K/<card>": "SELECT 'FOUND'",
    "/mail/leave/<token>": "SELECT '{leave}'",
    "/mail/confirm/<token>": "SELECT '{confirm}'",
    "/mail/place/<token>": "SELECT '{place}'",
    "/v/<token>": "SELECT '{valid}' UNION SELECT '{revoked}' UNION SELECT 'nothing-of-ours'",
    "/accounts/<int:account_id>/story": "SELECT id FROM accounts WHERE login = 'desk'",
    "/e/<int:event_id>/story": "SELECT max(id) FROM events",
    "/gifts/<int:gift_id>/story": "SELECT min(id) FROM gifts",
    "/people/<int:volunteer_id>/story": "SELECT min(id) FROM volunteers",
    "/ratings/<int:round_id>/story": "SELECT max(id) FROM rounds",
    "/records/<int:record_id>/story": "SELECT max(id) FROM service_records",
    "/teams/<int:team_id>/story": "SELECT min(id) FROM teams",
}

#: Pages that show more when something is asked of them.
ASKED = ("/find?q=%E7%8E%8B", "/find?q=2026H1")

#: Addresses that are no pages: files, figures, the API.
NO_PAGES = (
    # Its key stands in a letter or a link only.
    "/reset/",
    "/join/guardian/<token>",
    "/api/",
    "/static/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/me/export.json",
    "/e/<int:event_id>/screen/now",
    "/e/<int:event_id>/spoken/now",
    "/e/<int:event_id>/roster",
    # Only where `run` serves phones in the network.
    "/trust",
    "/e/<int:event_id>/scanner/manifest.json",
    "/e/<int:event_id>/scanner/names",
    "/imports/uploads/",
    "/lists/exports/<int:export_id>/file",
)


def app_of(street: Street) -> Flask:
    """The application over the street's database, for what it signs."""
    return create_app(Settings.from_env({"VAR_DIR": str(street.folder), "BASE_URL": street.url}))


@cache
def paths(street: Street) -> tuple[str, ...]:
    """Each page once, asked of a town once; an address that nobody filled is an error."""
    return (*_filled(street), *ASKED)


def _filled(street: Street) -> Iterator[str]:
    app = app_of(street)
    signed = tokens(app)
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" not in (rule.methods or ()) or is_no_page(rule.rule):
            continue
        if not rule.arguments:
            yield rule.rule
            continue
        pieces = re.split("<[^>]+>", rule.rule)
        for values in street.ask(FILLED[rule.rule]):
            filled = [str(value).format(**signed) for value in values]
            yield "".join(f"{a}{b}" for a, b in zip(pieces, [*filled, ""], strict=True))


def is_no_page(rule: str) -> bool:
    """Whether an address answers a file, a figure or a program, not a reader."""
    return rule.startswith(NO_PAGES) or "." in rule.rsplit("/", 1)[1]


def tokens(app: Flask) -> dict[str, str]:
    """A poster's code and two certificates' addresses, signed as the demo's are."""
    from sqlalchemy import select

    from volunteer_service.attendance.check_ins import event_codes
    from volunteer_service.certificates import rendering
    from volunteer_service.certificates.models import Certificate
    from volunteer_service.db import db, transaction
    from volunteer_service.events.models import Event

    with app.app_context(), transaction(write=False):
        running = db.session.scalars(
            select(Event).where(Event.state == "published").order_by(Event.starts_at)
        ).first()
        revoked = db.session.scalars(
            select(Certificate).where(Certificate.revoked_at.is_not(None))
        ).first()
        valid = db.session.scalars(
            select(Certificate).where(Certificate.revoked_at.is_(None))
        ).first()
        assert running
        assert revoked
        assert valid
        return {
            "code": event_codes.token(running),
            "valid": rendering.verify_url(valid).rsplit("/", 1)[1],
            "revoked": rendering.verify_url(revoked).rsplit("/", 1)[1],
            **_links_of_letters(app),
        }


def _links_of_letters(app: Flask) -> dict[str, str]:
    """What a letter's links end with; settings that nobody made stand for any."""
    from volunteer_service.web.shared import signed_links

    with app.test_request_context():
        return {
            "leave": signed_links.leaving(1).rsplit("/", 1)[1],
            "confirm": signed_links.confirming(1, "wang@example.com").rsplit("/", 1)[1],
            "place": signed_links.answering(1, "11-28 09:00").rsplit("/", 1)[1],
        }

"""A crowd signed up for one event that runs now, each with a session as their phone holds it."""

from dataclasses import dataclass
from datetime import date, timedelta
from ipaddress import ip_network
from uuid import uuid4

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import insert

from _harness import statements
from _harness.load import post
from volunteer_service import clock
from volunteer_service.app import create_app
from volunteer_service.areas.models import Area
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.db import db, schema, transaction
from volunteer_service.events.models import Event, Post, Shift, SignUp
from volunteer_service.people.models import Account, Grant, OpenSession, Volunteer
from volunteer_service.settings import Settings
from volunteer_service.teams.models import Membership, Team
from volunteer_service.web.shared import guard

#: Ids start above those of the leader.
FIRST = 101
LEADER = 1


@dataclass(frozen=True)
class Crowd:
    """``requests`` are the check-ins, one for each person; ``spoken`` the product's statements for
    one.
    """

    requests: list[bytes]
    spoken: list[str]
    #: The poster's path; cookie and form of each person's phone; cookie of the event's leader.
    path: str
    phones: list[tuple[str, str]]
    leader: str


def settings(url: str, var_dir: str) -> dict[str, str]:
    """Return the environment that the product runs in, and the bare app beside it."""
    return {
        "APP_ENV": "demo",
        "DATABASE_URL": url,
        "SECRET_KEY": "bench-secret-key-bench-secret-key-0123456789",
        "PERSONAL_DATA_KEY": "bench-personal-key-bench-personal-0123456789",
        "BASE_URL": "http://127.0.0.1:8000",
        "VAR_DIR": var_dir,
        "RATE_LIMITS": "off",
        "LOG_LEVEL": "WARNING",
    }


def gather(env: dict[str, str], size: int) -> Crowd:
    """Fill the database at ``DATABASE_URL`` and write everybody's check-in."""
    app = create_app(Settings.from_env(env))
    with app.app_context():
        schema.upgrade(db.engine)
        with transaction():
            event = _event()
            _people(event.id, size + 2)
            path = f"/c/{event_codes.token(event)}"
        db.session.remove()
        db.engine.dispose()
    # Outside that context, because it remembers the CSRF token of a request.
    leader = _session(app, Account(id=LEADER, name="李梅"))[0]
    forms = [_check_in(app, id_) for id_ in range(FIRST, FIRST + size + 2)]
    # The first scan of a process also reads the policy's numbers, so the second is the usual one.
    for cookie, form in forms[size:]:
        spoken = statements.spoken(app, path, cookie, form)
    phones = ip_network("10.0.0.0/8")
    requests = [post(path, *form, str(phones[n])) for n, form in enumerate(forms[:size], 1)]
    return Crowd(requests, spoken, path, forms[:size], leader)


def _event() -> Event:
    now = clock.now()
    db.session.add(Area(id=1, kind="subdistrict", name="市西街道", path="/1/"))
    db.session.add(
        Account(id=LEADER, login="leader", name="李梅", password_hash="-", created_at=now)
    )
    db.session.flush()
    db.session.add(
        OpenSession(
            account_id=LEADER,
            key_hash=statements.session_of(LEADER),
            epoch=0,
            device="android/wechat",
            made_at=now,
            seen_at=now,
        )
    )
    db.session.add(Team(id=1, name="护学队", area_id=1, recording_unit="市西街道"))
    db.session.flush()
    db.session.add(Grant(account_id=LEADER, role="leader", team_id=1))
    span = {"starts_at": now - timedelta(minutes=10), "ends_at": now + timedelta(hours=2)}
    event = Event(
        team_id=1,
        leader_id=LEADER,
        title="庆丰小学门前护学",
        content="护送学生过马路",
        place="庆丰小学东门",
        state="published",
        code="BENCH001",
        created_at=now,
        **span,
    )
    db.session.add(event)
    db.session.flush()
    work = Post(event_id=event.id, name="护学岗")
    db.session.add(work)
    db.session.flush()
    db.session.add(Shift(id=1, event_id=event.id, post_id=work.id, capacity=1_000_000, **span))
    db.session.flush()
    return event


def _people(event_id: int, size: int) -> None:
    now, ids = clock.now(), range(FIRST, FIRST + size)
    rows = {
        Volunteer: lambda id_: {
            "number": f"B{id_:09}",
            "name": f"志愿者{id_}",
            "registered_on": date(2024, 1, 1),
            "state": "active",
            "details": {},
        },
        Account: lambda id_: {
            "login": f"b{id_:09}",
            "name": f"志愿者{id_}",
            "password_hash": "-",
            "volunteer_id": id_,
            "epoch": 0,
        },
        OpenSession: lambda id_: {
            "account_id": id_,
            "key_hash": statements.session_of(id_),
            "epoch": 0,
            "device": "android/wechat",
            "made_at": now,
            "seen_at": now,
        },
        Membership: lambda id_: {"team_id": 1, "volunteer_id": id_, "joined_at": now},
        SignUp: lambda id_: {
            "event_id": event_id,
            "shift_id": 1,
            "volunteer_id": id_,
            "state": "confirmed",
            "source": "page",
        },
    }
    for model, row in rows.items():
        stamped = {"created_at": now} if "created_at" in model.__table__.c else {}
        db.session.execute(insert(model), [{"id": id_} | stamped | row(id_) for id_ in ids])


def _check_in(app: Flask, id_: int) -> tuple[str, str]:
    """Return cookie and form that the phone of volunteer ``id_`` sends when its button is
    pressed.
    """
    cookie, token = _session(app, Account(id=id_, name=f"志愿者{id_}", volunteer_id=id_))
    return cookie, f"csrf_token={token}&kind=in&scan_id={uuid4()}"


def _session(app: Flask, account: Account) -> tuple[str, str]:
    """Return cookie and CSRF token of somebody who is signed in."""
    with app.test_request_context():
        guard.keep(f"{statements.KEY}{account.id}", account)
        token = generate_csrf()
        answer = app.response_class()
        app.session_interface.save_session(app, session, answer)
        return answer.headers["Set-Cookie"].partition(";")[0], token

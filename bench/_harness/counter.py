"""A desk of twenty gifts, members with points, and orders that wait to be picked up."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import insert, select, text

from _harness.load import post, sent
from volunteer_service import clock
from volunteer_service.app import create_app
from volunteer_service.areas.models import Area
from volunteer_service.crypto import token_hash
from volunteer_service.db import db, schema, transaction
from volunteer_service.people.models import Account, Grant, Token, Volunteer
from volunteer_service.scoring.points import accounts as points_accounts
from volunteer_service.scoring.points import doctor, earnings
from volunteer_service.scoring.points.models import Hold, HoldLot, Lot, PointsAccount
from volunteer_service.scoring.rewards import doctor as rewards_doctor
from volunteer_service.scoring.rewards import pick_up_codes
from volunteer_service.scoring.rewards.models import Gift, Redemption, StockMove
from volunteer_service.settings import Settings
from volunteer_service.web.shared import guard

#: Ids of the three crowds are far from each other and from all ids of the database itself.
BUYERS, ACCOUNTS, WAITING, GIFTS, DESK = 100_001, 200_001, 300_001, 900_001, 800_001
PRICE, POINTS, SHELF = 300, 1_000, 1_000_000
#: Numbers with a single meaning distinguish the values of a statement.
FAR_APART = """
SELECT setval(format('%I', sequencename)::regclass, row_number() OVER (ORDER BY sequencename)
  * 10000000) FROM pg_sequences WHERE schemaname = 'public'"""

RESERVE = (
    f"UPDATE points_accounts SET held = {PRICE}, version = version + 1"
    " WHERE id IN (SELECT points_account_id FROM holds)",
    f"UPDATE lots SET remaining = remaining - {PRICE}"
    " WHERE points_account_id IN (SELECT points_account_id FROM holds)",
)


@dataclass(frozen=True)
class Counter:
    """Orders to be made, and for each waiting order what the desk sends to find it, to end it."""

    #: The values of each order's request: the hash of its token, its key, its gift.
    given: list[dict[str, str | int]]
    orders: list[bytes]
    finds: list[bytes]
    hand_overs: list[bytes]


def gather(env: dict[str, str], buyers: int, waiting: int, served: int) -> Counter:
    """Fill the database: ``buyers`` who will order, ``waiting`` orders, ``served`` looked up."""
    app = create_app(Settings.from_env(env))
    with app.app_context():
        schema.upgrade(db.engine)
        with transaction():
            db.session.execute(text(FAR_APART))
            _shelf(waiting)
            _people(BUYERS, buyers)
            _people(WAITING, waiting)
            tokens = _accounts(buyers)
            ids = _orders(waiting)
        with transaction(write=False):
            wrong = doctor.doctor() + rewards_doctor.doctor()
        if wrong:
            raise SystemExit(f"the counter is not as the product would leave it: {wrong[:5]}")
        # The newcomer is not the first in the queue.
        step = max(1, len(ids) // served)
        chosen = ids[::step][:served]
        finds = [(id_, pick_up_codes.new_code(id_)) for id_ in chosen]
        db.session.remove()
        db.engine.dispose()
    made = [_order(token, GIFTS + n % 20) for n, token in enumerate(tokens)]
    cookie, csrf = _desk_session(app)
    return Counter(
        given=[given for given, _request in made],
        orders=[request for _given, request in made],
        finds=[sent("GET", f"/desk?q={code}", {"Cookie": cookie}) for _id, code in finds],
        hand_overs=[
            post(
                f"/desk/orders/{id_}/hand-over",
                cookie,
                f"csrf_token={csrf}&idempotency_key={uuid4()}",
            )
            for id_, _code in finds
        ],
    )


def _shelf(waiting: int) -> None:
    now = clock.now()
    db.session.add(Area(id=1, kind="subdistrict", name="市西街道", path="/1/"))
    db.session.flush()
    desk = Account(id=DESK, login="desk", name="孙丽", password_hash="-", created_at=now)
    db.session.add(desk)
    db.session.flush()
    db.session.add(Grant(account_id=DESK, role="desk", area_id=1))
    promised = [len(range(n, waiting, 20)) for n in range(20)]
    for n in range(20):
        gift = Gift(id=GIFTS + n, area_id=1, name=f"礼品{n + 1}", price_centi=PRICE)
        gift.stock, gift.reserved = SHELF, promised[n]
        db.session.add(gift)
    db.session.flush()
    for n in range(20):
        db.session.add(StockMove(gift_id=GIFTS + n, kind="receive", quantity=SHELF, at=now))


def _people(first: int, size: int) -> None:
    now, ids = clock.now(), range(first, first + size)
    people = [
        {
            "id": id_,
            "number": f"B{id_:09}",
            "name": f"志愿者{id_}",
            "area_id": 1,
            "registered_on": date(2024, 1, 1),
            "state": "active",
            "details": {},
            "created_at": now,
        }
        for id_ in ids
    ]
    db.session.execute(insert(Volunteer), people)
    valid = now.date() + timedelta(days=400)
    grants = [earnings.Grant(id_, POINTS, valid, "record", id_) for id_ in ids]
    earnings.grant_many(grants, at=now)


def _accounts(size: int) -> list[str]:
    now = clock.now()
    tokens = [f"bench-token-{n:06}-{uuid4().hex}" for n in range(size)]
    accounts = [
        {
            "id": ACCOUNTS + n,
            "login": f"b{n:09}",
            "name": f"志愿者{BUYERS + n}",
            "password_hash": "-",
            "volunteer_id": BUYERS + n,
            "created_at": now,
        }
        for n in range(size)
    ]
    db.session.execute(insert(Account), accounts)
    held = [
        {
            "account_id": ACCOUNTS + n,
            "name": "bench",
            "token_hash": token_hash(token),
            "scopes": ["read", "write"],
            "created_at": now,
            "expires_at": now + timedelta(days=30),
        }
        for n, token in enumerate(tokens)
    ]
    db.session.execute(insert(Token), held)
    return tokens


def _orders(waiting: int) -> list[int]:
    """Write open orders as ``rewards.order`` does; the doctors check them afterwards."""
    now = clock.now()
    lots = db.session.execute(
        select(PointsAccount.id, Lot.id)
        .join(Lot, Lot.points_account_id == PointsAccount.id)
        .where(PointsAccount.volunteer_id >= WAITING)
        .order_by(PointsAccount.volunteer_id)
    ).all()
    ids = list(range(WAITING, WAITING + waiting))
    rows: dict[type, list[dict[str, object]]] = {Redemption: [], Hold: [], HoldLot: []}
    for n, (id_, (account_id, lot_id)) in enumerate(zip(ids, lots, strict=True)):
        rows[Redemption].append(
            {
                "id": id_,
                "volunteer_id": id_,
                "gift_id": GIFTS + n % 20,
                "quantity": 1,
                "points_centi": PRICE,
                "state": "ordered",
                "code_hash": pick_up_codes.hash_of(pick_up_codes.new_code(id_)),
                "month": f"{points_accounts.local_day(now):%Y-%m}",
                "ordered_at": now - timedelta(seconds=waiting - n),
                "lapses_at": now + timedelta(days=14),
            }
        )
        rows[Hold].append(
            {
                "id": id_,
                "points_account_id": account_id,
                "amount": PRICE,
                "state": "open",
                "source_type": "redemption",
                "source_id": id_,
                "created_at": now,
            }
        )
        rows[HoldLot].append({"hold_id": id_, "lot_id": lot_id, "amount": PRICE})
    for model, each in rows.items():
        db.session.execute(insert(model), each)
    for reserve in RESERVE:
        db.session.execute(text(reserve))
    return ids


def _order(token: str, gift_id: int) -> tuple[dict[str, str | int], bytes]:
    key = str(uuid4())
    headers = {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": key,
        "Content-Type": "application/json",
    }
    body = f'{{"gift_id": {gift_id}, "quantity": 1}}'
    given: dict[str, str | int] = {"token": token_hash(token), "key": key, "gift": gift_id}
    return given, sent("POST", "/api/v1/redemptions", headers, body)


def _desk_session(app: Flask) -> tuple[str, str]:
    """Return cookie and CSRF token of the browser at the desk."""
    with app.test_request_context():
        with transaction():
            guard.sign_in(Account(id=DESK, name="孙丽", volunteer_id=None, epoch=0))
        token = generate_csrf()
        answer = app.response_class()
        app.session_interface.save_session(app, session, answer)
        return answer.headers["Set-Cookie"].partition(";")[0], token

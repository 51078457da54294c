"""Many at once: nothing is spent twice, on either database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from tests import make
from tests.make_points import FRIDAY, earned, gift
from volunteer_service import policies
from volunteer_service.db import db, transaction
from volunteer_service.db.retry import again_on_conflict
from volunteer_service.errors import Refused
from volunteer_service.scoring.points import balances, doctor, earnings, seals
from volunteer_service.scoring.points.models import Seal, Transfer
from volunteer_service.scoring.rewards import doctor as rewards_doctor
from volunteer_service.scoring.rewards import orders
from volunteer_service.scoring.rewards.models import Gift, Redemption


def at_once(app, works):
    """Run every work in a thread and transaction of its own; how many were not refused."""
    start = Barrier(len(works))

    def run(work):
        with app.app_context():
            start.wait(timeout=30)

            def attempt():
                with transaction():
                    work()

            try:
                again_on_conflict(attempt)
            except Refused:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(len(works)) as pool:
        return sum(pool.map(run, works))


def laid(app, *, points_centi=10_000, stock=100, people=1, orders_a_month=1_000):
    """Ids of a gift and of volunteers with points, and the desk's actor."""
    with app.app_context():
        with transaction():
            cast = make.cast()
            policies.add_version(
                {"orders_a_month": orders_a_month}, reason="test", account_id=None, at=FRIDAY
            )
            row = gift(cast, stock=stock)
            who = [make.volunteer(f"志愿者{n}", team=cast.team) for n in range(people)]
            for person in who:
                earned(person, points_centi)
            found = row.id, [person.id for person in who], make.acting(cast.desk)
        db.session.remove()
    return found


def sound(app):
    with app.app_context(), transaction():
        assert doctor.doctor() == []
        assert rewards_doctor.doctor() == []


def test_twenty_orders_with_points_for_three_make_three(app):
    gift_id, (who,), desk = laid(app, points_centi=950)

    def order():
        orders.order(gift_id, 1, who, stars=0, by=desk, at=FRIDAY)

    assert at_once(app, [order] * 20) == 3
    sound(app)


def test_twenty_orders_in_a_month_of_one_make_one(app):
    gift_id, (who,), desk = laid(app, orders_a_month=1)

    def order():
        orders.order(gift_id, 1, who, stars=0, by=desk, at=FRIDAY)

    assert at_once(app, [order] * 20) == 1
    sound(app)


def test_twenty_people_for_five_gifts_take_five(app):
    gift_id, people, desk = laid(app, stock=5, people=20)

    def order(who):
        return lambda: orders.order(gift_id, 1, who, stars=0, by=desk, at=FRIDAY)

    assert at_once(app, [order(who) for who in people]) == 5
    with app.app_context(), transaction():
        assert db.session.execute(select(Gift.stock, Gift.reserved)).one() == (5, 5)
    sound(app)


def test_one_order_is_ended_once_whoever_ends_it(app):
    gift_id, (who,), desk = laid(app)
    with app.app_context(), transaction():
        order, _code = orders.order(gift_id, 1, who, stars=0, by=desk, at=FRIDAY)
        order_id, lapses_at = order.id, order.lapses_at

    def hand_over():
        orders.hand_over(order_id, by=desk, at=FRIDAY)

    def cancel():
        orders.cancel(order_id, by=desk, at=FRIDAY)

    def lapse():
        if not orders.lapse_due(at=lapses_at):
            raise Refused()

    assert at_once(app, [hand_over, cancel, lapse] * 4) == 1
    with app.app_context(), transaction():
        ends = db.session.scalar(select(func.count()).where(Redemption.state != "ordered"))
    assert ends == 1
    sound(app)


def test_a_record_granted_by_ten_at_once_earns_once(app):
    _gift, (who,), _desk = laid(app, points_centi=0)

    def grant():
        earnings.grant(who, 100, FRIDAY.date().replace(year=2027), "record", 77, at=FRIDAY)

    assert at_once(app, [grant] * 10) == 10
    with app.app_context(), transaction():
        assert db.session.scalar(select(func.count()).select_from(Transfer)) == 1
        assert balances.standing(who, FRIDAY.date()).available == 100
    sound(app)


def test_seals_taken_at_once_with_grants_form_one_chain(app):
    _gift, people, _desk = laid(app, people=6)

    def grant(who):
        return lambda: earnings.grant(who, 100, FRIDAY.date(), "change", who, at=FRIDAY)

    def seal():
        seals.seal(at=FRIDAY)

    at_once(app, [grant(who) for who in people] + [seal] * 6)
    for _ in range(3):
        with app.app_context(), transaction():
            seals.seal(at=FRIDAY)
    with app.app_context(), transaction():
        assert db.session.scalar(select(func.max(Seal.upto_id))) == 12
    sound(app)


def test_heads_printed_at_once_with_grants_cover_all_that_was_there(app):
    _gift, people, _desk = laid(app, people=6)
    heads: list[str] = []

    def grant(who):
        return lambda: earnings.grant(who, 100, FRIDAY.date(), "change", who, at=FRIDAY)

    def seal():
        heads.append(seals.seal_everything(at=FRIDAY))

    at_once(app, [grant(who) for who in people] + [seal] * 4)
    with app.app_context(), transaction():
        last = seals.since(seals.seal_everything(at=FRIDAY))
        assert last is not None
        assert (last.upto_id, last.transfers) == (12, 0)
        assert all(seals.since(head) for head in heads)
    sound(app)

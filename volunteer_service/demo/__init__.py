"""The demo town: a sub-district that could be real, seeded around the instant of the call.

Every figure in it is earned: the parts call the same verbs as the pages, with the times at which
people would have called them, so that all of it can be explained and the doctor finds nothing.
"""

from datetime import datetime

from sqlalchemy import select

from volunteer_service import settings
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.demo import desk, history, registrations, rounds, today, town
from volunteer_service.demo.sign_ins import PASSWORD, SIGN_INS, SignIn
from volunteer_service.demo.stage import Days
from volunteer_service.errors import Refused
from volunteer_service.people.models import Account


class NotForProduction(Refused):
    """The demo is not for production, because its passwords are in its source."""

    message = "正式环境（APP_ENV=production）不能放入演示数据。请在 APP_ENV=demo 的环境里试用。"


class NotEmpty(Refused):
    """The demo fills only an empty database, so that no demo people mix with real ones."""

    message = "数据库里已有数据，不能再放入演示数据。请换一个空的数据库。"


def seed(at: datetime) -> tuple[SignIn, ...]:
    """Fill an empty database with the town as it is at ``at``; return one sign-in for each role."""
    if settings.current().is_production:
        raise NotForProduction()
    if db.session.scalar(select(Area.id).limit(1)) or db.session.scalar(
        select(Account.id).limit(1)
    ):
        raise NotEmpty()
    place = town.build(Days.around(at))
    registrations.settle(place)
    acts = [*history.acts(place), *rounds.acts(place), *desk.acts(place)]
    for act in sorted(acts, key=lambda act: act.at):
        act.play()
    today.stand(place)
    return SIGN_INS


__all__ = ["PASSWORD", "SIGN_INS", "NotEmpty", "NotForProduction", "SignIn", "seed"]

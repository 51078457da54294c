"""The instant of the demo, and who and what is in it."""

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import func, select

from tests import databases
from volunteer_service import demo
from volunteer_service.db import db
from volunteer_service.people.authentication.sessions import actor_of
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account, Volunteer

#: A Sunday noon in Shanghai.
AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def demo_town(app: Flask, found: databases.Databases) -> None:
    """Put the demo town into the database; a worker seeds it once."""
    found.enter(app, _seeded)


def _seeded() -> None:
    demo.seed(AT)


def count(model: type, *where: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def one(name: str) -> Volunteer:
    return db.session.scalars(select(Volunteer).where(Volunteer.name == name)).one()


def signed_in(login: str) -> Actor:
    account = db.session.scalars(select(Account).where(Account.login == login)).one()
    return actor_of(account, door="page")

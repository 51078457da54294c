"""The common base of all commands: the application, the schema, the language, the final
sentence.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.exc import DBAPIError

from volunteer_service.app import create_app
from volunteer_service.cli.words import LOCALES, gettext, language, refusal, setting
from volunteer_service.db import db, schema, transaction
from volunteer_service.errors import BadSetting, Refused
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.settings import Settings

BY = Actor.system("cli")


class Sentence(click.ClickException):
    """Ends the command with exit code 1 and one sentence on standard error."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence, with nothing before it."""
        click.echo(self.message, err=True)


def read_settings(**also: str) -> Settings:
    """Return the settings of the environment and ``also``, or a sentence that names the bad one."""
    try:
        return Settings.from_env(os.environ | also)
    except BadSetting as bad:
        raise Sentence(setting(bad)) from None


@contextmanager
def opened(settings: Settings | None = None, *, upgraded: bool = True) -> Iterator[Flask]:
    """Open the application in the reader's language; refusals become sentences.

    ``upgraded`` brings an SQLite file to the newest schema and requires that schema elsewhere.
    """
    app = create_app(settings or read_settings(), serves_api=False)
    try:
        with app.app_context(), force_locale(LOCALES[language()]), _in_a_sentence():
            if upgraded:
                bring_up()
            yield app
    finally:
        # After the context, which returns the session's connection.
        with app.app_context():
            db.engine.dispose()


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        raise Sentence(refusal(refused)) from None
    except BadSetting as bad:
        raise Sentence(setting(bad)) from None
    except DBAPIError as error:
        why = str(error.orig).strip().splitlines()[0]
        if error.statement is None:
            raise Sentence(
                gettext("连不上数据库，请核对 DATABASE_URL，并确认它在运行：%(why)s", why=why)
            ) from None
        raise Sentence(gettext("数据库没有完成操作：%(why)s", why=why)) from None


@contextmanager
def working(*, write: bool = True) -> Iterator[Actor]:
    """Open one transaction for the whole command; yield the operator's actor."""
    with opened(), transaction(write=write):
        yield BY


def bring_up() -> None:
    """Upgrade an SQLite file; for PostgreSQL name the command if the schema is not the newest."""
    at, head = schema.current(db.engine), schema.head()
    if at == head:
        return
    if at is not None and not schema.knows(at):
        raise Sentence(gettext("数据库的结构（%(at)s）比本程序新。请安装新版本的程序。", at=at))
    if db.engine.dialect.name != "sqlite":
        raise Sentence(gettext("数据库结构需要升级。请运行：volunteer-service db upgrade"))
    schema.upgrade(db.engine)


def say_json(found: Any) -> None:
    """Print one JSON object on standard output."""
    click.echo(json.dumps(found, ensure_ascii=False, indent=1))

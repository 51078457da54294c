"""The application with its limits on, over the database of the suite."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from volunteer_service.app import create_app
from volunteer_service.db import db
from volunteer_service.rate_limits import limiter


@contextmanager
def limited(app: Flask, **settings: Any) -> Iterator[FlaskClient]:
    """A client whose tries count; the limiter is one for the process, so it is put back."""
    other = create_app(replace(app.extensions["settings"], rate_limits=True, **settings))
    try:
        with other.app_context():
            limiter.reset()
        yield other.test_client()
    finally:
        limiter.enabled = False
        with other.app_context():
            db.session.remove()
            db.engine.dispose()

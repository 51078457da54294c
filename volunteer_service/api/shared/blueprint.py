"""The blueprint of every domain: flask-smorest's, with a body that was read before."""

from typing import Any

import flask
from flask_smorest import Blueprint as _Blueprint
from webargs.core import missing
from webargs.flaskparser import FlaskParser


class _Parser(FlaskParser):
    """Takes the document that ``request_bodies`` has read and checked; webargs would read it
    again.
    """

    def _raw_load_json(self, req: flask.Request) -> Any:
        return req.get_json() if req.is_json and req.get_data() else missing


class Blueprint(_Blueprint):
    """Flask-smorest's blueprint that takes bodies from ``request_bodies``."""

    ARGUMENTS_PARSER = _Parser()


__all__ = ["Blueprint"]

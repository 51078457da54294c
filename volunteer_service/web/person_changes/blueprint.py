"""The one blueprint of the pages about changes."""

from flask import Blueprint

bp = Blueprint("person_changes", __name__)

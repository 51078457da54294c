"""The one blueprint of the pages of lists."""

from flask import Blueprint

bp = Blueprint("lists", __name__)

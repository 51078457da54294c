"""The one blueprint of these pages."""

from flask import Blueprint

bp = Blueprint("messages", __name__)

"""Fills in the addresses of the route map, for tests that open many pages."""

from collections.abc import Iterator

from flask import Flask, url_for
from werkzeug.routing import Rule

from tests.make_doors import Things


def rules(app: Flask, method: str, *, api: bool = False) -> Iterator[Rule]:
    """The addresses that know this method."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/") is api and method in (rule.methods or ()):
            yield rule


def address(app: Flask, rule: Rule, town: Things) -> str:
    """The address with everything filled in."""
    known = town.values() | {"version": 1}
    values = {name: known[name] for name in rule.arguments}
    if "answer" in values:
        values["answer"] = "refuse" if "membership" in rule.rule else "dismiss"
    if "step" in values:
        # The first step that the address knows.
        known = {"draft": "draft", "exports": "cancel"}
        values["step"] = next((step for word, step in known.items() if word in rule.rule), "stop")
    with app.test_request_context():
        return url_for(rule.endpoint, **values)

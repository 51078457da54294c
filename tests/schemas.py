"""Finds every marshmallow schema with which api/ or web/ reads a request."""

import importlib
import pkgutil

from marshmallow import Schema

from volunteer_service import api, web


def schemas() -> dict[str, type[Schema]]:
    """The schemas of pages and API that read something, by name; those of the API first."""
    for package in (api, web):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found: dict[str, type[Schema]] = {}
    waiting = Schema.__subclasses__()
    while waiting:
        schema = waiting.pop()
        waiting += schema.__subclasses__()
        is_read = schema.__module__.startswith("volunteer_service.") and schema._declared_fields
        if is_read and not schema.__name__.endswith(("Out", "Page")):
            found[f"{schema.__module__.removeprefix('volunteer_service.')}.{schema.__name__}"] = (
                schema
            )
    return found

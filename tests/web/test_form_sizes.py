"""Every form fits into what comes in unasked, as long as its fields may be."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from marshmallow import Schema, fields, validate

from volunteer_service import web
from volunteer_service.buffering_proxy.http_framing import WITHOUT_ASKING


def test_every_form_fits_as_long_as_its_fields_may_be() -> None:
    """In percent encoding a Chinese character takes nine bytes."""
    longest = {
        name: sum(_characters(field) for field in form().fields.values()) for name, form in _forms()
    }
    assert len(longest) > 40
    assert max(longest.values()) > 8_000
    assert {name: n for name, n in longest.items() if 9 * n > WITHOUT_ASKING} == {}


def _forms() -> Iterator[tuple[str, type[Schema]]]:
    for module in pkgutil.walk_packages(web.__path__, f"{web.__name__}."):
        if module.name.endswith(".forms"):
            for name, found in vars(importlib.import_module(module.name)).items():
                if inspect.isclass(found) and issubclass(found, Schema) and found is not Schema:
                    yield f"{module.name}.{name}", found


def _characters(field: fields.Field) -> int:
    """The longest text of a field with its name; of what is no text 200."""
    bounds = [each.max for each in field.validators if isinstance(each, validate.Length)]
    most = [bound for bound in bounds if bound is not None]
    return len(field.name) + (min(most) if most else 200)

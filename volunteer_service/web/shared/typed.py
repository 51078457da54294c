"""What was typed into a form that was refused, and what is said beside its fields.

The form macros (``components/form.html``) ask here, so that every form comes back with what was
typed whether or not its page hands the values on, and no other form of the page takes them for its
own: the form that came is the one whose address is this request's.
"""

from typing import Any

from flask import g, request


def keep(errors: dict[str, Any]) -> None:
    """From here on this request's answer shows its form again."""
    g.refused_fields = errors


def enter(action: str) -> str:
    """A form with this address begins; says nothing, for a template."""
    g.form_entered = action
    return ""


def leave() -> str:
    """The form ends."""
    g.form_entered = None
    return ""


def is_back(action: str | None = None) -> bool:
    """True where this form (the one that was entered) came and was refused."""
    return "refused_fields" in g and (action or g.get("form_entered")) == request.path


def value(name: str, given: Any) -> Any:
    """What a field shows: what was typed into it, else what the page gives."""
    return request.form.get(name, given) if is_back() else given


def is_ticked(name: str, given: bool) -> bool:
    """Whether a box is ticked; the browser leaves one out that is not."""
    return name in request.form if is_back() else given


def error(name: str, given: Any) -> Any:
    """What is said beside a field: of the form that came, and of no other one on the page."""
    if "refused_fields" not in g or g.get("form_entered") is None:
        return given
    return g.refused_fields.get(name, given) if is_back() else ""

"""What was typed into a form that was refused, and what is said beside its fields.

The form macros (``components/form.html``) ask here, so that every form comes back with what was
typed whether or not its page hands the values on, and no other form of the page takes them for its
own: the form that came is the one whose address is this request's. A form that did not reach its
view (``kept_forms``) is the one whose address it was sent to.
"""

from collections.abc import Collection
from typing import Any

from flask import g, request, session
from werkzeug.datastructures import MultiDict

#: Hidden fields: the form that is carried along while somebody signs in, and who filled one in.
KEPT, FILLED_BY = "kept_form", "filled_by"
#: Hidden field: the page of a form that was shown again beneath the address that it was sent to.
PAGE = "page_of_form"


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
    """True where this form (the one that was entered) came and was refused, or is kept."""
    sent_to = g.kept_form.action.partition("?")[0] if "kept_form" in g else request.path
    is_known = "refused_fields" in g or "kept_form" in g
    return is_known and (action or g.get("form_entered")) == sent_to


def forget_shown() -> None:
    """Start anew: :func:`is_shown` answers for what is rendered from now on."""
    g.pop("typed_is_shown", None)


def is_shown() -> bool:
    """Whether a field of the page showed what was typed into the kept form."""
    return "typed_is_shown" in g


def value(name: str, given: Any) -> Any:
    """What a field shows: what was typed into it, else what the page gives."""
    if not is_back():
        return given
    g.typed_is_shown = True
    return _came().get(name, given)


def is_ticked(name: str, given: bool) -> bool:
    """Whether a box is ticked; the browser leaves one out that is not."""
    if not is_back():
        return given
    g.typed_is_shown = True
    return name in _came()


def chosen(name: str, given: Collection[Any]) -> Collection[Any]:
    """Which boxes of one name are ticked, in a form that is kept; else what the page gives."""
    if "kept_form" not in g or not is_back():
        return given
    g.typed_is_shown = True
    return {int(each) if each.isdecimal() else each for each in _came().getlist(name)}


def lost_files(name: str) -> str:
    """The names of the files that were chosen in a kept form and are not kept; empty for none."""
    if "kept_form" not in g or not is_back():
        return ""
    return "、".join(each for each in _came().getlist(name) if each)


def seen(name: str, given: Any) -> Any:
    """What the page showed when a kept form was filled in, so that nobody's change is undone."""
    return value(name, given) if "kept_form" in g else given


def carried() -> str:
    """The sealed form that is carried along while somebody signs in; empty where there is none."""
    return str(g.get("kept_sealed") or request.form.get(KEPT, ""))


def filled_by() -> str:
    """Who fills in the forms of this page; empty for a stranger."""
    return str(session.get("account", ""))


def _came() -> MultiDict[str, str]:
    return g.kept_form.values if "kept_form" in g else request.form


def error(name: str, given: Any) -> Any:
    """What is said beside a field: of the form that came, and of no other one on the page."""
    if "refused_fields" not in g or g.get("form_entered") is None:
        return given
    return g.refused_fields.get(name, given) if is_back() else ""

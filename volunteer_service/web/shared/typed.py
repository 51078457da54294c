"""The text typed into a refused form, and the errors beside its fields.

The form macros (``components/form.html``) ask here, so that every form comes back with what was
typed whether or not its page hands the values on, and so that no other form of the page shows them:
the form that came is the one whose address is this request's. A form that did not reach its view
(``kept_forms``) is the one whose address it was sent to.
"""

from collections.abc import Collection, Mapping
from typing import Any

from flask import g, request, session
from werkzeug.datastructures import MultiDict

from volunteer_service.errors import EditedSince

#: Hidden fields: the form that is carried along while somebody signs in, and who filled one in.
KEPT, FILLED_BY = "kept_form", "filled_by"
#: Hidden field: the page of a form that was shown again beneath the address that it was sent to.
PAGE = "page_of_form"
#: Which of two values of a field stays, and the other one's: their names begin so.
TAKE, THEIRS = "take-", "theirs-"


def keep(errors: dict[str, Any]) -> None:
    """Show the form again in this request's answer."""
    g.refused_fields = errors


def keep_both(refused: EditedSince, stands: Mapping[str, Any]) -> None:
    """Show the form that came beside the values that somebody else saved meanwhile."""
    g.edited_since = refused.version, {name: _text(value) for name, value in stands.items()}


def theirs(name: str) -> str | None:
    """Return the value of a field that somebody else saved meanwhile, if it is not what was
    typed.
    """
    if "edited_since" not in g or not is_back():
        return None
    now = g.edited_since[1].get(name)
    return now if now != _came().get(name, "").replace("\r\n", "\n").strip() else None


def settled(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return what was typed, with the other person's value for each field where that is to stay."""
    found = MultiDict(form)
    for key in form:
        name = key.removeprefix(TAKE)
        if name != key and form[key] == "theirs":
            found[name] = form.get(THEIRS + name, "")
    return found


def _text(value: Any) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def enter(action: str) -> str:
    """Begin a form with this address, whatever its query; return no text, for a template."""
    g.form_entered = action.partition("?")[0]
    return ""


def leave() -> str:
    """End the form; return no text."""
    g.form_entered = None
    return ""


def is_back(action: str | None = None) -> bool:
    """Tell whether the form that was begun came and was refused, or is kept."""
    sent_to = g.kept_form.action.partition("?")[0] if "kept_form" in g else request.path
    is_known = "refused_fields" in g or "kept_form" in g
    here = action.partition("?")[0] if action else g.get("form_entered")
    return is_known and here == sent_to


def forget_shown() -> None:
    """Reset :func:`is_shown`, which then answers for what is rendered from now on."""
    g.pop("typed_is_shown", None)


def is_shown() -> bool:
    """Tell whether a field of the page showed what was typed into the kept form."""
    return "typed_is_shown" in g


def value(name: str, given: Any) -> Any:
    """Return what a field shows: what was typed into it, else what the page gives."""
    if not is_back():
        return given
    g.typed_is_shown = True
    return _came().get(name, given)


def is_ticked(name: str, given: bool) -> bool:
    """Tell whether a box is ticked; a browser leaves out one that is not."""
    if not is_back():
        return given
    g.typed_is_shown = True
    return name in _came()


def chosen(name: str, given: Collection[Any]) -> Collection[Any]:
    """Return which boxes of one name are ticked, in a form that is kept; else what the page
    gives.
    """
    if "kept_form" not in g or not is_back():
        return given
    g.typed_is_shown = True
    return {int(each) if each.isdecimal() else each for each in _came().getlist(name)}


def lost_files(name: str) -> str:
    """Return the names of the files that were chosen in a kept form and are not kept; empty for
    none.
    """
    if "kept_form" not in g or not is_back():
        return ""
    return "、".join(each for each in _came().getlist(name) if each)


def seen(name: str, given: Any) -> Any:
    """Return what the page showed when a kept form was filled in, so that nobody's change is
    undone.
    """
    if "edited_since" in g and is_back() and name == "version":
        return g.edited_since[0]
    return value(name, given) if "kept_form" in g else given


def carried() -> str:
    """Return the sealed form that is carried along while somebody signs in; empty where there is
    none.
    """
    return str(g.get("kept_sealed") or request.form.get(KEPT, ""))


def filled_by() -> str:
    """Return who fills in the forms of this page; empty for a stranger."""
    return str(session.get("account", ""))


def _came() -> MultiDict[str, str]:
    return g.kept_form.values if "kept_form" in g else settled(request.form)


def error(name: str, given: Any) -> Any:
    """Return the error beside a field, only for the form that came."""
    if "refused_fields" not in g or g.get("form_entered") is None:
        return given
    return g.refused_fields.get(name, given) if is_back() else ""

"""What came with a list of names: whom each line was said to be, and who was ticked."""

from flask import request


def picks() -> dict[str, int | None]:
    """Whom each line was said to be: ``typed-N`` beside ``who-N``; «out» leaves it out."""
    found: dict[str, int | None] = {}
    for name, typed in request.form.items():
        who = request.form.get(f"who-{name.removeprefix('typed-')}", "")
        if name.startswith("typed-") and (who == "out" or _is_id(who)):
            found[typed] = None if who == "out" else int(who)
    return found


def ticked() -> list[int]:
    """The people ticked in a list."""
    return [int(id_) for id_ in request.form.getlist("member") if _is_id(id_)]


def _is_id(text: str) -> bool:
    # More digits than an id has are nobody's.
    return text.isdecimal() and text.isascii() and len(text) < 19

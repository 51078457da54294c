"""What came with a list of names: whom each line was said to be, and who was ticked."""

from flask import request

from volunteer_service.web.shared import row_ids


def picks() -> dict[str, int | None]:
    """Whom each line was said to be: ``typed-N`` beside ``who-N``; «out» leaves it out."""
    found: dict[str, int | None] = {}
    for name, typed in request.form.items():
        who = request.form.get(f"who-{name.removeprefix('typed-')}", "")
        person = row_ids.read(who)
        if name.startswith("typed-") and (who == "out" or person is not None):
            found[typed] = person
    return found


def ticked() -> list[int]:
    """The people ticked in a list."""
    return row_ids.read_all(request.form.getlist("member"))

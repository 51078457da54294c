"""Words messages in the reader's language, for pages and API; typed, because flask_babel is not."""

from flask_babel import gettext as _gettext

from volunteer_service.errors import Phrase, Refused


def gettext(message: str, **numbers: object) -> str:
    """``message`` in the reader's language, its placeholders filled."""
    worded: str = _gettext(message, **numbers)
    return worded


def refusal(error: Refused) -> str:
    """Return a refusal in the reader's language; its ``why`` and its phrases are messages
    themselves.
    """
    numbers = dict(error.numbers)
    for name, value in error.numbers.items():
        if isinstance(value, Phrase):
            numbers[name] = value.worded(gettext)
    if isinstance(numbers.get("why"), str):
        numbers["why"] = gettext(numbers["why"], **numbers)
    return gettext(error.sentence, **numbers)

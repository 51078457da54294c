"""Words messages in the reader's language, for pages and API; typed, because flask_babel is not."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _gettext

from volunteer_service.errors import Phrase, Refused


def gettext(message: str, **numbers: object) -> str:
    """Return ``message`` in the reader's language, with its placeholders filled."""
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


def kept(refused: Refused) -> dict[str, Any]:
    """Return a refusal as a table stores it: its code, its sentence, its facts."""
    facts = {name: _kept_fact(fact) for name, fact in refused.numbers.items()}
    return {"code": refused.code(), "message": refused.sentence, "facts": facts}


def told(part: Mapping[str, Any], translate: Callable[[str], str] = gettext) -> str:
    """Return the sentence of a refusal that was kept, in the language of ``translate``."""
    facts = {
        name: told(fact, translate) if isinstance(fact, dict) else fact
        for name, fact in part["facts"].items()
    }
    words = translate(part["message"])
    return words % facts if facts else words


def kept_phrase(phrase: Phrase) -> dict[str, Any]:
    """Return a part of a sentence in the form that a table keeps: its words and its facts."""
    inner = {name: _kept_fact(one) for name, one in phrase.facts.items()}
    return {"message": phrase.message, "facts": inner}


def _kept_fact(fact: Any) -> Any:
    if type(fact) is Phrase:
        return kept_phrase(fact)
    return fact if isinstance(fact, int | str) else str(fact)

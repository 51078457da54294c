"""Words the output of commands in the language of the terminal, also before an
application exists.
"""

import os
from functools import cache
from pathlib import Path

import click
from babel.support import NullTranslations, Translations

from volunteer_service import wording
from volunteer_service.errors import BadSetting, FieldsRefused, Phrase, Refused

LOCALES = {"zh": "zh_Hans_CN", "en": "en"}

_FOLDER = Path(__file__).parents[1] / "web" / "translations"


def language() -> str:
    """Return ``zh`` or ``en``: --lang, then the locale of the terminal, else English."""
    chosen: str | None = click.get_current_context().find_root().params.get("lang")
    if chosen is None:
        set_ = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        chosen = "zh" if next(filter(None, set_), "").startswith("zh") else "en"
    return chosen


def gettext(message: str, **facts: object) -> str:
    """Return the message in this language, its placeholders filled."""
    # The Chinese text is the message.
    found = message if language() == "zh" else _english().gettext(message)
    return found % facts if facts else found


def refusal(refused: Refused) -> str:
    """Return a refusal in this language; where several fields are refused, each of them."""
    if isinstance(refused, FieldsRefused):
        return " ".join(map(refusal, refused.parts))
    return wording.refusal(refused)


def setting(bad: BadSetting) -> str:
    """Return the bad setting by its name, and the cure in this language."""
    facts = {
        name: fact.worded(gettext) if isinstance(fact, Phrase) else fact
        for name, fact in bad.facts.items()
    }
    return f"{bad.setting}: {gettext(bad.why, **facts)}"


@cache
def _english() -> NullTranslations:
    return Translations.load(_FOLDER, ["en"])

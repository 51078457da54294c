"""What an operator types, and what a refusal looks like."""

import re
from collections.abc import Callable

from click.testing import Result

PASSWORD = "a long enough phrase"

LANGUAGES = ("zh", "en")

Run = Callable[..., Result]


def is_sentence(result: Result) -> bool:
    """One line on standard error, nothing else, exit code 1."""
    return (result.exit_code, result.stderr.count("\n"), "Traceback" in result.output) == (
        1,
        1,
        False,
    )


def han(text: str, *names: str) -> list[str]:
    """The Chinese in what was said, names aside."""
    for name in names:
        text = text.replace(name, "")
    return re.findall("[\u4e00-\u9fff]+", text)

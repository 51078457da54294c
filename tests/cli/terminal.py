"""Commands of an operator, and their refusals."""

import re
from collections.abc import Callable
from pathlib import Path

from click.testing import Result
from flask import Flask

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


def environment(app: Flask, url: str, var_dir: Path) -> dict[str, str]:
    """What a command needs to meet the database at ``url`` as the suite's ``app`` does."""
    settings = app.extensions["settings"]
    return {
        "APP_ENV": "test",
        "DATABASE_URL": url,
        "SECRET_KEY": settings.secret_key,
        "PERSONAL_DATA_KEY": settings.personal_data_key,
        "VAR_DIR": str(var_dir),
        "RATE_LIMITS": "off",
    }

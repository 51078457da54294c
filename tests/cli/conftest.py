"""The commands, as an operator types them, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from tests import databases
from tests.cli.terminal import Run
from volunteer_service.cli import main


@pytest.fixture
def run(
    app: Flask,
    databases_of_run: databases.Databases,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Run:
    """Run a command in Chinese on this test's database."""
    settings = app.extensions["settings"]
    for name, value in {
        "APP_ENV": "test",
        "DATABASE_URL": databases_of_run.url,
        "SECRET_KEY": settings.secret_key,
        "PERSONAL_DATA_KEY": settings.personal_data_key,
        "VAR_DIR": str(tmp_path),
        "RATE_LIMITS": "off",
    }.items():
        monkeypatch.setenv(name, value)

    def typed(*arguments: str, lang: str = "zh") -> Result:
        return CliRunner().invoke(main, ["--lang", lang, *arguments], catch_exceptions=False)

    return typed


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield

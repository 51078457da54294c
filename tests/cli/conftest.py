"""The commands, as an operator types them, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from tests import databases
from tests.cli.terminal import Run, environment
from volunteer_service.cli import main


@pytest.fixture
def run(
    app: Flask,
    databases_of_run: databases.Databases,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Run:
    """Run a command in Chinese on this test's database."""
    for name, value in environment(app, databases_of_run.url, tmp_path).items():
        monkeypatch.setenv(name, value)

    def typed(*arguments: str, lang: str = "zh") -> Result:
        return CliRunner().invoke(main, ["--lang", lang, *arguments], catch_exceptions=False)

    return typed


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield

"""The commands, as an operator types them, on both databases."""

import signal
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
) -> Iterator[Run]:
    """Run a command in Chinese on this test's database."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for name, value in environment(app, databases_of_run.url, tmp_path).items():
        monkeypatch.setenv(name, value)

    def typed(*arguments: str, lang: str = "zh") -> Result:
        return CliRunner().invoke(main, ["--lang", lang, *arguments], catch_exceptions=False)

    yield typed
    # A command that serves takes the signals of its process, which here is the suite's.
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield

"""Errors of commands are one sentence in the terminal's language."""

import socket

import pytest
from click.testing import CliRunner

from tests.cli.terminal import PASSWORD, Run, is_sentence
from volunteer_service.cli import main


def test_a_bad_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIME_ZONE", "Mars/Olympus")
    for command in (("settings", "check"), ("doctor",), ("run",)):
        result = run(*command)
        assert is_sentence(result)
        assert "TIME_ZONE" in result.stderr


@pytest.mark.parametrize(
    "url", ["sqlite:////no/such/folder/x.db", "postgresql://nobody@127.0.0.1:1/nothing"]
)
def test_a_database_that_cannot_be_reached_is_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert is_sentence(run("doctor"))


def test_settings_check_shows_no_password(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:geheim@127.0.0.1:1/town")
    result = run("settings", "check")
    assert result.exit_code == 0
    assert "geheim" not in result.output


def test_a_busy_port_is_a_sentence(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for command in ("run", "serve"):
            result = run(command, "--port", port)
            assert is_sentence(result)
            assert port in result.stderr


def test_a_folder_that_cannot_be_written_is_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAR_DIR", "/proc/volunteer")
    result = run("run")
    assert is_sentence(result)
    assert "/proc/volunteer" in result.stderr


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [("LANG", "zh_CN.UTF-8", "没有"), ("LANG", "C.UTF-8", "There is no")],
)
def test_the_terminal_decides_the_language(
    run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    result = CliRunner().invoke(main, ["account", "password", "x", "--password", PASSWORD])
    assert words in result.stderr

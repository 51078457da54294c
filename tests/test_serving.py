"""``run`` as a person starts it: it answers, it keeps its data, it ends without a word."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from volunteer_service import serving


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(port: int, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """``volunteer-service run``; gives the process once it has said its address."""
    env = os.environ | {"APP_ENV": "test", "VAR_DIR": str(folder), "PORT": str(port)}
    started = subprocess.Popen(
        [sys.executable, "-m", "volunteer_service.cli", "--lang", "zh", "run"],
        env={name: value for name, value in env.items() if name != "DATABASE_URL"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert started.stdout is not None
    try:
        said = ""
        while f":{port}" not in said:
            said = started.stdout.readline()
            assert said, "it ended before it said its address"
        yield started
    finally:
        started.kill()
        started.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_and_ends_cleanly(port: int, tmp_path: Path, number: signal.Signals) -> None:
    with running(port, tmp_path) as started:
        assert serving.answers("127.0.0.1", port)
        started.send_signal(number)
        said, _none = started.communicate(timeout=40)
    assert started.returncode == 0
    assert "Traceback" not in said
    assert serving.is_free("127.0.0.1", port)


def test_a_parent_that_was_killed_leaves_nobody_on_the_port(port: int, tmp_path: Path) -> None:
    with running(port, tmp_path) as started:
        started.kill()
        # The pipe ends when the last child has closed it.
        started.communicate(timeout=40)
    assert serving.is_free("127.0.0.1", port)


def test_a_folder_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert serving.is_writable(tmp_path / "new")
    assert not serving.is_writable(tmp_path / "file")

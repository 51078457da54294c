"""``run`` as a person starts it: it answers, keeps its data and ends quietly."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.served import ANSWER_SECONDS
from volunteer_service import server


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
        assert server.answers("127.0.0.1", port)
        started.send_signal(number)
        said, _none = started.communicate(timeout=ANSWER_SECONDS)
    assert started.returncode == 0
    assert "Traceback" not in said
    assert server.is_free("127.0.0.1", port)


def test_a_parent_that_was_killed_leaves_nobody_on_the_port(port: int, tmp_path: Path) -> None:
    with running(port, tmp_path) as started:
        started.kill()
        # The pipe ends when the last child has closed it.
        started.communicate(timeout=ANSWER_SECONDS)
    assert server.is_free("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("192.168.1.20", "http://192.168.1.20:8000"),
        ("::1", "http://[::1]:8000"),
    ],
)
def test_people_reach_it_where_it_listens(host: str, url: str) -> None:
    assert server.address(host, 8000) == url


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_server_for_the_room_is_reached_by_an_address_of_this_machine(host: str) -> None:
    # In a process of its own: the suite shuts every way out of this machine, unsent as well.
    asked = f"from volunteer_service import server; print(server.address({host!r}, 8000))"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    found = said.stdout.strip().removeprefix("http://").removesuffix(":8000")
    with socket.socket() as probe:
        # Only an address of one's own can be bound.
        probe.bind((found, 0))
    assert found != host


def test_a_folder_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert server.is_writable(tmp_path / "new")
    assert not server.is_writable(tmp_path / "file")

"""The server's processes: granian over our factory, and the pair that ``run`` looks after."""

import ctypes
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from volunteer_service.metrics import FOLDER

#: Blocking threads of a worker: check-ins wait for the disk, not for each other.
THREADS = 8
START_SECONDS = 60
END_SECONDS = 15


def serve(host: str, port: int, workers: int, var_dir: Path) -> NoReturn:
    """Become granian: this process is replaced, so that nothing of ours is loaded before a fork."""
    folder = var_dir / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", host, "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", str(THREADS), "--workers-kill-timeout", "10s"),
        *("--respawn-failed-workers", "--log-level", "error"),
        *("--factory", "volunteer_service.app:create_app"),
    ]
    env = os.environ | {FOLDER: str(folder), "PORT": str(port)}
    os.execve(sys.executable, command, env)  # noqa: S606


def is_free(host: str, port: int) -> bool:
    """True where a server could listen on this address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def is_writable(folder: Path) -> bool:
    """True where files can be made in ``folder``, which is made when it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


@contextmanager
def child(*arguments: str, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Another ``volunteer-service`` beside this one; ended, kindly at first, with the block."""
    started = subprocess.Popen(  # noqa: S603  our own words only
        [sys.executable, "-m", "volunteer_service.cli", *arguments],
        env=os.environ | env,
        # Ctrl-C is for us alone; we end the children in order.
        start_new_session=True,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,
    )
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()


def answers(host: str, port: int) -> bool:
    """True where /healthz of this server says 200."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def wait_until_it_answers(host: str, port: int, server: subprocess.Popen[bytes]) -> bool:
    """Wait for the first answer; False where the server ended or took over a minute."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if answers(host, port):
            return True
        time.sleep(0.1)
    return False


def _die_with_parent() -> None:
    """Even a parent that was killed leaves no server behind on its port (Linux: prctl)."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)

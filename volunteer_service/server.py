"""The server's processes: granian over the application factory, and the two processes of
``run``.
"""

import gc
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from flask import Flask

from volunteer_service import private_files, request_bodies
from volunteer_service.app import create_app
from volunteer_service.buffering_proxy.child_processes import die_with_parent
from volunteer_service.monitoring.metrics import FOLDER

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Blocking threads of a worker, so that check-ins wait for the disk, not for each other.
THREADS = 8
START_SECONDS = 60
END_SECONDS = 15


@dataclass(frozen=True)
class Server:
    """Granian over our factory: where it listens, and what its processes need to know."""

    host: str
    port: int
    workers: int
    var_dir: Path
    base_url: str
    #: The port of https with this machine's own certificate, and the file that holds it.
    https: tuple[int, Path] | None = None

    def replace_us(self) -> NoReturn:
        """Become granian, so that nothing of ours is loaded before a fork."""
        os.execve(sys.executable, self._command, os.environ | self._prepared())  # noqa: S606

    def beside_us(self, env: dict[str, str]) -> AbstractContextManager[subprocess.Popen[bytes]]:
        """Run granian beside this process; end it with the block."""
        return _beside(self._command, self._prepared() | env)

    @property
    def _command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "volunteer_service.buffering_proxy"),
            *(self.host, str(self.port), str(2 * THREADS * self.workers)),
            *(("--https", str(self.https[0]), str(self.https[1])) if self.https else ()),
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
            *("--uds", "{socket}", "--workers", str(self.workers)),
            *("--blocking-threads", str(THREADS), "--workers-kill-timeout", "10s"),
            *("--respawn-failed-workers", "--log-level", "error"),
            *("--factory", "volunteer_service.server:worker"),
        ]

    def _prepared(self) -> dict[str, str]:
        """Return an empty folder for the figures, and the environment that names it."""
        folder = self.var_dir / "metrics"
        shutil.rmtree(folder, ignore_errors=True)
        private_files.folder(self.var_dir)
        private_files.folder(folder, is_ours=True)
        return {FOLDER: str(folder), "BASE_URL": self.base_url, "HOST": self.host}


def address(host: str, port: int) -> str:
    """Return the address of a server that listens on ``host``; for a wildcard, this machine's."""
    if host in ("0.0.0.0", "::"):  # noqa: S104  only compared
        host = _own_address() or "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _own_address() -> str | None:
    """Return this machine's address in its network; None without one. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # An address that belongs to nobody: the route to it shows our own address.
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return None


class WordOfProxy:
    """The fields of the buffering proxy before us: the client's address, and whether it only asks.

    The socket has no client address. Only the proxy can reach it, and it forwards no such field of
    a client; under another server nothing reads these fields.
    """

    def __init__(self, inner: "WSGIApplication") -> None:
        self._inner = inner

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Return the inner application's answer to this address."""
        environ["REMOTE_ADDR"] = environ.pop("HTTP_X_BUFFERED_CLIENT_ADDRESS", "")
        announced = environ.pop("HTTP_X_BUFFERED_BODY_BYTES", None)
        if announced is not None:
            environ[request_bodies.ANNOUNCED] = int(announced)
        if environ.pop("HTTP_X_BUFFERED_WITHOUT_FILES", None) is not None:
            environ[request_bodies.WITHOUT_FILES] = True
        return self._inner(environ, start_response)


def worker() -> Flask:
    """Return a worker's application, its 220,000 lasting objects exempt from garbage collection.

    Otherwise now and then a check-in waits while the collector looks at all of them.
    """
    app = create_app()
    app.wsgi_app = WordOfProxy(app.wsgi_app)  # type: ignore[method-assign]
    gc.collect()
    gc.freeze()
    return app


def is_free(host: str, port: int) -> bool:
    """Tell whether a server could listen on this address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def is_writable(folder: Path) -> bool:
    """Tell whether files can be made in ``folder``, which is made when it is missing."""
    try:
        private_files.folder(folder)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def child(*arguments: str, env: dict[str, str]) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """Run another ``volunteer-service`` beside this one; end it with the block, gently at first."""
    return _beside([sys.executable, "-m", "volunteer_service.cli", *arguments], env)


@contextmanager
def _beside(command: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    started = subprocess.Popen(  # noqa: S603  our own words only
        command,
        env=os.environ | env,
        # Only this process gets Ctrl-C; it ends the children in order.
        start_new_session=True,
        preexec_fn=die_with_parent if sys.platform == "linux" else None,
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
    """Tell whether /healthz of this server says 200."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def wait_until_it_answers(
    host: str, port: int, server: subprocess.Popen[bytes], seconds: float = START_SECONDS
) -> bool:
    """Wait for the first answer; return False if the server ended or took longer."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        if answers(host, port):
            return True
        time.sleep(0.1)
    return False

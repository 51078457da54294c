"""The server as it is deployed, over the suite's database; and raw sockets to it."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.conftest import settings_for
from volunteer_service import server

#: How long tests wait for a server to start: no claim, and a busy machine takes minutes.
START_SECONDS = 600
#: How long tests wait for an answer, likewise.
ANSWER_SECONDS = 120


@dataclass(frozen=True)
class Served:
    """A running ``volunteer-service serve``."""

    port: int
    process: subprocess.Popen[bytes]

    def connect(self) -> socket.socket:
        """A connection that gives up after :data:`ANSWER_SECONDS`."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_SECONDS)

    def http(self) -> HTTPConnection:
        """The same for requests over HTTP."""
        return HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)


@contextmanager
def served(url: str, folder: Path, workers: int = 1, **more: str) -> Iterator[Served]:
    """``volunteer-service serve`` on a free port, ended with the block."""
    settings = settings_for(url, folder)
    env = {
        "APP_ENV": "test",
        "DATABASE_URL": url,
        "SECRET_KEY": settings.secret_key,
        "PERSONAL_DATA_KEY": settings.personal_data_key,
        "VAR_DIR": str(folder),
        "RATE_LIMITS": "off",
        "LOG_LEVEL": "ERROR",
        **more,
    }
    port = free_port()
    command = ("serve", "--port", str(port), "--workers", str(workers))
    with server.child(*command, env=env) as process:
        assert server.wait_until_it_answers("127.0.0.1", port, process, START_SECONDS)
        yield Served(port, process)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def sent(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the wire; name ``Content-Length`` to say another length."""
    named = {"Host": "localhost", "Content-Length": str(len(body))} | headers
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def status(connection: socket.socket) -> int | None:
    """The status of the answer; None where the connection ends without one."""
    head = b""
    while b"\r\n" not in head:
        piece = connection.recv(65536)
        if not piece:
            return None
        head += piece
    return int(head.split(None, 2)[1])

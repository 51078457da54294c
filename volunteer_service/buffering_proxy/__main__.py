"""``python -m volunteer_service.buffering_proxy HOST PORT MOST [--https PORT FILE] COMMAND...``.

``COMMAND`` starts the server; ``{socket}`` in it is the path where the server listens. The server
gets at most ``MOST`` requests at once. The proxy ends with the server, and ends the server with
itself. With ``--https`` it also listens on a second port, with the key and certificate of ``FILE``.
"""

import asyncio
import os
import resource
import signal
import ssl
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from volunteer_service.buffering_proxy.child_processes import die_with_parent
from volunteer_service.buffering_proxy.clients import ClientConnection
from volunteer_service.buffering_proxy.connection_limits import ConnectionLimits
from volunteer_service.buffering_proxy.refusals import write_to_standard_error
from volunteer_service.buffering_proxy.upstream import UpstreamPool

#: Clients at once; fewer where the system gives this process fewer files.
MOST_CLIENTS = 8192
_FILES_BESIDE = 256
#: Seconds that the server has to answer what it has begun.
_END_SECONDS = 12
_BACKLOG = 2048


def most_clients() -> int:
    """Return how many clients there are open files for: each may have a connection and a file or
    two.
    """
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = 4 * MOST_CLIENTS if hard == resource.RLIM_INFINITY else min(hard, 4 * MOST_CLIENTS)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return max(64, min(MOST_CLIENTS, (files - _FILES_BESIDE) // 2))


@dataclass(frozen=True)
class Place:
    """Where clients connect: a host, its port for http, and one for https where there is one."""

    host: str
    port: int
    https: tuple[int, str] | None = None

    def tls(self) -> tuple[int, ssl.SSLContext] | None:
        """Return the port of https, and what shows the certificate there."""
        if self.https is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.https[1])
        return self.https[0], context


async def serve(place: Place, most: int, command: list[str], folder: Path) -> int:
    """Serve until a signal or until the server ends; 1 where it ended by itself."""
    path = str(folder / "server")
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    behind = await asyncio.create_subprocess_exec(
        *(word.replace("{socket}", path) for word in command),
        preexec_fn=die_with_parent if sys.platform == "linux" else None,
    )
    limits = ConnectionLimits(UpstreamPool(path, most), most_clients())
    listening = loop.create_task(_open(place, limits))
    ended, stop = loop.create_task(behind.wait()), loop.create_task(stopped.wait())
    await asyncio.wait((ended, stop, listening), return_when=asyncio.FIRST_COMPLETED)
    listening.cancel()
    if not ended.done():
        behind.terminate()
        await asyncio.wait((ended,), timeout=_END_SECONDS)
    if not ended.done():
        behind.kill()
    limits.close()
    return 0 if stopped.is_set() else 1


async def _open(place: Place, limits: ConnectionLimits) -> None:
    """Listen once the server behind answers, and watch the clients."""
    await limits.pool.reach()
    async with AsyncExitStack() as listeners:
        for port, tls in _listening(place):
            listener = await asyncio.get_running_loop().create_server(
                partial(ClientConnection, limits, tls), place.host, port, backlog=_BACKLOG
            )
            listeners.callback(listener.close)
        await limits.watch()


def _listening(place: Place) -> Iterator[tuple[int, ssl.SSLContext | None]]:
    yield place.port, None
    if tls := place.tls():
        yield tls


def main() -> int:
    """Read the command line and serve."""
    host, port, most, *command = sys.argv[1:]
    write_to_standard_error(os.environ.get("LOG_LEVEL") or "INFO")
    https = None
    if command[0] == "--https":
        _option, https_port, file, *command = command
        https = (int(https_port), file)
    place = Place(host, int(port), https)
    with tempfile.TemporaryDirectory(prefix="volunteer-") as folder:
        return asyncio.run(serve(place, int(most), command, Path(folder)))


if __name__ == "__main__":
    sys.exit(main())

"""``python -m volunteer_service.buffering_proxy HOST PORT MOST COMMAND...``: proxy and server.

``COMMAND`` starts the server; ``{socket}`` in it is where it has to listen. It gets at most
``MOST`` requests at once. The proxy ends with the server, and ends the server with itself.
"""

import asyncio
import os
import resource
import signal
import sys
import tempfile
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
    """As many as there are files for: each client may have a connection and a file or two."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = 4 * MOST_CLIENTS if hard == resource.RLIM_INFINITY else min(hard, 4 * MOST_CLIENTS)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return max(64, min(MOST_CLIENTS, (files - _FILES_BESIDE) // 2))


async def serve(host: str, port: int, most: int, command: list[str], folder: Path) -> int:
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
    listening = loop.create_task(_open(host, port, limits))
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


async def _open(host: str, port: int, limits: ConnectionLimits) -> None:
    """Listen once there is a server behind, and look after the clients."""
    await limits.pool.reach()
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(
        lambda: ClientConnection(limits), host, port, backlog=_BACKLOG
    )
    try:
        await limits.watch()
    finally:
        listener.close()


def main() -> int:
    """Read the command line and serve."""
    host, port, most, *command = sys.argv[1:]
    write_to_standard_error(os.environ.get("LOG_LEVEL") or "INFO")
    with tempfile.TemporaryDirectory(prefix="volunteer-") as folder:
        return asyncio.run(serve(host, int(port), int(most), command, Path(folder)))


if __name__ == "__main__":
    sys.exit(main())

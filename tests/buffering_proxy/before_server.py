"""A proxy on a free port, before a server of the test's own that notes what it gets."""

import asyncio
import socket
import ssl
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from volunteer_service.buffering_proxy.clients import ClientConnection
from volunteer_service.buffering_proxy.connection_limits import ConnectionLimits
from volunteer_service.buffering_proxy.upstream import UpstreamPool


class Server(asyncio.Protocol):
    """The server behind the proxy: it answers each whole request with its number of bytes, or with
    a large body.

    Asked about a large body, it admits ``/in``, admits the fields alone for ``/fields``, and does
    not answer for ``/silent``.
    """

    def __init__(self, seen: list[bytes], connections: set[asyncio.BaseTransport]) -> None:
        self.seen = seen
        self._connections = connections
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._connections.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, blank, body = self._buffer.partition(b"\r\n\r\n")
        length = int((head.lower().partition(b"content-length: ")[2] or b"0").split(b"\r")[0])
        if not blank or len(body) < length:
            return
        self.seen.append(self._buffer)
        self._buffer = b""
        if b"/cut" in head:
            self._transport.abort()
        elif b"/silent" not in head:
            self._transport.write(self._answer(head, length))

    def _answer(self, head: bytes, length: int) -> bytes:
        if b"X-Buffered-Body-Bytes: " in head and b"/fields" in head:
            return b"HTTP/1.1 204 No Content\r\nX-Buffered-Fields-Alone: 1\r\n\r\n"
        if b"X-Buffered-Body-Bytes: " in head and b"/in" not in head:
            return b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 3\r\n\r\nwho"
        said = b"x" * 20_000_000 if b"/large" in head else str(length).encode()
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(said), said)


class Proxy:
    """A proxy on a free port, before a server that notes what it gets."""

    def __init__(self, most: int, tls: ssl.SSLContext | None = None) -> None:
        self.seen: list[bytes] = []
        self._most, self._tls, self._ready = most, tls, Event()
        self._thread = Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        assert self._ready.wait(10)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        with TemporaryDirectory(prefix="proxy-") as folder:
            path = str(Path(folder) / "s")
            open_: set[asyncio.BaseTransport] = set()
            behind = await self._loop.create_unix_server(lambda: Server(self.seen, open_), path)
            found = ConnectionLimits(UpstreamPool(path, 4), self._most)
            proxy = await self._loop.create_server(
                lambda: ClientConnection(found, self._tls), "127.0.0.1", 0
            )
            self.port = proxy.sockets[0].getsockname()[1]
            watch = self._loop.create_task(found.watch())
            self._ready.set()
            await self._stop.wait()
            watch.cancel()
            proxy.close()
            behind.close()
            found.close()
            for transport in list(open_):
                transport.abort()
            # Each connection is closed by a callback; this one comes after all of them.
            closed = self._loop.create_future()
            self._loop.call_soon(closed.set_result, None)
            await closed

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

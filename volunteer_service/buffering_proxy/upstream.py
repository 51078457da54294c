"""The connections to the server behind: few, kept open, each for one request at a time."""

import asyncio
import time
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress
from typing import Protocol

from volunteer_service.buffering_proxy.http_framing import Answer, Refused, Request

#: Seconds after which an unused connection is closed: sooner than the server would do it.
_IDLE_SECONDS = 5
#: Seconds between two tries to reach a server that is starting, and the number of tries.
_AGAIN_SECONDS, _TRIES = 0.1, 50


class Asker(Protocol):
    """A waiter for an answer: a client, or the question whether its body may come in."""

    @property
    def is_gone(self) -> bool:
        """Tell whether nobody waits for the answer any more."""

    def told(self, data: bytes) -> None:
        """Take a part of the answer."""

    def answered(self, *, keeps_alive: bool) -> None:
        """Note the end of the answer."""

    def cut_off(self) -> None:
        """Handle the loss of the server."""


Waiting = tuple[Asker, Request]


class UpstreamConnection(asyncio.Protocol):
    """One connection to the server."""

    def __init__(self, pool: "UpstreamPool") -> None:
        self._pool = pool
        self._transport: asyncio.Transport | None = None
        self._asked: tuple[Asker, Request, Answer] | None = None
        self._may_write = asyncio.Event()
        self._may_write.set()
        self.idle_since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Offer the new connection to the pool."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self._pool.made(self)

    def send(self, asker: Asker, request: Request) -> None:
        """Send a whole request to the server."""
        self._asked = asker, request, Answer(request.head.method)
        if self._transport is None:
            return
        if request.body.is_on_disk:
            self._transport.write(request.first())
            self._pool.beside(self._pump(request))
        else:
            self._transport.write(request.first() + b"".join(request.body.pieces()))

    async def _pump(self, request: Request) -> None:
        for piece in request.body.pieces():
            await self._may_write.wait()
            if self._asked is None or self._transport is None or self._transport.is_closing():
                return
            self._transport.write(piece)

    def pause_writing(self) -> None:
        """Pause: the server reads more slowly than the file."""
        self._may_write.clear()

    def resume_writing(self) -> None:
        """Continue: the server has caught up."""
        self._may_write.set()

    def data_received(self, data: bytes) -> None:
        """Pass the answer on; where it ends, the connection is free again."""
        if self._asked is None:
            # Nobody asked.
            self.end()
            return
        asker, request, answer = self._asked
        try:
            answer.see(data)
        except Refused:
            self.end()
            return
        asker.told(data)
        if answer.is_whole:
            self._asked = None
            if answer.keeps_alive and not request.head.is_old:
                self._pool.free(self)
            else:
                self.end()
            asker.answered(keeps_alive=answer.keeps_alive and request.head.keeps_alive)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the waiter that the answer is complete or broken; an answer without a length ends
        here.
        """
        asked, self._asked = self._asked, None
        self._may_write.set()
        self._pool.lost(self)
        if asked is not None:
            asked[0].cut_off()

    def end(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.abort()


class UpstreamPool:
    """At most ``most`` connections to the server that listens on ``path``; more requests wait."""

    def __init__(self, path: str, most: int) -> None:
        self._path = path
        self._most = most
        self._open = 0
        self._connections: set[UpstreamConnection] = set()
        self._idle: list[UpstreamConnection] = []
        self._waiting: deque[Waiting] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    def ask(self, asker: Asker, request: Request) -> None:
        """Send this request over a connection, now or when one is free."""
        if self._idle:
            self._idle.pop().send(asker, request)
        elif self._open < self._most:
            self._open += 1
            self.beside(self._connect(asker, request))
        else:
            self._waiting.append((asker, request))

    def free(self, connection: UpstreamConnection) -> None:
        """Give the connection to the request that waits longest."""
        waiting = self._next()
        if waiting is not None:
            connection.send(*waiting)
        else:
            connection.idle_since = time.monotonic()
            self._idle.append(connection)

    def made(self, connection: UpstreamConnection) -> None:
        """Add a connection."""
        self._connections.add(connection)

    async def reach(self) -> None:
        """Return once the server listens."""
        while not self._idle:
            await asyncio.sleep(_AGAIN_SECONDS)
            with suppress(OSError):
                _transport, connection = await asyncio.get_running_loop().create_unix_connection(
                    lambda: UpstreamConnection(self), self._path
                )
                self._open += 1
                self.free(connection)

    def close(self) -> None:
        """End every connection."""
        for connection in list(self._connections):
            connection.end()

    def lost(self, connection: UpstreamConnection | None) -> None:
        """Remove a lost connection; a waiting request gets another."""
        self._open -= 1
        self._connections -= {connection}
        if connection in self._idle:
            self._idle.remove(connection)
        waiting = self._next()
        if waiting is not None:
            self.ask(*waiting)

    def sweep(self, now: float) -> None:
        """Close connections that nobody used."""
        for connection in [c for c in self._idle if now - c.idle_since > _IDLE_SECONDS]:
            connection.end()

    def beside(self, work: Coroutine[None, None, None]) -> None:
        """Run this concurrently, and keep the task, because one that nobody refers to may
        vanish.
        """
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _next(self) -> Waiting | None:
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting[0].is_gone:
                return waiting
        return None

    async def _connect(self, asker: Asker, request: Request) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(_TRIES):
            try:
                _t, connection = await loop.create_unix_connection(
                    lambda: UpstreamConnection(self), self._path
                )
            except OSError:
                # The server or its worker is starting; nothing was sent yet.
                await asyncio.sleep(_AGAIN_SECONDS)
            else:
                connection.send(asker, request)
                return
        self.lost(None)
        asker.cut_off()

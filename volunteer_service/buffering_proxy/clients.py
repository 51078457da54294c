"""One client's connection: a request is read whole, its answer is sent at the client's pace."""

import asyncio
import ssl
import time
from contextlib import suppress
from enum import Enum
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

from volunteer_service.buffering_proxy.http_framing import (
    LONGEST_HEAD,
    PIECE,
    WITHOUT_ASKING,
    Body,
    Refused,
    Request,
    head,
)
from volunteer_service.buffering_proxy.refusals import OF_FRAME, Reason, answer

if TYPE_CHECKING:
    from volunteer_service.buffering_proxy.connection_limits import ConnectionLimits

#: Seconds for the head of a request, and until the next one begins.
HEAD_SECONDS = 10
IDLE_SECONDS = 15
#: Seconds that a body, and the reading of an answer, may take, and one more for each 8 kB.
START_SECONDS = 20
SLOWEST = 8 * 1024
#: Seconds within which the server says whether a large body is admitted.
HELD_SECONDS = 10
#: Seconds for a refused client to read the reason.
_END_SECONDS = 5
#: Most empty lines before a request that are skipped.
_EMPTY_LINES = 4
#: Bytes of later requests that a client may send before it has its answer.
_AHEAD = 64 * 1024


class State(Enum):
    """What a client's connection waits for."""

    GREETING = "the rest of the handshake of TLS"
    IDLE = "the next request"
    HEAD = "the rest of a head"
    BODY = "the rest of a body"
    HELD = "the server to say whether so large a body may come in"
    ASKED = "the server's answer"
    READING = "the client to read the answer"
    ENDING = "the client to read why it was refused"


#: The reason why a connection that waits too long is ended, by what it waits for.
_OVERDUE = {
    State.GREETING: Reason.SLOW_GREETING,
    State.IDLE: Reason.IDLE,
    State.HEAD: Reason.SLOW_HEAD,
    State.BODY: Reason.SLOW_BODY,
    State.HELD: Reason.QUESTION_SLOW,
    State.READING: Reason.SLOW_READER,
}


class ClientConnection(asyncio.Protocol):
    """A connection from outside, and its one present request."""

    def __init__(self, limits: "ConnectionLimits", tls: ssl.SSLContext | None = None) -> None:
        self._limits = limits
        self._tls = tls
        self._greeting: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._rest: SpooledTemporaryFile[bytes] | None = None
        self._unsent = 0
        self._sent = 0
        self._is_full = False
        self._will_close = False
        self._is_admitted = False
        self.address = ""
        self.state = State.IDLE
        self.since = time.monotonic()
        self.request: Request | None = None

    # Called by asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note that a client has connected."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self.address = str(transport.get_extra_info("peername")[0])
            self._limits.enter(self)
            if self._tls is None:
                transport.set_write_buffer_limits(high=PIECE)
            else:
                # The client's bytes belong to the handshake; it counts as a client from now on.
                transport.pause_reading()
                self._to(State.GREETING)
                greeting = self._greet(transport, self._tls)
                self._greeting = asyncio.get_running_loop().create_task(greeting)

    def data_received(self, data: bytes) -> None:
        """Take in part of a request; data that arrives before the last answer is sent waits."""
        if self.state is State.ENDING:
            return
        self._buffer += data
        if self.state is State.IDLE:
            self._to(State.HEAD)
        if self.state in (State.HEAD, State.BODY):
            self._advance()
        elif len(self._buffer) > _AHEAD and self._transport is not None:
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """Note that the client sends nothing more; an answer under way is still sent."""
        self._will_close = True
        if self._transport is not None and self._transport.get_extra_info("sslcontext"):
            # A connection of TLS cannot stay half open.
            return False
        if self.state is State.HELD and self.request is not None:
            # A chunked body may be complete.
            return self.request.head.length is None
        return self.state in (State.ASKED, State.READING)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the client has disconnected."""
        self._transport = None
        self._limits.leave(self)
        if self.state is not State.ASKED:
            self._drop()

    def pause_writing(self) -> None:
        """Pause: the client reads more slowly than the server answers."""
        self._is_full = True

    def resume_writing(self) -> None:
        """Send the next piece, because the client has read on."""
        self._is_full = False
        while self._rest is not None and self._unsent and not self._is_full:
            self._rest.seek(-self._unsent, 2)
            piece = self._rest.read(PIECE)
            self._unsent -= len(piece)
            self._rest.seek(0, 2)
            self._write(piece)
        self._go_on()

    # Called by the connection to the server

    @property
    def is_gone(self) -> bool:
        """Tell whether nobody waits for the answer."""
        return self._transport is None

    def told(self, data: bytes) -> None:
        """Pass on a part of the answer."""
        if self._transport is None:
            return
        if not self._is_full and not self._unsent:
            self._write(data)
            return
        if self._rest is None:
            self._rest = SpooledTemporaryFile(PIECE)  # noqa: SIM115  kept open
        self._rest.write(data)
        self._unsent += len(data)

    def answered(self, *, keeps_alive: bool) -> None:
        """Note the end of the answer; the next request may follow."""
        self._will_close |= not keeps_alive
        self._drop_body()
        self._to(State.READING)
        self._go_on()

    def cut_off(self) -> None:
        """Handle the loss of the server; if it had answered nothing yet, the client is told."""
        if self._sent or self._unsent:
            self.answered(keeps_alive=False)
        else:
            self._drop_body()
            self.refuse(Reason.SERVER_GONE)

    # Called by the question

    @property
    def is_held(self) -> bool:
        """Tell whether the server has yet to say if the body is admitted."""
        return self.state is State.HELD and not self.is_gone

    def admit(self, *, without_files: bool = False) -> None:
        """Admit the body, or only the fields of a form, as the server said."""
        self._is_admitted = True
        if without_files and self.request is not None:
            self.request.body.leave_files_out(self.request.head.lines)
        self._to(State.BODY)
        self._say_go_on()
        if self._transport is not None:
            self._transport.resume_reading()
        self._advance()

    def turn_away(self, status: int, said: bytes) -> None:
        """Refuse the body with this answer of the server."""
        self._note(Reason.NOT_ADMITTED, status)
        self._end_with(said)

    # Called by the limits

    @property
    def has_file(self) -> bool:
        """Tell whether the request's body is kept in a file, which happens only after it was
        admitted, or whether the files of its form are read and left out.
        """
        if not self._is_admitted or self.request is None:
            return False
        return self.request.body.is_on_disk or self.request.body.is_without_files

    def is_overdue(self, now: float) -> bool:
        """Tell whether the client takes longer than it may."""
        waited = now - self.since
        if self.state is State.BODY:
            done = self.request.body.size if self.request else 0
            return waited > START_SECONDS + done / SLOWEST
        if self.state is State.READING:
            return waited > START_SECONDS + self._read() / SLOWEST
        limits = {
            State.GREETING: HEAD_SECONDS,
            State.HEAD: HEAD_SECONDS,
            State.IDLE: IDLE_SECONDS,
            State.HELD: HELD_SECONDS,
            State.ENDING: _END_SECONDS,
        }
        return waited > limits.get(self.state, float("inf"))

    def end(self) -> None:
        """Close the connection without an answer."""
        if self._transport is not None:
            self._transport.abort()

    def end_overdue(self) -> None:
        """End a client that took too long; one that already has its refusal is cut off."""
        if self.state is State.ENDING:
            self.end()
        else:
            self.refuse(_OVERDUE[self.state])

    def refuse(self, reason: Reason) -> None:
        """Answer with the reason and close, or only close if it is too late for an answer."""
        if self._transport is None or self.state is State.ENDING:
            return
        if self.state in (State.GREETING, State.IDLE, State.READING):
            self._note(reason, None)
            self.end()
        else:
            self._note(reason, reason.status)
            self._end_with(answer(reason.status))

    # Inside

    def _to(self, state: State) -> None:
        self.state, self.since = state, time.monotonic()

    def _note(self, reason: Reason, status: int | None) -> None:
        self._limits.refusals.note(reason, self.address, time.monotonic(), status=status)

    async def _greet(self, plain: asyncio.Transport, tls: ssl.SSLContext) -> None:
        """Shake hands; a failure is not reported."""
        made: asyncio.Transport | None = None
        with suppress(OSError):
            loop = asyncio.get_running_loop()
            made = await loop.start_tls(plain, self, tls, server_side=True)
        if made is None:
            self.connection_lost(None)
            return
        self._transport = made
        made.set_write_buffer_limits(high=PIECE)
        self._to(State.HEAD if self._buffer else State.IDLE)
        if self._buffer:
            self._advance()

    def _advance(self) -> None:
        try:
            if self.state is State.HEAD:
                self._take_head()
            if self.request is not None and self.state is State.BODY:
                self._take_body(self.request)
        except Refused as refused:
            self.refuse(OF_FRAME[refused.status])

    def _take_head(self) -> None:
        # Some old clients end a body with an empty line. A client that sends nothing else is
        # refused.
        for _ in range(_EMPTY_LINES):
            if self._buffer.startswith(b"\r\n"):
                del self._buffer[:2]
        end = self._buffer.find(b"\r\n\r\n")
        if end > LONGEST_HEAD or (end < 0 and len(self._buffer) > LONGEST_HEAD):
            raise Refused(431)
        if end < 0:
            return
        raw = bytes(self._buffer[: end + 4])
        del self._buffer[: end + 4]
        found = head(raw, self.address.encode())
        self.request = Request(found, Body(found.length))
        self._is_admitted = False
        self._to(State.BODY)
        if (found.length or 0) > WITHOUT_ASKING:
            self._hold(self.request)
        else:
            self._say_go_on()

    def _take_body(self, request: Request) -> None:
        request.body.take(self._buffer)
        if request.body.size > WITHOUT_ASKING and not self._is_admitted:
            self._hold(request)
        elif request.body.is_whole:
            self._sent = 0
            self._to(State.ASKED)
            self._limits.pool.ask(self, request)
        elif self.has_file and not self._limits.has_room(self):
            self.refuse(Reason.FILES_FULL)
        elif self._will_close:
            self.end()

    def _hold(self, request: Request) -> None:
        """Read no more until the server has admitted this body."""
        if self._transport is None:
            return
        if not self._limits.has_room_for_question(self):
            self.refuse(Reason.QUESTIONS_FULL)
            return
        # Little more is read (_AHEAD), which shows when the client has left.
        self._to(State.HELD)
        self._limits.questions.ask(self, request)

    def _say_go_on(self) -> None:
        """Tell a client that waits for it (100 Continue) to send the body."""
        request = self.request
        if request is None or not request.head.waits_to_go_on or request.head.length == 0:
            return
        if not self._buffer and not request.body.size:
            self._write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _go_on(self) -> None:
        """Begin the next request, or end, once the client has the whole answer."""
        if self.state is not State.READING or self._transport is None or self._unsent:
            return
        if self._will_close:
            self._transport.close()
            return
        if self._is_full:
            return
        self._drop()
        self.request = None
        self._to(State.HEAD if self._buffer else State.IDLE)
        self._transport.resume_reading()
        if self._buffer:
            self._advance()

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._sent += len(data)
            self._transport.write(data)

    def _end_with(self, said: bytes) -> None:
        """Send this last; what still comes is read and dropped, so that the client can read the
        answer.
        """
        if self._transport is None:
            return
        self._write(said)
        self._to(State.ENDING)
        self._buffer.clear()
        self._drop()
        self._transport.resume_reading()
        with suppress(OSError):
            # It may be gone before we are told.
            self._transport.write_eof()

    def _read(self) -> int:
        """Return how many bytes of the answer the client has taken."""
        waiting = self._transport.get_write_buffer_size() if self._transport else 0
        return self._sent - waiting

    def _drop_body(self) -> None:
        if self.request is not None:
            self.request.body.drop()

    def _drop(self) -> None:
        self._drop_body()
        if self._rest is not None:
            self._rest.close()
            self._rest = None
        self._unsent = 0

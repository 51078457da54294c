"""Asks the server whether a large body is admitted, before it is read.

Only the application knows who may send a file. A question is the head of the request alone: the
same method, address, cookies and token, and how many bytes would follow. 2xx admits the body; any
other answer is the answer to the request. A 2xx with :data:`FIELDS_ALONE` admits a form without its
files: the session has ended, and its fields come back on its page.
"""

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from volunteer_service.buffering_proxy.http_framing import ANNOUNCED, Body, Request
from volunteer_service.buffering_proxy.refusals import Reason
from volunteer_service.buffering_proxy.upstream import UpstreamPool

if TYPE_CHECKING:
    from volunteer_service.buffering_proxy.clients import ClientConnection

#: A field of an answer that admits a form without its files.
FIELDS_ALONE = "X-Buffered-Fields-Alone"
#: Questions at the server at once; all other requests overtake those that wait.
MOST_UNDER_WAY = 4


def question_about(request: Request) -> Request:
    """Return the request without its body, with the number of bytes announced or received so
    far.
    """
    size = request.head.length or request.body.size
    lines = b"%s%s: %d\r\n" % (request.head.lines, ANNOUNCED, size)
    return Request(replace(request.head, lines=lines), Body(0))


class QuestionLine:
    """The questions, in the order in which they came."""

    def __init__(self, pool: UpstreamPool) -> None:
        self._pool = pool
        self._under_way = 0
        self._waiting: deque[tuple[ClientConnection, Request]] = deque()

    def ask(self, client: "ClientConnection", request: Request) -> None:
        """Ask about the body of this request, now or when its turn comes."""
        self._waiting.append((client, request))
        self._next()

    def answered(self) -> None:
        """Note that one of those under way is answered, or never will be."""
        self._under_way -= 1
        self._next()

    def _next(self) -> None:
        while self._waiting and self._under_way < MOST_UNDER_WAY:
            client, request = self._waiting.popleft()
            if client.is_held:
                self._under_way += 1
                self._pool.ask(Question(client, self), question_about(request))


class Question:
    """Waits for the server's answer about one client's body, and tells the client's connection."""

    #: It awaits the answer even if the client has left, because the queue waits for it.
    is_gone = False

    def __init__(self, client: "ClientConnection", line: QuestionLine) -> None:
        self._client = client
        self._line = line
        self._answer = bytearray()

    def told(self, data: bytes) -> None:
        """Collect a part of the answer."""
        self._answer += data

    def answered(self, *, keeps_alive: bool) -> None:
        """Take the whole answer: admit the body, or refuse it with the server's own answer."""
        self._line.answered()
        if not self._client.is_held:
            return
        line, _, rest = bytes(self._answer).partition(b"\r\n")
        status = int(line.split()[1])
        if 200 <= status < 300:
            head = rest.partition(b"\r\n\r\n")[0].lower()
            self._client.admit(without_files=FIELDS_ALONE.lower().encode() in head)
        else:
            self._client.turn_away(status, line + b"\r\nConnection: close\r\n" + rest)

    def cut_off(self) -> None:
        """Handle the loss of the server before it answered."""
        self._line.answered()
        if self._client.is_held:
            self._client.refuse(Reason.SERVER_GONE)

"""Whether a large body may come in: the server is asked before it does.

Only the application knows who may send a file. It is asked with the head of the request alone: the
same method, address, cookies and token, and how many bytes would follow. 2xx lets the body in;
any other answer is the answer to the request.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from volunteer_service.buffering_proxy.http_framing import ANNOUNCED, Body, Request
from volunteer_service.buffering_proxy.refusals import Reason

if TYPE_CHECKING:
    from volunteer_service.buffering_proxy.clients import ClientConnection


def question_about(request: Request) -> Request:
    """The request without its body, and with the bytes announced, or come so far."""
    size = request.head.length or request.body.size
    lines = b"%s%s: %d\r\n" % (request.head.lines, ANNOUNCED, size)
    return Request(replace(request.head, lines=lines), Body(0))


class Question:
    """Waits for the server's word on one client's body, and tells the client's connection."""

    def __init__(self, client: "ClientConnection") -> None:
        self._client = client
        self._answer = bytearray()

    @property
    def is_gone(self) -> bool:
        """True where the client waits no longer."""
        return not self._client.is_held

    def told(self, data: bytes) -> None:
        """Some of the answer."""
        self._answer += data

    def answered(self, *, keeps_alive: bool) -> None:
        """All of it: in, or away with the server's own words."""
        if self.is_gone:
            return
        line, _, rest = bytes(self._answer).partition(b"\r\n")
        status = int(line.split()[1])
        if 200 <= status < 300:
            self._client.admit()
        else:
            self._client.turn_away(status, line + b"\r\nConnection: close\r\n" + rest)

    def cut_off(self) -> None:
        """The server is gone before it said so."""
        if not self.is_gone:
            self._client.refuse(Reason.SERVER_GONE)

"""What the proxy ends by itself: counted for Prometheus and logged, with a bound on the lines.

A line has the reason, the answered status (none where it was too late for one) and the network of
the client; never an address of one device, a path or a cookie.
"""

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from ipaddress import ip_address, ip_network

from prometheus_client import Counter

#: Lines a minute of each reason; what is beyond them is told as one number.
MOST_LINES = 20
_WINDOW_SECONDS = 60
#: Bits of an address that a log line keeps.
_NETWORK = {4: 24, 6: 64}

_counted = Counter(
    "volunteer_service_proxy_refusals",
    "Requests and connections that the buffering proxy ended, by the reason.",
    ["reason"],
)
_log = logging.getLogger("volunteer_service.buffering_proxy")


class Reason(Enum):
    """Why a request or a connection was ended, and the status that is answered."""

    UNREADABLE = "unreadable", 400
    HEAD_TOO_LARGE = "head_too_large", 431
    BODY_TOO_LARGE = "body_too_large", 413
    #: The server refused such a large body from this sender; the status is the server's.
    NOT_ADMITTED = "not_admitted", 401
    #: A TLS handshake that did not end.
    SLOW_GREETING = "slow_greeting", 408
    SLOW_HEAD = "slow_head", 408
    SLOW_BODY = "slow_body", 408
    SLOW_READER = "slow_reader", 408
    #: The most usual end of a connection: it is counted, not logged.
    IDLE = "idle", 408
    #: One address has too many unfinished requests.
    CROWD = "crowd", 408
    #: Too many connections: this one was closed to make room for another.
    MADE_ROOM = "made_room", 408
    FILES_FULL = "files_full", 503
    QUESTIONS_FULL = "questions_full", 503
    QUESTION_SLOW = "question_slow", 503
    SERVER_GONE = "server_gone", 503

    def __init__(self, word: str, status: int) -> None:
        self.word = word
        self.status = status


#: The reason for each status of :class:`http_framing.Refused`.
OF_FRAME = {
    400: Reason.UNREADABLE,
    413: Reason.BODY_TOO_LARGE,
    431: Reason.HEAD_TOO_LARGE,
}

#: Phrase, then what happened and what to do, in Chinese and English.
_TOLD = {
    400: (
        b"Bad Request",
        "请求无法读取。请返回上一页，刷新后再试。",
        "The request cannot be read. Go back, reload the page and try again.",
    ),
    408: (
        b"Request Timeout",
        "等得太久，没有收完。请返回上一页再提交一次。",
        "It took too long to arrive. Go back and send it once more.",
    ),
    413: (
        b"Content Too Large",
        "一次发送的内容太大，没有收下。请返回上一页，换较小的文件或分几次提交；填写的内容还在那一页。",
        "Too much was sent at once, and nothing was taken. Go back, choose smaller files or send "
        "them one after the other; what was typed is still on that page.",
    ),
    431: (
        b"Request Header Fields Too Large",
        "请求头太大。请清除这个网站的 Cookie 后再试。",
        "The head of the request is too large. Clear this site's cookies and try again.",
    ),
    503: (
        b"Service Unavailable",
        "服务暂时不可用，请过一分钟再试。",
        "The service is not available right now. Please try again in a minute.",
    ),
}
#: No style sheet: perhaps nothing behind the proxy is there to serve one.
_PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{chinese}</title>
<body style="font:1.25rem/1.7 sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem">
<p>{chinese}</p>
<p lang="en">{english}</p>
"""


def answer(status: int) -> bytes:
    """Return the whole response with this status, a page in both languages; the connection ends
    with it.
    """
    phrase, chinese, english = _TOLD[status]
    said = _PAGE.format(chinese=chinese, english=english).encode()
    return (
        b"HTTP/1.1 %d %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n"
        b"Retry-After: 30\r\nConnection: close\r\n\r\n%s" % (status, phrase, len(said), said)
    )


def network_of(address: str) -> str:
    """Return the network of an address: 192.0.2.0/24, 2001:db8::/64."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network((found, _NETWORK[found.version]), strict=False))


@dataclass
class _Lines:
    """The lines of one reason since a window began."""

    began: float
    written: int = 0
    left_out: int = 0


class Refusals:
    """Counts and logs the requests and connections that the proxy ends."""

    def __init__(self) -> None:
        self._lines: dict[Reason, _Lines] = {}
        for reason in Reason:
            # The counters exist from the beginning, because no alert sees a missing one rise.
            _counted.labels(reason.word)

    def note(self, reason: Reason, address: str, now: float, *, status: int | None) -> None:
        """Count one end; ``status`` is what was answered, None without an answer."""
        _counted.labels(reason.word).inc()
        if reason is Reason.IDLE:
            return
        lines = self._lines.setdefault(reason, _Lines(now))
        if lines.written >= MOST_LINES:
            lines.left_out += 1
            return
        lines.written += 1
        facts = {"reason": reason.word, "status": status, "from": network_of(address)}
        _log.warning("refused by the proxy", extra={"facts": facts})

    def sweep(self, now: float) -> None:
        """End the windows that are over, and log how many lines they left out."""
        over = [r for r, lines in self._lines.items() if now - lines.began > _WINDOW_SECONDS]
        for reason in over:
            left_out = self._lines.pop(reason).left_out
            if left_out:
                facts = {"reason": reason.word, "more": left_out}
                _log.warning("refused by the proxy, not written one by one", extra={"facts": facts})


class JsonLine(logging.Formatter):
    """A line of the proxy's log, in the shape of the service's own."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname, "event": record.getMessage()}
        return json.dumps(line | getattr(record, "facts", {}))


def write_to_standard_error(level: str) -> None:
    """Write the log where the service writes its own, from ``level`` on."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLine())
    _log.addHandler(handler)
    _log.setLevel(level)
    _log.propagate = False

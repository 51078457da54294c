"""A closed-loop load client: each connection sends its next request once it has its answer.

One process, one thread, raw sockets: it costs the measured server some 50 µs of the shared cores
for each request, the same for every side of a comparison.
"""

import selectors
import socket
import statistics
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

CONNECTIONS = 8


@dataclass(frozen=True)
class Measured:
    """The result of one run: answers a second, latencies, statuses, and the client's own time."""

    per_second: float
    p50_ms: float
    p99_ms: float
    statuses: dict[int, int]
    client_us: float


@dataclass
class _Line:
    """One connection and its awaited answer."""

    sock: socket.socket
    sent_at: float = 0.0
    buffer: bytearray = field(default_factory=bytearray)

    def send(self, request: bytes) -> None:
        self.sent_at = time.perf_counter()
        self.sock.sendall(request)

    def answer(self) -> int | None:
        """Return the status once the whole answer is here."""
        chunk = self.sock.recv(65536)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        self.buffer += chunk
        head, blank, body = bytes(self.buffer).partition(b"\r\n\r\n")
        if not blank or len(body) < _length(head):
            return None
        self.buffer.clear()
        return int(head[9:12])


def run(port: int, requests: Sequence[bytes], connections: int = CONNECTIONS) -> Measured:
    """Send every request once over ``connections`` kept-alive connections."""
    waiting = iter(requests)
    statuses: Counter[int] = Counter()
    latencies: list[float] = []
    cpu = time.process_time()
    began = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        open_lines = _open(port, connections, selector, waiting)
        while open_lines:
            for key, _events in selector.select(timeout=30):
                line: _Line = key.data
                status = line.answer()
                if status is None:
                    continue
                latencies.append(time.perf_counter() - line.sent_at)
                statuses[status] += 1
                request = next(waiting, None)
                if request is not None:
                    line.send(request)
                    continue
                selector.unregister(line.sock)
                line.sock.close()
                open_lines -= 1
    took = time.perf_counter() - began
    return Measured(
        per_second=len(latencies) / took,
        p50_ms=statistics.median(latencies) * 1000,
        p99_ms=sorted(latencies)[int(len(latencies) * 0.99)] * 1000,
        statuses=dict(statuses),
        client_us=(time.process_time() - cpu) / len(latencies) * 1e6,
    )


def post(path: str, cookie: str, body: str, address: str = "127.0.0.1") -> bytes:
    """Return a form's POST as a browser sends it and a proxy forwards it, with what a server
    reads.
    """
    headers = {
        "Cookie": cookie,
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": address,
    }
    return sent("POST", path, headers, body)


def sent(method: str, path: str, headers: Mapping[str, str], body: str = "") -> bytes:
    """Return a request in its bytes."""
    content = body.encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(content)}"] if content else []
    return "\r\n".join([*lines, "", ""]).encode() + content


def _open(port, connections, selector, waiting) -> int:
    opened = 0
    for request in (next(waiting, None) for _ in range(connections)):
        if request is None:
            break
        sock = socket.create_connection(("127.0.0.1", port), timeout=30)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = _Line(sock)
        selector.register(sock, selectors.EVENT_READ, line)
        line.send(request)
        opened += 1
    return opened


def _length(head: bytes) -> int:
    for name, _, value in (row.partition(b":") for row in head.split(b"\r\n")[1:]):
        if name.lower() == b"content-length":
            return int(value)
    return 0

"""Runs 200 strangers who send large bodies to a page that is not for them, and measures what is
kept.
"""

import multiprocessing
import os
import selectors
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

STRANGERS, ADDRESSES = 200, 40
_MEGABYTE = 1024 * 1024
#: Bytes a second of all of them together: a network, not the memory of this machine.
PACE = 50 * _MEGABYTE
_HEAD = (
    b"POST /api/v1/imports HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer vs_%x\r\n"
    b"Content-Type: multipart/form-data; boundary=x\r\n"
)
#: Half announce 60 MB, half send chunks.
BEGINNINGS = (
    _HEAD + b"Content-Length: 62914560\r\n\r\n",
    _HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
)
#: As a part of a body and as a chunk.
_PIECES = (bytes(65536), b"10000\r\n" + bytes(65536) + b"\r\n")


@dataclass
class _Stranger:
    """One connection, how it sends, and what it still has to send of the piece under way."""

    number: int
    sock: socket.socket
    kind: int
    rest: memoryview


class Strangers:
    """They keep sending until the end; a rejected one comes again at once."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._begun = 0
        self._sent = 0
        self._statuses: Counter[str] = Counter()

    def pour(self, is_over: Event) -> dict[str, Any]:
        """Send, and return the result."""
        with selectors.DefaultSelector() as selector:
            for number in range(STRANGERS):
                self._begin(number, selector)
            began = time.monotonic()
            while not is_over.is_set():
                for key, _events in selector.select(timeout=0.2):
                    self._go_on(key.data, selector)
                ahead = self._sent / PACE - (time.monotonic() - began)
                time.sleep(max(0.0, ahead))
        sent = self._sent // _MEGABYTE
        return {"begun": self._begun, "told": dict(self._statuses), "mb_sent": sent}

    def _begin(self, number: int, selector: selectors.BaseSelector) -> None:
        sock, kind = socket.socket(), number % 2
        # Loopback has as many addresses as one likes.
        sock.bind((f"127.0.1.{1 + number % ADDRESSES}", 0))
        sock.settimeout(20)
        sock.connect(("127.0.0.1", self._port))
        sock.settimeout(0)
        head = memoryview(BEGINNINGS[kind] % self._begun)
        self._begun += 1
        both = selectors.EVENT_READ | selectors.EVENT_WRITE
        selector.register(sock, both, _Stranger(number, sock, kind, head))

    def _go_on(self, one: _Stranger, selector: selectors.BaseSelector) -> None:
        try:
            said = one.sock.recv(65536)
        except BlockingIOError:
            with suppress(BlockingIOError, ConnectionError):
                sent = one.sock.send(one.rest)
                self._sent += sent
                one.rest = one.rest[sent:] or memoryview(_PIECES[one.kind])
            return
        except OSError:
            said = b""
        self._statuses[said[9:12].decode(errors="replace") or "no word"] += 1
        selector.unregister(one.sock)
        one.sock.close()
        self._begin(one.number, selector)


@dataclass
class Kept(threading.Thread):
    """Measures ten times a second the memory of a process and its bytes in files."""

    pid: int
    memory: int = 0
    files: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.memory_before = _memory(self.pid)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        """Measure, and keep the largest."""
        while not self.is_over.wait(0.1):
            self.memory = max(self.memory, _memory(self.pid))
            self.files = max(self.files, _files(self.pid))

    @property
    def megabytes(self) -> tuple[int, int]:
        """Return the largest growth of memory, and the largest sum of its files."""
        return (self.memory - self.memory_before) // _MEGABYTE, self.files // _MEGABYTE


def proxy_on(port: int) -> int:
    """Return the process id of the buffering proxy that listens on this port."""
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            words = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
            if b"volunteer_service.buffering_proxy" in words and str(port).encode() in words:
                return int(entry.name)
    raise LookupError(f"no proxy on port {port}")


def _memory(pid: int) -> int:
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _files(pid: int) -> int:
    """Return the bytes of open files without a name, in which bodies are kept."""
    total = 0
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            is_nameless = "(deleted)" in str(entry.readlink())
            total += entry.stat().st_size if is_nameless else 0
    return total


def _pour(port: int, is_over: Event, said: "Queue[dict[str, Any]]") -> None:
    said.put(Strangers(port).pour(is_over))


@contextmanager
def pouring(port: int) -> Iterator[tuple[dict[str, Any], Kept]]:
    """Run the strangers during the block, in a process of their own; afterwards give their
    result.
    """
    is_over, queue = multiprocessing.Event(), multiprocessing.Queue()
    said: dict[str, Any] = {}
    kept = Kept(proxy_on(port))
    strangers = multiprocessing.Process(target=_pour, args=(port, is_over, queue), daemon=True)
    strangers.start()
    kept.start()
    try:
        yield said, kept
    finally:
        is_over.set()
        said |= queue.get(timeout=60)
        strangers.join()
        kept.is_over.set()
        kept.join()

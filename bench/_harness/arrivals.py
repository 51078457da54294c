"""An open-loop load client: people arrive at their time, however slow the answers are.

Each has a connection of their own and makes all requests of a phone. Somebody who arrives while the
server is busy waits, and that wait counts.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from _harness.load import post, sent

STEPS = ("look", "send", "page after")


@dataclass
class Journeys:
    """Milliseconds of each step, and every status; ``late`` counts those over ``limit_ms``."""

    limit_ms: float
    took: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    bytes_of: dict[str, int] = field(default_factory=dict)

    def note(self, step: str, status: int, since: float, size: int) -> None:
        """Add one answer."""
        self.took.setdefault(step, []).append((time.perf_counter() - since) * 1000)
        self.statuses[step, status] += 1
        self.bytes_of[step] = max(size, self.bytes_of.get(step, 0))

    def p99(self, step: str) -> float:
        """Return the time within which 99 of 100 answers of a step come."""
        times = sorted(self.took[step])
        return round(times[int(len(times) * 0.99)], 1)

    def late(self) -> int:
        """Return how many answers took longer than the limit."""
        return sum(each > self.limit_ms for times in self.took.values() for each in times)


async def arrive(
    port: int, path: str, phones: Sequence[tuple[str, str]], seconds: float, found: Journeys
) -> None:
    """Let the phones make all their requests, one after the other, spread over ``seconds``."""
    began = time.perf_counter()
    apart = seconds / len(phones)
    async with asyncio.TaskGroup() as group:
        for n, (cookie, form) in enumerate(phones):
            due = began + n * apart
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(_phone(port, path, cookie, form, due, found))


async def rush(
    port: int, path: str, phones: Sequence[tuple[str, str]], at_once: int, found: Journeys
) -> None:
    """Let the phones make all their requests as fast as the server answers ``at_once`` of them."""
    waiting = iter(phones)

    async def one_after_another() -> None:
        for cookie, form in waiting:
            await _phone(port, path, cookie, form, time.perf_counter(), found)

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(one_after_another())


async def watch(port: int, path: str, cookie: str, every: float, found: Journeys) -> None:
    """Request a page every so many seconds, until cancelled; its step is the path."""
    while True:
        await asyncio.sleep(every)
        since = time.perf_counter()
        lines = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        status, _location, size = await _ask(*lines, sent("GET", path, {"Cookie": cookie}))
        found.note(path, status, since, size)
        lines[1].close()


async def _phone(port: int, path: str, cookie: str, form: str, due: float, found: Journeys) -> None:
    lines = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    status, _none, size = await _ask(*lines, sent("GET", path, {"Cookie": cookie}))
    found.note("look", status, due, size)
    since = time.perf_counter()
    status, location, size = await _ask(*lines, post(path, cookie, form))
    found.note("send", status, since, size)
    since = time.perf_counter()
    status, _none, size = await _ask(*lines, sent("GET", location or path, {"Cookie": cookie}))
    found.note("page after", status, since, size)
    lines[1].close()


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> tuple[int, str, int]:
    """Return the answer's status, its redirect, and its bytes."""
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    lines = (line.partition(": ") for line in head.split("\r\n")[1:])
    fields = {name.lower(): value for name, _colon, value in lines}
    size = int(fields.get("content-length", 0))
    await reader.readexactly(size)
    return int(head[9:12]), fields.get("location", ""), len(head) + size

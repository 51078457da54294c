"""Limits on open connections: overdue clients, slow ones of one address, and the total."""

import asyncio
import time
from collections import Counter

from volunteer_service.buffering_proxy.clients import ClientConnection, State
from volunteer_service.buffering_proxy.questions import QuestionLine
from volunteer_service.buffering_proxy.refusals import Reason, Refusals
from volunteer_service.buffering_proxy.upstream import UpstreamPool

#: Requests of one address that may be unfinished for longer than :data:`YOUNG` seconds. A crowd of
#: normal clients behind one address is quick: its requests end before they count.
MOST_SLOW = 64
YOUNG = 3.0
#: Bodies that may be kept in files at the same time, in all and of one address: 1 GB of disk.
MOST_FILES, MOST_FILES_EACH = 16, 4
#: Clients about whose large bodies the server is asked at the same time, in all and of one address.
MOST_HELD, MOST_HELD_EACH = 64, 16
_SWEEP_SECONDS = 0.5
_UNFINISHED = (State.GREETING, State.HEAD, State.BODY)


class ConnectionLimits:
    """The clients of this process."""

    def __init__(self, pool: UpstreamPool, most: int) -> None:
        self.pool = pool
        self.questions = QuestionLine(pool)
        self.refusals = Refusals()
        self._most = most
        self._clients: set[ClientConnection] = set()

    def enter(self, client: ClientConnection) -> None:
        """Add a client; above the limit another one is closed."""
        self._clients.add(client)
        if len(self._clients) > self._most:
            self._make_room(client)

    def leave(self, client: ClientConnection) -> None:
        """Remove a client that has disconnected."""
        self._clients.discard(client)

    def has_room(self, client: ClientConnection) -> bool:
        """Tell whether the client's body may be kept in a file as well."""
        files = [each.address for each in self._clients if each.has_file]
        mine = files.count(client.address)
        return len(files) <= MOST_FILES and mine <= MOST_FILES_EACH

    def has_room_for_question(self, client: ClientConnection) -> bool:
        """Tell whether the server may be asked about the client's body, too."""
        held = [each.address for each in self._clients if each.state is State.HELD]
        return len(held) < MOST_HELD and held.count(client.address) < MOST_HELD_EACH

    def close(self) -> None:
        """End every connection."""
        for client in list(self._clients):
            client.end()
        self.pool.close()

    async def watch(self) -> None:
        """Sweep the clients until the process ends."""
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            self.sweep(time.monotonic())

    def sweep(self, now: float) -> None:
        """End overdue clients, then the oldest of each address above :data:`MOST_SLOW`."""
        self.pool.sweep(now)
        self.refusals.sweep(now)
        slow: dict[str, list[ClientConnection]] = {}
        for client in list(self._clients):
            if client.is_overdue(now):
                client.end_overdue()
            elif client.state in _UNFINISHED and now - client.since > YOUNG:
                slow.setdefault(client.address, []).append(client)
        for crowd in slow.values():
            crowd.sort(key=lambda client: client.since)
            for client in crowd[: max(0, len(crowd) - MOST_SLOW)]:
                client.refuse(Reason.CROWD)

    def _make_room(self, new: ClientConnection) -> None:
        """End the client that has been idle longest, or else the oldest of the address that has
        most.
        """
        others = self._clients - {new}
        idle = [client for client in others if client.state is State.IDLE]
        if not idle:
            most, _count = Counter(client.address for client in others).most_common(1)[0]
            idle = [c for c in others if c.address == most and c.state is not State.ASKED]
        if idle:
            oldest = min(idle, key=lambda client: client.since)
            self._clients.discard(oldest)
            oldest.refuse(Reason.MADE_ROOM)

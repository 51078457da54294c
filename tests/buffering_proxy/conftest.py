"""The proxy with its seconds shortened."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.buffering_proxy.before_server import Proxy
from volunteer_service.buffering_proxy import clients, connection_limits


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    monkeypatch.setattr(clients, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(clients, "IDLE_SECONDS", 0.3)
    monkeypatch.setattr(clients, "START_SECONDS", 0.3)
    monkeypatch.setattr(connection_limits, "_SWEEP_SECONDS", 0.05)
    with closing(Proxy(most=50)) as found:
        yield found

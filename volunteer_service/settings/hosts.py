"""The names of this service: those of ``BASE_URL``, and in a demo this machine's own.

A ``Host`` is written by the caller. No address is ever made from it, and a foreign one is refused,
so that no browser takes this service for another.
"""

import re
import socket
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

_NETLOC = re.compile(
    r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?)(?::(\d{1,5}))?"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Hosts:
    """The names of one service; ``is_open`` also accepts this machine's own, whatever their
    port.
    """

    base_url: str
    listens_on: str
    is_open: bool

    @cached_property
    def netloc(self) -> str:
        """Return host and port of ``BASE_URL``, as a browser would send them."""
        return urlsplit(self.base_url).netloc.lower().encode("idna").decode()

    def knows(self, netloc: str) -> bool:
        """Tell whether ``netloc`` (a ``Host``) is this service."""
        if netloc == self.netloc:
            return True
        asked, own = _parts(netloc), _parts(self.netloc)
        if asked is None or own is None:
            return False
        default = _DEFAULT_PORTS[urlsplit(self.base_url).scheme]
        # nginx's $host has no port, whatever the address.
        if asked[0] == own[0] and (self.is_open or asked[1] in (None, own[1] or default)):
            return True
        return self.is_open and self._is_this_machine(asked[0])

    def _is_this_machine(self, host: str) -> bool:
        if is_loopback(host):
            return True
        # A machine's own addresses can change while it runs (another Wi-Fi).
        return is_wildcard(self.listens_on) and (_is_own_address(host) or host in _own_names())


def can_be_asked(base_url: str) -> bool:
    """Tell whether a browser can send this address's host and port."""
    try:
        return _parts(Hosts(base_url, "", is_open=False).netloc) is not None
    except (UnicodeError, ValueError):
        return False


def is_loopback(host: str) -> bool:
    """Tell whether it is ``localhost`` or an address that never leaves a machine."""
    address = _address(host)
    return host.lower() == "localhost" if address is None else address.is_loopback


def is_wildcard(host: str) -> bool:
    """Tell whether it is an address that means «every address of this machine»."""
    address = _address(host)
    return address is not None and address.is_unspecified


def _parts(netloc: str) -> tuple[str, int | None] | None:
    found = _NETLOC.fullmatch(netloc.lower())
    if found is None:
        return None
    host, port = found.group(1), int(found.group(2)) if found.group(2) else None
    if port is not None and not 0 < port < 2**16:
        return None
    address = _address(host)
    return (host if address is None else str(address), port)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def _is_own_address(host: str) -> bool:
    address = _address(host)
    if address is None or address.is_unspecified or address.is_multicast:
        return False
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            # Only an address of this machine can be bound; nothing is sent.
            probe.bind((str(address), 0))
        except OSError:
            return False
    return True


def _own_names() -> set[str]:
    name = socket.gethostname().lower()
    short = name.partition(".")[0]
    return {name, short, f"{short}.local"}

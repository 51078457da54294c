"""A real SMTP server on loopback that takes, refuses or delays letters as a test says."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from volunteer_service.settings.doors import MailServer

TAKEN = "250 OK"


class Postbox:
    """Letters that came, and what is answered to the next ones (last answer repeats)."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        #: Answers to RCPT and to DATA; anything but 250 takes no letter.
        self.to_recipient = TAKEN
        self.to_letter = TAKEN
        self.connections = 0

    async def handle_EHLO(  # noqa: N802  aiosmtpd's name
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.to_recipient == TAKEN:
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.to_letter == TAKEN:
            letter = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
            self.recipients += envelope.rcpt_tos
        return self.to_letter


class _Server(Controller):
    """Knows the port that the system gave before it looks whether it answers."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def running() -> Iterator[tuple[Postbox, MailServer]]:
    """A server on a port that the system gives, and the setting that names it."""
    box = Postbox()
    controller = _Server(box, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield (
            box,
            MailServer(
                "127.0.0.1", controller.port, False, None, None, "zhiyuan@street.example.cn"
            ),
        )
    finally:
        controller.stop()

"""E-mail by SMTP: one connection for each letter, bounded in time however slowly the server
answers.
"""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from threading import Timer

from volunteer_service.outbox.letters import DoorAway, Letter, NeverTaken, TakenLater
from volunteer_service.settings import hosts
from volunteer_service.settings.doors import MailServer

#: Seconds for one answer of the server, and for the whole letter: a server that sends one byte
#: a second never lets the first one pass.
ANSWER_SECONDS = 10
LETTER_SECONDS = 30


class MailDoor:
    """Hands letters to one mail server."""

    def __init__(
        self,
        server: MailServer,
        *,
        answer_seconds: float = ANSWER_SECONDS,
        letter_seconds: float = LETTER_SECONDS,
    ) -> None:
        self._server = server
        self._answer_seconds = answer_seconds
        self._letter_seconds = letter_seconds

    def send(self, letter: Letter) -> None:
        """Hand over one letter, or raise ``NotTaken``."""
        mail = mail_of(letter, self._server.sender)
        try:
            with self._connected() as smtp:
                smtp.send_message(mail, from_addr=self._server.sender, to_addrs=[letter.to])
        except smtplib.SMTPRecipientsRefused as refused:
            _answered(*next(iter(refused.recipients.values())))
        except (smtplib.SMTPSenderRefused, smtplib.SMTPAuthenticationError) as error:
            # Our own address or password is refused, so no letter is accepted.
            raise DoorAway(f"smtp_{error.smtp_code}") from None
        except smtplib.SMTPResponseException as error:
            _answered(error.smtp_code, error.smtp_error)
        except (UnicodeError, smtplib.SMTPNotSupportedError):
            raise NeverTaken("address") from None
        except (OSError, smtplib.SMTPException) as error:
            raise DoorAway(type(error).__name__) from None

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = self._server
        smtp = (
            smtplib.SMTP_SSL(timeout=self._answer_seconds, context=ssl.create_default_context())
            if server.is_tls
            else smtplib.SMTP(timeout=self._answer_seconds)
        )
        # SMTP_SSL checks the certificate against this name.
        smtp._host = server.host  # type: ignore[attr-defined]
        limit = Timer(self._letter_seconds, _cut, args=(smtp,))
        limit.daemon = True
        limit.start()
        try:
            smtp.connect(server.host, server.port)
            self._greet(smtp)
            yield smtp
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
        finally:
            limit.cancel()
            smtp.close()

    def _greet(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo()
        if not self._server.is_tls and not hosts.is_loopback(self._server.host):
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if self._server.user and self._server.password:
            smtp.login(self._server.user, self._server.password)


def mail_of(letter: Letter, sender: str) -> EmailMessage:
    """Return the letter as an e-mail: plain text, with the leave link that mail programs show."""
    mail = EmailMessage()
    try:
        mail["From"] = Address(addr_spec=sender)
        mail["To"] = Address(addr_spec=letter.to)
    except (ValueError, IndexError, AttributeError):
        raise NeverTaken("address") from None
    mail["Subject"] = letter.headline
    mail["Date"] = formatdate()
    # The same for each try, so that a mail program that gets it twice shows it once.
    mail["Message-ID"] = f"<{letter.key}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    if letter.leave_url:
        mail["List-Unsubscribe"] = f"<{letter.leave_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.text)
    return mail


def _answered(code: int, _words: bytes | str) -> None:
    if 500 <= code < 600:
        raise NeverTaken(f"smtp_{code}") from None
    raise TakenLater(f"smtp_{code}") from None


def _cut(smtp: smtplib.SMTP) -> None:
    """Close a connection from another thread, so that its reader gets an error at once."""
    found: socket.socket | None = smtp.sock
    if found is not None:
        with suppress(OSError):
            found.shutdown(socket.SHUT_RDWR)

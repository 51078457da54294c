"""How messages reach people beside their page: choices, links in e-mails, stuck deliveries."""

from volunteer_service.web.messages import mail_links, outbox, preview, settings
from volunteer_service.web.messages.blueprint import bp

__all__ = ["bp", "mail_links", "outbox", "preview", "settings"]

"""How each kind of message reads in both languages, on real data."""

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from volunteer_service.outbox.letters import Letter
from volunteer_service.people.messages import message_samples
from volunteer_service.people.messages.delivery_addresses import Recipient
from volunteer_service.people.messages.message_kinds import KINDS
from volunteer_service.people.messages.message_topics import TOPICS, headline_of, topic_of
from volunteer_service.people.models import Message
from volunteer_service.web.messages.blueprint import bp
from volunteer_service.web.shared import letters
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.wording import gettext

#: The addressee of the preview: nobody.
NOBODY = "name@example.cn"
LANGUAGES = {"zh": _l("中文"), "en": _l("英文")}


@bp.get("/messages/kinds")
@staff("coordinator", "admin")
def kinds() -> str:
    """Choose a kind; its headline, e-mail and SMS in both languages."""
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else next(iter(KINDS))
    sample = message_samples.sample_of(kind, by=actor())
    return render_template(
        "messages/kinds.html",
        kind=kind,
        kinds=[(name, f"{_topic(name)} · {_headline(name)}（{name}）") for name in KINDS],
        languages=LANGUAGES,
        letters={name: _worded(sample, name) for name in LANGUAGES} if sample else {},
    )


def _worded(sample: Message, language: str) -> dict[str, Letter]:
    to = Recipient(NOBODY, language, None)
    return {
        door: letters.letter_of(sample, to, door=door, key="preview") for door in ("email", "sms")
    }


def _topic(kind: str) -> str:
    return TOPICS[topic_of(kind)].label.worded(gettext)


def _headline(kind: str) -> str:
    return headline_of(kind).worded(gettext)

"""Volunteers, their consents and guardians; accounts, grants, tokens; who looked at what."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from volunteer_service.db import Base, Identity, Sealed
from volunteer_service.people.search.name_spelling import LONGEST_ORDER, LONGEST_SPELLING, order_of
from volunteer_service.people.search.ordered_names import compared_by_bytes

ROLES = ("leader", "coordinator", "desk", "auditor", "admin")
PURPOSES = ("register", "publish", "location")


def _order_of_name(context: DefaultExecutionContext) -> str:
    row = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return order_of(row["name"])


class Volunteer(Base):
    """A registered person; identity and phone are sealed and found by keyed hash."""

    __tablename__ = "volunteers"
    __table_args__ = (
        CheckConstraint("sex IN ('f', 'm') OR sex IS NULL", name="sex"),
        CheckConstraint("state IN ('active', 'left', 'disowned')", name="state"),
        Index("ix_volunteers_phone_key_name", "phone_key", "name"),
        Index("ix_volunteers_area_id_id", "area_id", "id"),
        Index("ix_volunteers_name_order_id", "name_order", "id"),
        # Numbers derive from ids and are printed on cards, so an undone import must not free them.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    #: Volunteer number with a check character, printed on the card (rules.numbers).
    number: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(60), index=True)
    #: By pinyin, compared byte by byte (``name_spelling.order_of``); follows the name by itself.
    name_order: Mapped[str] = mapped_column(
        compared_by_bytes(LONGEST_ORDER), default=_order_of_name
    )
    sex: Mapped[str | None] = mapped_column(String(1))
    born_on: Mapped[date | None]
    identity: Mapped[str | None] = mapped_column(Sealed("volunteer.identity"), deferred=True)
    identity_key: Mapped[str | None] = mapped_column(String(43), unique=True)
    phone: Mapped[str | None] = mapped_column(Sealed("volunteer.phone"), deferred=True)
    phone_key: Mapped[str | None] = mapped_column(String(43))
    #: When staff saw that the phone is this person's; None while only the person says so.
    phone_confirmed_at: Mapped[datetime | None]
    #: The account that confirmed it (no foreign key, because accounts refer to volunteers).
    phone_confirmed_by: Mapped[int | None] = mapped_column(Identity)
    #: Home: the smallest known area.
    area_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    #: Political status, workplace of an employed party member, skills, remark, as in the roster.
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    registered_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(8), default="active")
    #: The kept entry of the same person (``merged_entries``); this one has ``left``. There is no
    #: foreign key, because SQLite would rewrite the table; ``mergings`` refers to both entries.
    merged_into_id: Mapped[int | None] = mapped_column(Identity, index=True)
    #: ``deceased`` or ``moved`` (``departures``), and the day; the state is ``left`` then.
    departed_as: Mapped[str | None] = mapped_column(String(8))
    departed_on: Mapped[date | None]
    no_show_blocked_at: Mapped[datetime | None]
    #: When a block was last lifted; earlier no-shows no longer count towards the next one.
    no_shows_from: Mapped[datetime | None]
    import_id: Mapped[int | None] = mapped_column(Identity, index=True)
    created_at: Mapped[datetime]

    @validates("name")
    def _keep_order(self, _field: str, name: str) -> str:
        self.name_order = order_of(name)
        return name


class SearchKey(Base):
    """A key by which the search field finds a person (``search_keys``); rewritten when the person
    changes.
    """

    __tablename__ = "person_search_keys"

    #: ``name``: a spelling; ``number``: the number reversed; ``phone``: keyed hashes of it and its
    #: tails.
    kind: Mapped[str] = mapped_column(String(6), primary_key=True)
    key: Mapped[str] = mapped_column(compared_by_bytes(LONGEST_SPELLING), primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(
        ForeignKey("volunteers.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Consent(Base):
    """What a person (or the guardian) agreed to; withdrawing keeps the row."""

    __tablename__ = "consents"
    __table_args__ = (CheckConstraint(f"purpose IN {PURPOSES}", name="purpose"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(12))
    #: How it was given: page, paper, import, link (a guardian's own phone).
    how: Mapped[str] = mapped_column(String(8))
    by_guardian: Mapped[bool] = mapped_column(default=False)
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Guardian(Base):
    """A minor's guardian."""

    __tablename__ = "guardians"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str | None] = mapped_column(Sealed("guardian.phone"))
    consented_at: Mapped[datetime | None]


class HouseholdTie(Base):
    """Two people of one household, as declared; ending it keeps the row.

    A tie is firm if staff declared it (no declarer) or the other side confirmed it, else one-sided.
    A declaration of staff about other staff is pending, and counts for nobody, until it is
    confirmed.
    """

    __tablename__ = "household_ties"
    __table_args__ = (
        CheckConstraint("one_id < other_id", name="in_order"),
        UniqueConstraint("one_id", "other_id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    one_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    declared_at: Mapped[datetime]
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: Which of the two declared it; None if staff did.
    declarer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"), index=True)
    confirmed_at: Mapped[datetime | None]
    is_pending: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]
    #: A third person found that it was never true: it no longer counts, and no side may declare it
    #: again.
    never_at: Mapped[datetime | None]
    never_why: Mapped[str | None] = mapped_column(String(200))

    @property
    def is_firm(self) -> bool:
        """Tell whether both sides declared it, or staff did and it is not pending."""
        return self.confirmed_at is not None or (self.declarer_id is None and not self.is_pending)


class Account(Base):
    """Somebody who can sign in: a volunteer, a member of staff, or both."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    #: User name of staff, volunteer number of volunteers; lower case.
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(String(128))
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"), unique=True)
    #: Raised to end every session and token (new password, lost phone).
    epoch: Mapped[int] = mapped_column(default=0)
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    volunteer: Mapped[Volunteer | None] = relationship()
    grants: Mapped[list["Grant"]] = relationship(back_populates="account")


class Grant(Base):
    """A role on an area subtree or on one team."""

    __tablename__ = "grants"
    __table_args__ = (
        CheckConstraint(f"role IN {ROLES}", name="role"),
        CheckConstraint("(area_id IS NULL) <> (team_id IS NULL)", name="one_place"),
        UniqueConstraint("account_id", "role", "area_id", "team_id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    #: A deputy's role: the same rights as a leader's, with another name.
    is_deputy: Mapped[bool] = mapped_column(default=False)

    account: Mapped[Account] = relationship(back_populates="grants")


class OpenSession(Base):
    """A device on which somebody signed in; only the hash of the cookie's key is kept.

    It lives while it has not ended, its epoch is the account's and the account is not disabled.
    """

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    epoch: Mapped[int]
    #: System and program of the device, in codes: ``android/wechat``.
    device: Mapped[str] = mapped_column(String(24))
    made_at: Mapped[datetime]
    #: Exact to the day, because it is written at most once a day.
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Device(Base):
    """A browser on which somebody signed in as this account, by the hash of its cookie's key."""

    __tablename__ = "devices"
    __table_args__ = (UniqueConstraint("account_id", "browser_hash"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    browser_hash: Mapped[str] = mapped_column(String(64), index=True)
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    #: Until when this device skips the second factor; it ends with everything else.
    trusted_until: Mapped[datetime | None]


class SignInCode(Base):
    """A one-time code with which a person sets their password; only its keyed hash is kept.

    ``is_by_message`` is a link by e-mail; its key is derived from ``code_hash``
    (``password_resets``).
    """

    __tablename__ = "sign_in_codes"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(43))
    #: Who handed it out; None for the operator.
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    #: Used, or another one was issued.
    ended_at: Mapped[datetime | None]
    is_by_message: Mapped[bool] = mapped_column(default=False)


class SignInTry(Base):
    """Wrong passwords and codes: how many in a row, by device, place, typed text, account."""

    __tablename__ = "sign_in_tries"

    #: ``account:<id>``, or a keyed hash of what is counted.
    key: Mapped[str] = mapped_column(String(43), primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime]


class Token(Base):
    """A bearer token of the API: only its hash is kept."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: Scopes: ``read``, ``write``, ``desk``, ``admin``.
    scopes: Mapped[list[Any]]
    #: The account's epoch when it was made; a later one ends the token.
    epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Look(Base):
    """A look at personal data: who, whose, which field, why."""

    __tablename__ = "looks"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    field: Mapped[str] = mapped_column(String(20))
    why: Mapped[str] = mapped_column(String(120))


class Message(Base):
    """A message on a person's own page: a kind, its facts, and when it was read.

    Its reader is a volunteer, or a staff account without a volunteer.
    """

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("(volunteer_id IS NULL) <> (account_id IS NULL)", name="one_reader"),
        Index("ix_messages_volunteer_id_id", "volunteer_id", "id"),
        Index("ix_messages_account_id_id", "account_id", "id"),
        Index("uq_messages_once_key", "once_key", unique=True),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    #: One of ``message_kinds.KINDS``.
    kind: Mapped[str] = mapped_column(String(40))
    #: Codes and numbers as the kind declares them, without personal data of others.
    facts: Mapped[dict[str, Any]]
    read_at: Mapped[datetime | None]
    #: The key of a message that is sent only once: its subject, and the day if it is sent on
    #: several.
    once_key: Mapped[str | None] = mapped_column(String(60))

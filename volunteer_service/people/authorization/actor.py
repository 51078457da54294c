"""Who acts: the ``by=`` of every verb, built once at the edge."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Held:
    """A role on an area subtree (``area_path``) or on one team."""

    role: str
    area_path: str | None = None
    team_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """A person (or a job) at a door, with what was granted to them."""

    account_id: int | None
    volunteer_id: int | None
    name: str
    door: str
    grants: tuple[Held, ...] = field(default=())
    #: Hash of the session's key, where nothing has been asked yet about whether it lives.
    unproven: str | None = None
    #: Why an auditor reads, as they said it when they began; kept with every look.
    purpose: str = ""

    @classmethod
    def system(cls, door: str = "job") -> "Actor":
        """The service itself: a job, or the operator at the command line."""
        return cls(None, None, "volunteer-service", door, (Held("admin", "/"),))

    def has_role(self, *roles: str) -> bool:
        """True where the actor holds one of these roles anywhere."""
        return any(held.role in roles for held in self.grants)

"""The actor: the ``by=`` of every verb, built once by page, API, command or job."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Held:
    """A role on an area subtree (``area_path``) or on one team."""

    role: str
    area_path: str | None = None
    team_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """A person or a job that calls a verb, with its grants."""

    account_id: int | None
    volunteer_id: int | None
    name: str
    door: str
    grants: tuple[Held, ...] = field(default=())
    #: Hash of the session's key, where the session has not been checked yet.
    unproven: str | None = None
    #: An auditor's reason, given at the beginning of the session; recorded with every look.
    purpose: str = ""
    #: Roles that wait until the account has a second factor (``required_factors``).
    waiting_roles: tuple[str, ...] = ()

    @classmethod
    def system(cls, door: str = "job") -> "Actor":
        """Return the actor of the service itself: a job, or the operator at the command line."""
        return cls(None, None, "volunteer-service", door, (Held("admin", "/"),))

    def has_role(self, *roles: str) -> bool:
        """Tell whether the actor holds one of these roles anywhere."""
        return any(held.role in roles for held in self.grants)

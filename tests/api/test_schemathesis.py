"""An independent client made only from the OpenAPI document finds no fault of ours.

It sends what the document allows and what it forbids to the demo town, to every operation with a
token of every role and with none. No answer may be a 5xx, and none may be outside the document:
status, content type, headers and body are all checked.
"""

from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from sqlalchemy import select

from tests import databases
from tests.demo.finding import demo_town
from tests.signing import token_for
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Account

#: Ids of the demo town are small, so that half of all calls meet an existing thing.
SMALL = 9
EXAMPLES = 6
#: The senders of a case; the next case has the next ones, so that each operation meets all roles.
SENDERS = 2
MORE_SCOPES = {"desk": ("desk",), "admin": ("desk", "admin")}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    ignored_auth,
    unsupported_method,
]

# One worker builds the demo town.
pytestmark = pytest.mark.xdist_group("demo")

Headers = dict[str, str]


@pytest.fixture(scope="module")
def town(
    request: pytest.FixtureRequest, app_of_run: Flask, databases_of_run: databases.Databases
) -> Iterator[dict[str, Headers]]:
    """The demo town, and the headers of somebody of each role.

    On PostgreSQL only of the roles with most rights, because a guard refuses before the statements
    that differ between the databases.
    """
    with app_of_run.app_context():
        demo_town(app_of_run, databases_of_run)
        with transaction():
            headers: dict[str, Headers] = {"nobody": {}}
            for login in ("coordinator", "leader", "desk", "admin"):
                headers[login] = _token(Account.login == login)
            headers["volunteer"] = _token(Account.name == "王建国")
        if request.config.getoption("--database") == "postgres":
            headers = {who: headers[who] for who in ("coordinator", "admin", "volunteer")}
        db.session.remove()
    yield headers
    with app_of_run.app_context():
        db.engine.dispose()


def _token(*where: Any) -> Headers:
    account = db.session.scalars(select(Account).where(*where)).one()
    return token_for(account, "read", "write", *MORE_SCOPES.get(account.login, ()))


def test_no_answer_is_a_fault_of_ours_or_outside_the_document(
    app_of_run: Flask, town: dict[str, Headers]
) -> None:
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app_of_run)
    faults = []
    for found in document.get_all_operations():
        operation = found.ok()
        try:
            _probe(operation, town)
        except (FailureGroup, Exception) as fault:  # each is heard before the verdict
            told = (
                operation.label,
                fault,
                *getattr(fault, "__notes__", ()),
                *getattr(fault, "exceptions", ()),
            )
            faults.append("\n".join(str(each) for each in told))
    assert not faults, "\n\n".join(faults)


def _probe(operation: schemathesis.APIOperation, town: dict[str, Headers]) -> None:
    turns = cycle(town)
    # An operation without variation has one case, which all send.
    many = SENDERS if _varies(operation) else len(town)
    # A case that fails is sent again by the same.
    senders: dict[str, list[str]] = {}

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=_allowed_and_forbidden(operation), small=st.booleans())
    def probe(case: schemathesis.Case, small: bool) -> None:
        for name, value in (case.path_parameters or {}).items():
            if small and isinstance(value, int):
                case.path_parameters[name] = value % SMALL + 1
        said = repr((case.path_parameters, case.query, case.headers, case.body))
        if said not in senders:
            senders[said] = list(islice(turns, many))
        for who in senders[said]:
            note(f"sent as {who}")
            case.call_and_validate(headers=town[who], checks=CHECKS)

    probe()


def _allowed_and_forbidden(operation: schemathesis.APIOperation) -> st.SearchStrategy:
    allowed = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not _varies(operation):
        return allowed
    return allowed | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def _varies(operation: schemathesis.APIOperation) -> bool:
    return bool(operation.body or operation.query or operation.path_parameters)

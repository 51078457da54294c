"""Signing in as a person would: the real form with its CSRF token, the real token verb."""

import re

from flask.testing import FlaskClient

from tests import make
from volunteer_service import clock
from volunteer_service.people.authentication import api_tokens
from volunteer_service.people.models import Account

_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
_KEY = re.compile(r'name="idempotency_key" value="([^"]+)"')


def sign_in(client: FlaskClient, account: Account | str, password: str = make.PASSWORD) -> None:
    """Sign ``account`` (or its login) in at the page."""
    login = account if isinstance(account, str) else account.login
    form = {"login": login, "password": password} | hidden(client, "/sign-in")
    answer = client.post("/sign-in", data=form)
    assert answer.status_code == 303, answer.get_data(as_text=True)


def audit(client: FlaskClient, account: Account | str, why: str = "半年抽查") -> None:
    """Sign an auditor in who says why they read."""
    sign_in(client, account)
    form = {"why": why, "next": "/"} | hidden(client, "/audit/purpose")
    assert client.post("/audit/purpose", data=form).status_code == 303


def hidden(client: FlaskClient, path: str) -> dict[str, str]:
    """The CSRF token, and a form's key where there is one, of the page at ``path``."""
    page = client.get(path).get_data(as_text=True)
    found = {"csrf_token": _CSRF.search(page), "idempotency_key": _KEY.search(page)}
    return {name: match[1] for name, match in found.items() if match}


def token_for(account: Account, *scopes: str) -> dict[str, str]:
    """Headers of an API call by ``account``; call it inside a transaction, before the client."""
    by = make.acting(account, door="cli")
    token, plain = api_tokens.make_token(
        "test", scopes or ("read", "write"), 30, by=by, at=clock.now()
    )
    assert token.account_id == account.id
    return {"Authorization": f"Bearer {plain}"}

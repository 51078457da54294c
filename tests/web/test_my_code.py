"""The page of one's own code: a picture without script, a key for the script, none for others."""

import re

from tests import make
from tests.signing import sign_in
from volunteer_service.db import transaction


def test_a_volunteer_sees_the_code_and_its_key(app, client) -> None:
    with app.app_context(), transaction():
        make.cast()
    sign_in(client, "wang")
    page = client.get("/c/code").get_data(as_text=True)
    assert re.search(r'data-key="[0-9a-f]{64}"', page)
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "王建国" in page
    assert "<svg" in page
    assert "/c/code" in client.get("/me").get_data(as_text=True)


def test_it_belongs_to_whoever_is_signed_in(app, client) -> None:
    with app.app_context(), transaction():
        make.cast()
    assert client.get("/c/code").status_code == 302
    sign_in(client, "zhoujing")
    assert client.get("/c/code").status_code == 404


def test_the_shell_without_network_holds_nobody_s_code(client) -> None:
    page = client.get("/c/offline").get_data(as_text=True)
    assert "data-my-code hidden" in page
    assert "data-key" not in page

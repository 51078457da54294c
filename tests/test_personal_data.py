"""Phone and identity number are shown to staff who give a reason, and to the person.

That no other answer holds them is asked of every route in ``test_rights_matrix.py``.
"""

from flask import Flask
from flask.testing import FlaskClient

from tests.make_doors import PEOPLE, PHONE, Things
from tests.signing import hidden, sign_in


def test_a_number_is_told_once_to_who_says_why(
    app: Flask, town: Things, client: FlaskClient
) -> None:
    sign_in(client, PEOPLE["c"])
    page = f"/people/{town.volunteer_id}"
    form = {"field": "phone", "why": "核对"} | hidden(client, page)
    assert PHONE in client.post(f"{page}/reveal", data=form).get_data(as_text=True)
    assert PHONE not in client.get(page).get_data(as_text=True)


def test_the_export_holds_one_s_own_and_nobody_else_s(
    app: Flask, town: Things, client: FlaskClient
) -> None:
    sign_in(client, PEOPLE["z"])
    said = client.get("/me/export.json").get_data(as_text=True)
    assert PHONE not in said
    held = client.get("/me/export.json").get_json()
    assert [row["name"] for row in held["volunteers"]] == ["赵芳"]

"""The pages of an import, as a browser sends and reads them."""

from io import BytesIO
from pathlib import Path

from flask.testing import FlaskClient

from tests.signing import hidden


def upload(client: FlaskClient, paths: list[Path], sub_district: str = "市西街道"):
    files = [(BytesIO(path.read_bytes()), path.name) for path in paths]
    form = hidden(client, "/imports") | {"sub_district": sub_district, "files": files}
    return client.post("/imports", data=form, content_type="multipart/form-data")


def press(client: FlaskClient, page: str, button: str):
    return client.post(f"{page}/{button}", data=hidden(client, page))


def shown(client: FlaskClient, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)

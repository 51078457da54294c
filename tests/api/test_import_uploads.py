"""Workbooks sent piece by piece over the API."""

import base64
import hashlib
from pathlib import Path

from tests import make
from tests.signing import token_for
from tests.workbooks import town
from volunteer_service.db import transaction
from volunteer_service.workbooks import background_steps

PIECE = 3000


def test_from_pieces_to_the_preview(app, client, tmp_path: Path) -> None:
    path = town.files_of(tmp_path / "street")[0]
    whole = path.read_bytes()
    with app.app_context(), transaction():
        cast = make.cast()
        mine, stranger = token_for(cast.coordinator), token_for(cast.li_mei)

    def coded(text: str) -> str:
        return base64.b64encode(text.encode()).decode()

    digest = hashlib.sha256(whole).hexdigest()
    said = {
        "Upload-Length": str(len(whole)),
        "Upload-Metadata": f"filename {coded(path.name)},sha256 {coded(digest)}",
    }
    assert client.post("/api/v1/imports/uploads", headers=stranger | said).status_code == 403
    begun = client.post("/api/v1/imports/uploads", headers=mine | said)
    assert begun.status_code == 201
    place = begun.headers["Location"]
    key = place.rsplit("/", 1)[1]

    def piece(offset: int, data: bytes, sum_of: bytes | None = None):
        checksum = hashlib.sha256(data if sum_of is None else sum_of).digest()
        fields = {
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            "Upload-Checksum": f"sha256 {base64.b64encode(checksum).decode()}",
        }
        return client.patch(place, data=data, headers=mine | fields)

    harmed = piece(0, whole[:PIECE], b"on the way")
    assert (harmed.status_code, harmed.json["code"]) == (422, "upload_piece_harmed")
    assert client.head(place, headers=mine).headers["Upload-Offset"] == "0"
    assert client.head(place, headers=stranger).status_code == 404
    for start in range(0, len(whole), PIECE):
        early = hand_in(client, mine, key, start)
        assert (early.status_code, early.json["code"]) == (409, "upload_unfinished")
        assert piece(start, whole[start : start + PIECE]).status_code == 204
    assert piece(0, whole[:PIECE]).json["code"] == "upload_offset"

    answer = hand_in(client, mine, key, "last")
    assert answer.status_code == 202, answer.json
    background_steps.wait()
    here = f"/api/v1/imports/{answer.json['id']}"
    assert client.get(here, headers=mine).json["state"] == "previewed"
    assert client.head(place, headers=mine).status_code == 404

    again = client.post(f"{here}/read", headers=mine | {"Idempotency-Key": "read-1"})
    assert (again.status_code, again.json["state"]) == (202, "reading")
    background_steps.wait()
    assert client.get(here, headers=mine).json["state"] == "previewed"


def hand_in(client, who: dict[str, str], key: str, call: object):
    return client.post(
        "/api/v1/imports/from-uploads",
        json={"uploads": [key], "sub_district": "市西街道"},
        headers=who | {"Idempotency-Key": f"hand-in-{call}"},
    )

"""Imports over the API, as an independent client would."""

from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl

from tests import make
from tests.signing import token_for
from tests.workbooks import log, town
from tests.workbooks.approving import applied, asked
from volunteer_service.db import transaction
from volunteer_service.workbooks import background_steps


def test_from_files_to_undo(app, client, tmp_path: Path) -> None:
    paths = town.files_of(tmp_path / "street")
    with app.app_context(), transaction():
        cast = make.cast()
        mine, stranger = token_for(cast.coordinator), token_for(cast.li_mei)

    def hand_in(who: dict[str, str], query: str = "?sub_district=市西街道"):
        files = [(BytesIO(path.read_bytes()), path.name) for path in paths]
        return client.post(
            f"/api/v1/imports{query}",
            data={"files": files},
            content_type="multipart/form-data",
            headers=who,
        )

    assert hand_in(stranger).status_code == 403
    answer = hand_in(mine)
    assert answer.status_code == 202, answer.json
    assert len(answer.json["files"]) == 5
    background_steps.wait()
    here = f"/api/v1/imports/{answer.json['id']}"
    seen = client.get(here, headers=mine).json
    assert seen["state"] == "previewed"
    assert seen["counts"]["volunteers_accepted"] == 25
    assert client.get(here, headers=stranger).status_code == 404

    first = client.get(f"{here}/refused?limit=20", headers=mine).json
    rest = client.get(f"{here}/refused?limit=20&cursor={first['next']}", headers=mine).json
    assert len(first["items"]) + len(rest["items"]) == 28
    assert "cells" not in first["items"][0]
    book = openpyxl.load_workbook(BytesIO(client.get(f"{here}/refused.xlsx", headers=mine).data))
    # Below each header, with the row where it stood; a title only where the sheet had one.
    lines = [line for page in book for line in page.iter_rows(values_only=True)]
    numbers = sorted(line[-1] for line in lines if isinstance(line[-1], int))
    assert numbers == sorted(row["row_number"] for row in (*first["items"], *rest["items"]))
    heads = ["原行号" in line for line in lines]
    assert sum(heads) == len(book.sheetnames)
    assert len(lines) - len(numbers) - sum(heads) == 2
    gifts = client.get(f"{here}/refused?kind=gifts", headers=mine).json["items"]
    assert {row["reason"] for row in gifts} == {"duplicate_row", "bad_number"}

    assert client.post(f"{here}/apply", headers=mine).status_code == 400
    once = mine | {"Idempotency-Key": "apply-1"}
    assert client.post(f"{here}/apply", headers=once).status_code == 202
    background_steps.wait()
    again = client.post(f"{here}/apply", headers=once)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert client.get(here, headers=mine).json["state"] == "applied"
    late = client.post(f"{here}/apply", headers=mine | {"Idempotency-Key": "apply-2"})
    assert (late.status_code, late.json["code"]) == (409, "import_not_ready")

    undone = client.post(f"{here}/undo", headers=mine | {"Idempotency-Key": "undo-1"})
    assert (undone.status_code, undone.json["state"]) == (200, "undone")
    listed = client.get("/api/v1/imports", headers=mine).json["items"]
    assert [row["state"] for row in listed] == ["undone"]


def test_a_bad_upload_is_told_by_its_name(app, client) -> None:
    with app.app_context(), transaction():
        mine = token_for(make.cast().coordinator)

    def post(**data):
        return client.post(
            "/api/v1/imports", data=data, content_type="multipart/form-data", headers=mine
        )

    bad = post(files=[(BytesIO(b"\x00no list"), "名单.xlsx")])
    assert (bad.status_code, bad.json["code"]) == (422, "not_a_workbook")
    assert "名单.xlsx" in bad.json["detail"]
    assert post().status_code == 422
    assert post(files=[(BytesIO(b""), "")]).status_code == 422


def test_a_dropped_hand_in_is_gone(app, client, tmp_path: Path) -> None:
    with app.app_context(), transaction():
        mine = token_for(make.cast().coordinator)
    path = town.files_of(tmp_path / "street")[0]
    row = client.post(
        "/api/v1/imports?sub_district=市西街道",
        data={"files": [(BytesIO(path.read_bytes()), path.name)]},
        content_type="multipart/form-data",
        headers=mine,
    ).json
    background_steps.wait()

    assert client.delete(f"/api/v1/imports/{row['id']}", headers=mine).status_code == 204
    assert client.get(f"/api/v1/imports/{row['id']}", headers=mine).json["state"] == "undone"


def test_a_large_log_takes_two(app, client, tmp_path: Path) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        mine, other = token_for(cast.coordinator), token_for(cast.second)
        path = log.of_wang(tmp_path / "log.xlsx", cast, 101)
    here = client.post(
        "/api/v1/imports?sub_district=市西街道",
        data={"files": [(BytesIO(path.read_bytes()), path.name)]},
        content_type="multipart/form-data",
        headers=mine,
    ).json["id"]
    background_steps.wait()

    def send(verb: str, who: dict[str, str], key: str, **body: str):
        headers = who | {"Idempotency-Key": key}
        return client.post(f"/api/v1/imports/{here}/{verb}", headers=headers, json=body or None)

    seen = client.get(f"/api/v1/imports/{here}", headers=mine).json
    assert "101" in seen["why_two"]
    assert (seen["may"], seen["who_may"]) == (["ask", "discard"], ["钱伟"])
    alone = send("apply", mine, "1")
    assert (alone.status_code, alone.json["code"]) == (409, "import_needs_second")
    assert send("ask", other, "2").status_code == 403
    asked = send("ask", mine, "3").json
    assert (asked["state"], asked["may"]) == ("asked", ["withdraw"])
    own = send("approve", mine, "4")
    assert (own.status_code, own.json["code"]) == (403, "second_person_needed")
    assert send("withdraw", mine, "5").json["state"] == "previewed"
    assert send("ask", mine, "6").status_code == 200
    assert client.get(f"/api/v1/imports/{here}", headers=other).json["may"] == ["decide"]
    assert send("refuse", other, "7").status_code == 422
    refused = send("refuse", other, "8", answer="日子不对").json
    assert (refused["state"], refused["answer"]) == ("refused", "日子不对")
    assert (refused["importer"], refused["decider"]) == ("周静", "钱伟")
    late = send("approve", other, "9")
    assert (late.status_code, late.json["code"]) == (409, "import_not_ready")


def test_what_two_brought_in_two_undo(app, client, tmp_path: Path) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        mine, other = token_for(cast.coordinator), token_for(cast.second)
        path = log.of_wang(tmp_path / "log.xlsx", cast, 101)
        here = town.previewed([path], make.acting(cast.coordinator), area_id=cast.town.id).id
        asked(here, cast.coordinator)
        applied(here, cast.second)
    keys = count()

    def send(verb: str, who: dict[str, str], **body: str):
        headers = who | {"Idempotency-Key": f"undo-{next(keys)}"}
        return client.post(f"/api/v1/imports/{here}/{verb}", headers=headers, json=body or None)

    def told(who: dict[str, str]) -> dict[str, Any]:
        return client.get(f"/api/v1/imports/{here}/undo", headers=who).json

    assert "两个人" in told(mine)["why_two"]
    assert (told(mine)["may"], told(mine)["who_may"]) == (["ask"], ["钱伟"])
    alone = send("undo", mine)
    assert (alone.status_code, alone.json["code"]) == (409, "undo_needs_second")
    assert send("undo/ask", mine).status_code == 422
    assert send("undo/ask", mine, reason="交错了").json["undo_reason"] == "交错了"
    assert send("undo/ask", other, reason="交错了").json["code"] == "undo_not_asked"
    assert send("undo/withdraw", other).status_code == 403
    assert send("undo", mine).json["code"] == "second_person_needed"
    assert (told(mine)["may"], told(other)["may"]) == (["withdraw"], ["decide"])
    refused = send("undo/refuse", other, answer="没有错").json
    assert (refused["state"], refused["undo_answer"]) == ("applied", "没有错")
    assert send("undo/ask", mine, reason="真的交错了").status_code == 200
    assert send("undo/withdraw", mine).json["undo_reason"] is None
    assert send("undo/ask", mine, reason="真的交错了").status_code == 200
    done = send("undo", other).json
    assert (done["state"], done["undo_reason"]) == ("undone", "真的交错了")

"""A small street moves in through the API alone, with the OpenAPI document in hand."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from itertools import count
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.signing import token_for
from tests.workbooks.street_cells import id_number
from volunteer_service.db import transaction
from volunteer_service.workbooks import background_steps

API = "/api/v1"
AREAS = [("社区", "网格", "楼栋"), ("和风社区", "一网格", "1号楼"), ("和风社区", "一网格", "1栋")]
TEAMS = [("队名", "所属社区", "记录单位"), ("护学队", "和风社区", "居委会")]
PEOPLE = ("姓名", "身份证号", "手机号", "注册日期", "社区", "服务队")
CARDS = [id_number(date(1950 + n, 3, 5), "男" if n % 2 else "女", n + 10) for n in range(3)]
WHO = [
    (f"许{sign}", CARDS[n], f"1700000100{n}", "2026-01-05", "和风社区", "护学队")
    for n, sign in enumerate("一二三")
]
GIFTS = [("礼品名称", "所需积分", "库存数量", "最低星级"), ("毛巾", 5, 20, None)]
BALANCES = [
    ("姓名", "手机号", "原系统", "积分余额", "到期日期"),
    ("许一", "17000001000", "志愿通", 30, "2027-12-31"),
]
EXPORT = [
    ("项目", "开展日", "签到", "签退", "志愿者姓名", "联系", "时长(分)", "状态码", "服务队"),
    ("护学", "03/05/2026", "07:30", "08:30", "许一", "17000001000", 60, "1", "护学队"),
    ("护学", "03/06/2026", "07:30", "08:30", "许二", "17000001001", 60, "9", "护学队"),
]
FIELDS = ("event", "on", "start", "end", "name", "phone", "minutes", "status", "team")


class Clerk:
    """A client that hands in over the API and waits."""

    def __init__(self, client: FlaskClient, headers: dict[str, str], keys: Any) -> None:
        self._client, self._headers, self._keys = client, headers, keys

    def get(self, path: str) -> Any:
        return self._client.get(f"{API}{path}", headers=self._headers)

    def post(self, path: str, **body: Any) -> Any:
        key = {"Idempotency-Key": f"k{next(self._keys)}"}
        answer = self._client.post(f"{API}{path}", json=body or None, headers=self._headers | key)
        background_steps.wait()
        return answer

    def hand_in(self, **sheets: Sequence[Sequence[Any]]) -> str:
        book, out = openpyxl.Workbook(), BytesIO()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            page = book.create_sheet(title)
            for row in rows:
                page.append(row)
        book.save(out)
        return self.send(out.getvalue())

    def send(self, content: bytes) -> str:
        answer = self._client.post(
            f"{API}/imports",
            data={"files": [(BytesIO(content), "表.xlsx")]},
            content_type="multipart/form-data",
            headers=self._headers,
        )
        assert answer.status_code == 202, answer.text
        background_steps.wait()
        return f"/imports/{answer.json['id']}"

    def seen(self, path: str) -> Any:
        return self.get(path).json

    def applied(self, path: str) -> str:
        assert self.post(f"{path}/apply").status_code == 202
        return self.seen(path)["state"]


@pytest.fixture
def clerks(app: Flask, client: FlaskClient) -> tuple[Clerk, Clerk]:
    with app.app_context(), transaction():
        cast = make.cast()
        tokens = token_for(cast.coordinator), token_for(cast.second)
    keys = count()
    first, second = (Clerk(client, token, keys) for token in tokens)
    return first, second


def test_areas_people_gifts_balances_and_a_platform_s_export(clerks: tuple[Clerk, Clerk]) -> None:
    clerk, second = clerks
    places = clerk.hand_in(楼栋=AREAS, 队伍=TEAMS)
    (place,) = clerk.seen(places)["places"]
    assert (place["name"], place["others"], place["are"]) == ("1号楼", ["1栋"], None)
    clerk.post(f"{places}/places", are="one", keys=[place["key"]])
    assert clerk.applied(places) == "applied"

    roster = clerk.hand_in(花名册=[PEOPLE, *WHO[:2], (*WHO[2][:2], "1700", *WHO[2][3:])])
    assert clerk.applied(roster) == "applied"
    book = openpyxl.load_workbook(BytesIO(clerk.get(f"{roster}/refused.xlsx").data))
    (page,) = book.worksheets
    assert [cell.value for cell in page[1]][:6] == list(PEOPLE)
    page["C2"] = WHO[2][2]
    out = BytesIO()
    book.save(out)
    mended = clerk.send(out.getvalue())
    assert clerk.seen(mended)["counts"]["by_kind"]["volunteers"] == [1, 1, 0]
    assert clerk.applied(mended) == "applied"

    assert clerk.applied(clerk.hand_in(礼品=GIFTS)) == "applied"

    balances = clerk.hand_in(期初积分=BALANCES)
    assert (clerk.seen(balances)["may"], bool(clerk.seen(balances)["why_two"])) == (
        ["ask", "discard"],
        True,
    )
    assert clerk.post(f"{balances}/ask").status_code == 200
    assert clerk.post(f"{balances}/approve").json["code"] == "second_person_needed"
    second.post(f"{balances}/approve")
    assert clerk.seen(balances)["state"] == "applied"

    export = clerk.hand_in(导出=EXPORT)
    assert (clerk.seen(export)["sheets"][0]["state"], clerk.seen(export)["may"]) == (
        "unknown",
        ["discard"],
    )
    answer = clerk.post(
        f"{export}/sheets/0",
        kind="service_log",
        columns={name: place for place, name in enumerate(FIELDS)},
        codes={"status": {"1": "take", "9": "leave"}},
        dates=["MM/DD/YYYY"],
        save_as="旧平台",
    )
    assert answer.status_code == 202, answer.text
    assert clerk.seen(export)["counts"]["by_kind"]["service_log"] == [1, 1, 1]
    assert clerk.applied(export) == "applied"
    again = clerk.seen(clerk.hand_in(导出=[EXPORT[0], ("扫雪", "03/07/2026", *EXPORT[1][2:])]))
    assert again["counts"]["by_kind"]["service_log"] == [1, 1, 0]

    # Rows that later rows refer to block the undo, and the answer says so beforehand.
    foretold = clerk.seen(f"{roster}/undo")
    assert (foretold["may"], bool(foretold["blockers"])) == ([], True)
    assert clerk.post(f"{roster}/undo").json["code"] == "import_built_upon"
    free = clerk.seen(f"{balances}/undo")
    assert (free["may"], free["blockers"], free["points"]) == (["ask"], {}, 3000)
    clerk.post(f"{balances}/undo/ask", reason="交错了")
    second.post(f"{balances}/undo")
    assert clerk.seen(balances)["state"] == "undone"


def test_the_document_names_the_fields_that_an_answer_takes(client: FlaskClient) -> None:
    document = client.get(f"{API}/openapi.json").json
    columns = document["components"]["schemas"]["ImportSheetIn"]["properties"]["columns"]

    for name in FIELDS:
        assert name in columns["description"]

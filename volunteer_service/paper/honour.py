"""The honour certificate 荣誉证书: an award; it names its issuer, the rule and the period."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from volunteer_service.paper import ornament, wording
from volunteer_service.paper.sheet import A4, Shape, Sheet, Style

IVORY, RED, GOLD, BRONZE = "#FFFDF6", "#9C1B1F", "#C9A24B", "#7A5C1E"
PALE, BRIGHT, INK, SOFT = "#F3E6C6", "#E2BC5A", "#2A211B", "#5F564C"

MIDDLE = A4[1] / 2


@dataclass(frozen=True)
class Honour:
    """What the certificate states; `verify_url` is the public page that confirms it."""

    name: str
    stars: int
    begins_on: date
    ends_on: date
    minutes: int
    rule: str
    policy_version: int
    issuer: str
    number: str
    issued_on: date
    verify_url: str
    #: Facts and signature for a check without network, and the number of the key that signed them.
    code: str | None = None
    key: int | None = None


def honour_sheet(honour: Honour) -> Sheet:
    """Return a landscape A4 page: frame, name, stars, citation, QR to verify, space for the
    seal.
    """
    sheet = Sheet(A4[1], A4[0], ground=IVORY, shapes=list(_ground()))
    _heading(sheet)
    _holder(sheet, honour)
    _citation(sheet, honour)
    _proof(sheet, honour)
    _issuer(sheet, honour)
    return sheet


@lru_cache(maxsize=1)
def _ground() -> tuple[Shape, ...]:
    """Return rosette and border, which are the same on every paper."""
    sheet = Sheet(A4[1], A4[0])
    ornament.rosette(sheet, MIDDLE, 98, 62, PALE)
    ornament.border(sheet, 8, RED, GOLD)
    return tuple(sheet.shapes)


def _heading(sheet: Sheet) -> None:
    sheet.text(MIDDLE, 46.5, "荣誉证书", Style(17.5, "bold", RED, 8), align="centre")
    english = Style(3.6, "regular", BRONZE, 1.1)
    sheet.text(MIDDLE, 55.5, "CERTIFICATE OF HONOUR", english, align="centre")
    for side in (-1, 1):
        sheet.line([(MIDDLE + side * 43, 54.2), (MIDDLE + side * 70, 54.2)], GOLD, 0.3)


def _holder(sheet: Sheet, honour: Honour) -> None:
    to = Style(3.6, "regular", SOFT)
    sheet.text(MIDDLE, 66, "兹授予 · Awarded to", to, align="centre")
    name = Style(12.5, "bold", INK, 2.5 if len(honour.name) <= 4 else 0)
    sheet.text(MIDDLE, 81.5, honour.name, name, align="centre", room=170)
    sheet.line([(MIDDLE - 52, 86.5), (MIDDLE + 52, 86.5)], GOLD, 0.35)
    pitch = 14.0
    first = MIDDLE - (honour.stars - 1) * pitch / 2
    for i in range(honour.stars):
        ornament.star(sheet, first + i * pitch, 97.5, 5.6, BRIGHT, GOLD)
    chinese, english = wording.level(honour.stars)
    sheet.text(MIDDLE, 113.5, chinese, Style(7.6, "bold", RED, 1.2), align="centre")
    sheet.text(MIDDLE, 119.5, english, Style(3.4, "regular", BRONZE, 0.4), align="centre")


def _citation(sheet: Sheet, honour: Honour) -> None:
    begins, ends = honour.begins_on, honour.ends_on
    body = Style(4.8, "regular", INK)
    sheet.text(
        MIDDLE,
        131,
        f"在{wording.half_year(begins)}志愿服务星级评定中，累计服务{wording.hours(honour.minutes)}，"
        f"被评为{wording.level(honour.stars)[0]}。",
        body,
        align="centre",
        room=220,
    )
    sheet.text(MIDDLE, 139, "特发此证，以资鼓励。", body, align="centre")
    sheet.text(
        MIDDLE,
        145.5,
        f"in recognition of {wording.hours_english(honour.minutes)} of volunteer service in "
        f"{wording.half_year_english(begins)} ({wording.day_english(begins)} – "
        f"{wording.day_english(ends)})",
        Style(3, "regular", SOFT),
        align="centre",
        room=220,
    )


def _proof(sheet: Sheet, honour: Honour) -> None:
    sheet.box(25.4, 152.4, 32.2, 32.2, "#FFFFFF")
    sheet.qr(29, 156, 25, honour.verify_url)
    left, room = 60.0, 92.0
    if honour.code:
        sheet.box(58.4, 152.4, 34.2, 32.2, "#FFFFFF")
        sheet.qr(61.5, 154.5, 28, honour.code)
        left, room = 95.0, 82.0
    label, small = Style(3.3, "bold", INK), Style(2.6, "regular", SOFT)
    sheet.text(left, 159.5, f"证书编号-校验码 No. {honour.number}", label, room=room)
    rule = f"评定依据：{honour.rule}（第{honour.policy_version}版）"
    sheet.text(left, 165.3, rule, Style(2.9, "regular", INK), room=room)
    english = f"Rule of award: policy version {honour.policy_version}"
    sheet.text(left, 169.3, english, small, room=room)
    how = "扫描最左边的二维码，或打开下列网址查验真伪。"
    if honour.code:
        how = f"左码联网查验（网址如下）；右码离线验签，密钥第{honour.key}号。"
    sheet.text(left, 175.1, how, Style(2.9, "regular", INK), room=room)
    english = "Scan the left code or open this address to verify"
    if honour.code:
        english += f"; right code: offline, key {honour.key}"
    sheet.text(left, 179.1, f"{english}:", small, room=room)
    sheet.text(left, 183.1, honour.verify_url, small, room=room)


def _issuer(sheet: Sheet, honour: Honour) -> None:
    """Draw issuer and date; the seal is stamped by hand over them, so nothing else is drawn
    there.
    """
    middle = 222
    sheet.text(middle, 164, honour.issuer, Style(5.2, "bold", INK), align="centre", room=92)
    sheet.text(
        middle, 168.5, "授予单位（盖章） Issued by", Style(2.6, "regular", SOFT), align="centre"
    )
    day = wording.day(honour.issued_on)
    sheet.text(middle, 178, day, Style(4.6, "regular", INK), align="centre")
    english = wording.day_english(honour.issued_on)
    sheet.text(middle, 182.5, english, Style(2.6, "regular", SOFT), align="centre")

"""A value for every field of every form and call, as the addresses of the doors want them."""

from datetime import timedelta
from typing import Any

from tests.make import PASSWORD
from tests.make_doors import Things
from volunteer_service import clock


def body(things: Things) -> dict[str, Any]:
    """A value for every field of every form and call: each takes what it knows."""
    day = timedelta(days=1)
    starts_at = clock.now().replace(microsecond=0) + 3 * day
    return things.values() | {
        "act": "disable",
        "address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7abc-4bc4-97a0",
        "agreed": [],
        "amount_centi": 100,
        "answer": "已核对",
        "approve": True,
        "begins_on": "2026-01-01",
        "cancel_reason": "核对",
        "cancel_scope": "later",
        "capacity": 5,
        "card": things.card,
        "changes": {"late_minutes": 20},
        "code": things.token,
        "coefficient_centi": 100,
        "consent": True,
        "content": "护送学生过马路",
        "counts": [],
        "day": "2026-12-30",
        "days": 9,
        "decision": "dismissed",
        "departed_as": "moved",
        "departed_on": "2026-05-01",
        "departed_reason": "家属来说",
        "departure_reason": "标错了",
        "ends_at": (starts_at + day / 12).isoformat(),
        "ends_on": "2026-06-30",
        "event_name": "护学",
        "field": "phone",
        "housemate_name": "王芳",
        "half_year": "2026H2",
        "happened_on": "2026-08-02",
        "freq": "WEEKLY",
        "interval": 1,
        "is_given": True,
        "sign_up_ids": [things.sign_up_id],
        "is_aside": True,
        "step": "gifts",
        "kind": "in",
        "lead": "deputy",
        "leader_name": "李梅",
        "level": "read",
        "lines": [{"line": 1}],
        "login": "newcomer",
        "minutes": 60,
        "name": "新来的",
        "names": "",
        "take_area_id": True,
        "parent_id": things.area_id,
        "paper_reason": "看到签字的同意书",
        "passed_reason": "换了机主",
        "password": "a long enough one",
        "place": "东门",
        "points": "1.00",
        "post": "护学岗",
        "price_centi": 100,
        "purpose": "publish",
        "quantity": 1,
        "reason": "核对",
        "accept": True,
        "counted_at": starts_at.isoformat(),
        "record": things.record_id,
        "record_ids": [things.record_id],
        "recording_unit": "居委会",
        "reply": "路上堵车",
        "role": "leader",
        "rule": "FREQ=WEEKLY",
        "scope": "later",
        "scan_id": "scan-of-the-doors",
        "scopes": ["read"],
        "seen": "what was there",
        "score": 5,
        "starts_at": starts_at.isoformat(),
        "starts_on": "2027-02-20",
        "state_reason": "核对",
        "email": "nobody@example.cn",
        "language": "zh",
        "quiet_from": "22:00",
        "quiet_to": "07:00",
        "title": "护学",
        "to_team_id": things.team_id,
        "until": (starts_at + 60 * day).date().isoformat(),
        "up_to": 1,
        "upheld": False,
        "version": 1,
        "volunteer_ids": [things.volunteer_id],
        "wanted_id": things.sign_up_id,
        "why": "核对",
        "text": "周六在东门集合。",
        "audience": "signed_up",
        "words": "不对",
        "working": True,
    }


#: Where a name means something else.
_OTHERWISE: dict[str, dict[str, Any]] = {
    "/e/<int:event_id>/ticks": {"card": ""},
    "/gifts/<int:gift_id>/stock": {"kind": "receive"},
    "/api/v1/gifts/<int:gift_id>/stock-moves": {"kind": "receive"},
    # The present password is not the right one: the phone of the town stays.
    "/me/phone": {"phone": "13912345678", "present": "not this one"},
    "/api/v1/accounts/me/phone": {"phone": "13912345678", "present": "not this one"},
    "/my/messages/email": {"present": PASSWORD},
    "/api/v1/messages/email": {"present": PASSWORD},
    "/api/v1/areas": {"kind": "grid"},
    "/api/v1/volunteers/<int:volunteer_id>/departed": {"on": "2026-05-01"},
    "/api/v1/messages/settings": {"on": ["records:email"]},
    "/imports/<int:import_id>/sheets/<int:sheet_number>": {"kind": "none"},
    "/imports/<int:import_id>/rows": {"hidden": "out", "struck": "out"},
    "/imports/<int:import_id>/places": {"are": "one"},
    "/api/v1/imports/<int:import_id>/places": {"are": "one"},
    "/posts/<int:post_id>/serves": {"serves": False},
    "/api/v1/posts/<int:post_id>/serves": {"serves": False},
    "/api/v1/imports/<int:import_id>/rows": {"hidden": "out", "struck": "out"},
    "/api/v1/imports/<int:import_id>/sheets/<int:sheet_number>": {"kind": "none"},
    "/api/v1/imports/from-uploads": {"uploads": ["no-upload-of-anybody-x"]},
    "/e/<int:event_id>/series": {"days": "every"},
    "/api/v1/events/<int:event_id>/series": {"days": "every"},
    "/api/v1/events/<int:event_id>/series/preview": {"days": "every"},
    "/api/v1/lists/<list_name>/exports": {"kind": "csv"},
    "/lists/<list_name>/act": {"act": "adjust", "asked": "1", "points": "1"},
    "/school-terms": {"ends_on": "2027-06-30"},
    "/api/v1/school-terms": {"ends_on": "2027-06-30"},
    "/accounts/<int:account_id>/grants": {"area_id": ""},
    "/api/v1/grants": {"area_id": None},
}


def named_for(rule: str) -> set[str]:
    """The fields that this address has a value of its own for."""
    return set(_OTHERWISE.get(rule, {}))


def form_of(rule: str, body: dict[str, Any]) -> dict[str, str]:
    """The fields as a browser sends them; local times have no offset."""
    sent = {name: str(value) for name, value in (body | _OTHERWISE.get(rule, {})).items()}
    sent["number"] = sent.pop("card")
    for name in ("starts_at", "ends_at"):
        sent[name] = sent[name][:16]
    return sent


def json_of(rule: str, names: set[str], body: dict[str, Any]) -> dict[str, Any]:
    """The fields that the call knows."""
    whole = body | _OTHERWISE.get(rule, {})
    return {name: whole[name] for name in names & whole.keys() if whole[name] is not None}

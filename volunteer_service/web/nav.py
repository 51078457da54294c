"""The way around for each role: what that person came for stands first."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from volunteer_service.people.actor import Actor
from volunteer_service.web.guard import maybe_actor

Item = dict[str, str]


def context() -> dict[str, Any]:
    """What ``base.html`` needs to know about the reader."""
    by = maybe_actor()
    return {
        "product": _("志愿服务"),
        "nav": items(by),
        "account": _account(by),
        "sign_in_url": url_for("account.sign_in"),
        "home_url": url_for("home.index"),
    }


def items(by: Actor | None) -> list[Item]:
    """Navigation of this reader, most wanted first."""
    found = [_item("home", _("首页"), "home.index", "home")]
    if by is None:
        return [*found, _item("events", _("活动"), "events.index", "calendar")]
    if by.has_role("desk"):
        found.append(_item("desk", _("兑换点"), "desk.index", "scan"))
    if by.has_role("coordinator", "admin"):
        found += [
            _item("ratings", _("星级评定"), "ratings.index", "star"),
            _item("records", _("服务记录"), "records.waiting", "clock"),
            _item("teams", _("队伍"), "teams.index", "team"),
            _item("people", _("志愿者"), "people.index", "person"),
            _item("imports", _("导入"), "imports.index", "upload"),
        ]
    if by.has_role("leader") and not by.has_role("coordinator", "admin"):
        found.append(_item("teams", _("队伍"), "teams.index", "team"))
    found.append(_item("events", _("活动"), "events.index", "calendar"))
    if by.volunteer_id is not None:
        found += [
            _item("my_records", _("我的时长"), "records.mine", "clock"),
            _item("points", _("我的积分"), "points.mine", "star"),
            _item("certificates", _("证书"), "certificates.mine", "certificate"),
        ]
    found.append(_item("gifts", _("礼品"), "gifts.index", "gift"))
    return found


def _item(key: str, label: str, endpoint: str, icon: str) -> Item:
    return {"key": key, "label": label, "url": url_for(endpoint), "icon": icon}


def _account(by: Actor | None) -> dict[str, str] | None:
    if by is None:
        return None
    return {
        "name": by.name,
        "url": url_for("account.me"),
        "sign_out_url": url_for("account.sign_out"),
    }

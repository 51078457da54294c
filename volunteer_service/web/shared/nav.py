"""The navigation of each role: what that person came for comes first."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from volunteer_service.lists.declaration import StaffList
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.messages import messages
from volunteer_service.web.shared import area_switch
from volunteer_service.web.shared.guard import maybe_actor

Item = dict[str, str]


def context() -> dict[str, Any]:
    """Return what ``base.html`` needs to know about the reader."""
    by = maybe_actor()
    return {
        "product": _("志愿服务"),
        "nav": items(by),
        "find_url": url_for("lists.find") if _is_staff(by) else "",
        "account": _account(by),
        "new_messages": new_messages,
        "area_switch": area_switch.switch,
        "sign_in_url": url_for("account.sign_in"),
        "home_url": url_for("home.index"),
    }


def _is_staff(by: Actor | None) -> bool:
    return by is not None and by.has_role("admin", "leader", "coordinator", "desk", "auditor")


def new_messages() -> int:
    """Return how many messages the reader has not read; asked for only by a page that shows it,
    once.
    """
    if "new_messages" not in g:
        by = maybe_actor()
        g.new_messages = 0 if by is None else messages.unread(by)
    return int(g.new_messages)


def items(by: Actor | None) -> list[Item]:
    """Navigation of this reader, most wanted first: a phone's bar shows the first four."""
    home = _item("home", _("首页"), "home.index", "home")
    events = _item("events", _("活动"), "events.index", "calendar")
    if by is None:
        check = _item("check", _("查验证书"), "certificates.check", "certificate")
        return [home, events, check]
    parts = _at_desk(by) + _in_office(by) + _audited(by)
    leading = _leading(by, events)
    mine = _mine(by)
    found = [home, *(leading or parts), *(parts if leading else []), events, *mine]
    # An item that two roles share is there once, at its first place.
    return list({item["key"]: item for item in found}.values())


def _at_desk(by: Actor) -> list[Item]:
    if not by.has_role("desk"):
        return []
    return [
        _item("desk", _("兑换点"), "desk.index", "scan"),
        _item("stock", _("礼品和库存"), "gifts.catalogue", "gift"),
        _item("day", _("日结"), "desk.day", "chart"),
        _item("lists", _("名单"), "lists.index", "list"),
    ]


def _in_office(by: Actor) -> list[Item]:
    if not by.has_role("coordinator", "admin"):
        return []
    return [
        _item("records", _("服务记录"), "records.waiting", "clock"),
        _item("ratings", _("星级评定"), "ratings.index", "star"),
        _item("people", _("志愿者"), "people.index", "person"),
        _item("teams", _("队伍"), "teams.index", "team"),
        _item("figures", _("数据"), "figures.index", "chart"),
        _item("all_points", _("积分总账"), "points.outstanding", "heart"),
        _item("stock", _("礼品和库存"), "gifts.catalogue", "gift"),
        _item("imports", _("导入"), "imports.index", "upload"),
        _item("lists", _("名单"), "lists.index", "list"),
    ]


def _audited(by: Actor) -> list[Item]:
    if not by.has_role("auditor"):
        return []
    return [
        _item("ratings", _("星级评定"), "ratings.index", "star"),
        _item("all_points", _("积分总账"), "points.outstanding", "heart"),
        _item("records", _("服务记录"), "records.waiting", "clock"),
        _item("people", _("志愿者"), "people.index", "person"),
        _item("day_sheets", _("日结单"), "desk.sheets", "print"),
        _item("lists", _("名单"), "lists.index", "list"),
        _item("figures", _("数据"), "figures.index", "chart"),
        _item("teams", _("队伍"), "teams.index", "team"),
    ]


def _leading(by: Actor, events: Item) -> list[Item]:
    if not by.has_role("leader"):
        return []
    return [
        events,
        _item("records", _("服务记录"), "records.waiting", "clock"),
        _item("teams", _("队伍"), "teams.index", "team"),
        _item("lists", _("名单"), "lists.index", "list"),
        _item("figures", _("数据"), "figures.index", "chart"),
    ]


def _mine(by: Actor) -> list[Item]:
    told = _item("messages", _("消息"), "account.messages", "info")
    if by.volunteer_id is None:
        return [told]
    return [
        _item("my_star", _("我的星级"), "ratings.mine", "star"),
        _item("points", _("我的积分"), "points.mine", "heart"),
        _item("my_records", _("我的时长"), "records.mine", "clock"),
        _item("gifts", _("礼品"), "gifts.index", "gift"),
        _item("certificates", _("证书"), "certificates.mine", "certificate"),
        told,
    ]


def _item(key: str, label: str, endpoint: str, icon: str) -> Item:
    return {"key": key, "label": label, "url": url_for(endpoint), "icon": icon}


def list_item(declared: StaffList) -> Item:
    """Return the item of a list, named as a list, because its rows may have a page of the same
    name.
    """
    url = url_for("lists.show", list_name=declared.name)
    label = _("名单：%(title)s", title=declared.title)
    return {"key": f"list-{declared.name}", "label": label, "url": url, "icon": "list"}


def _account(by: Actor | None) -> dict[str, str] | None:
    if by is None:
        return None
    return {
        "id": str(by.account_id or ""),
        "name": by.name,
        "url": url_for("account.me"),
        "sign_out_url": url_for("account.sign_out"),
    }

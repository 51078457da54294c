"""The page on which each act of ``stories.next_acts`` is done."""

from typing import Any

from flask import url_for

#: By code: the endpoint, the argument that is the id of the thing, and the part of the page.
PAGES: dict[str, tuple[str, str, str]] = {
    "change_data": ("person_changes.of_person", "volunteer_id", ""),
    "adjust_points": ("points.of_person", "volunteer_id", ""),
    "merge": ("merging.choose", "volunteer_id", ""),
    "add_members": ("teams.add", "team_id", ""),
    "write": ("circulars.to_team", "team_id", ""),
    "print_cards": ("teams.cards", "team_id", ""),
    "edit_team": ("teams.edit", "team_id", ""),
    "merge_team": ("merging.choose_team", "team_id", ""),
    "edit_event": ("events.edit", "event_id", ""),
    "put_off": ("events.other_day", "event_id", ""),
    "write_to_event": ("circulars.to_event", "event_id", ""),
    "hand_over": ("events.other_team", "event_id", ""),
    "manage": ("events.manage", "event_id", ""),
    "copy": ("events.another_day", "event_id", ""),
    "decide_record": ("records.of", "record_id", ""),
    "dispute": ("records.of", "record_id", ""),
    "edit_gift": ("gifts.edit", "gift_id", ""),
    "book_stock": ("gifts.edit", "gift_id", ""),
    "freeze": ("ratings.show", "round_id", ""),
    "draft": ("ratings.show", "round_id", ""),
    "publish_notice": ("ratings.show", "round_id", ""),
    "answer_objections": ("ratings.show", "round_id", "objections"),
    "sign_off": ("ratings.show", "round_id", ""),
    "issue_certificates": ("ratings.show", "round_id", ""),
    "give_role": ("people.account", "account_id", ""),
}


def url(code: str, id_: int) -> str:
    """Return the address at which the act ``code`` is done about the thing ``id_``."""
    endpoint, argument, part = PAGES[code]
    values: dict[str, Any] = {argument: id_}
    return url_for(endpoint, **values) + (f"#{part}" if part else "")

"""The verbs of gifts, orders and the desk, under one name: ``rewards.order(...)``."""

from volunteer_service.scoring.rewards.codes import code_of
from volunteer_service.scoring.rewards.codes import read as read_code
from volunteer_service.scoring.rewards.counter import (
    find_by_code,
    find_people,
    hand_over,
    handed_over_today,
    need_customer,
    open_orders_of,
    return_same_day,
    seek,
    waiting,
)
from volunteer_service.scoring.rewards.days import (
    DayLine,
    areas_for_gifts,
    close_day,
    day_of,
    desks,
    lines_of,
    sheet,
    sheet_of,
)
from volunteer_service.scoring.rewards.doctor import doctor
from volunteer_service.scoring.rewards.gifts import (
    add_gift,
    count,
    edit_gift,
    move_stock,
    receive,
    write_off,
)
from volunteer_service.scoring.rewards.offers import (
    Offer,
    affordable,
    catalogue,
    gift_for,
    gifts,
    offer_of,
    orders,
    orders_left,
    orders_of,
    purse,
)
from volunteer_service.scoring.rewards.orders import cancel, lapse_due, of, order
from volunteer_service.scoring.rewards.pictures import PICTURES, picture_of

__all__ = [
    "PICTURES",
    "DayLine",
    "Offer",
    "add_gift",
    "affordable",
    "areas_for_gifts",
    "cancel",
    "catalogue",
    "close_day",
    "code_of",
    "count",
    "day_of",
    "desks",
    "doctor",
    "edit_gift",
    "find_by_code",
    "find_people",
    "gift_for",
    "gifts",
    "hand_over",
    "handed_over_today",
    "lapse_due",
    "lines_of",
    "move_stock",
    "need_customer",
    "of",
    "offer_of",
    "open_orders_of",
    "order",
    "orders",
    "orders_left",
    "orders_of",
    "picture_of",
    "purse",
    "read_code",
    "receive",
    "return_same_day",
    "seek",
    "sheet",
    "sheet_of",
    "waiting",
    "write_off",
]

"""Why somebody has these stars, in words: one sentence for each reason of ``rules.stars``."""

from collections.abc import Callable
from decimal import Decimal

from flask_babel import get_locale

from volunteer_service.scoring.rules.reasons import Reason
from volunteer_service.web.shared import words
from volunteer_service.wording import gettext as _


def sentence(reason: Reason) -> str:
    """Return the reason in the reader's language."""
    return WORDED[reason.code](reason)


def _stars_by_minutes(reason: Reason) -> str:
    return _(
        "确认 %(hours)s → %(stars)s",
        hours=_hours(reason.number("minutes")),
        stars=_stars(reason.number("stars")),
    )


def _next_star(reason: Reason) -> str:
    return _(
        "差 %(hours)s到%(stars)s",
        hours=_hours(reason.number("short_minutes")),
        stars=_stars(reason.number("star")),
    )


def _registered_too_late(reason: Reason) -> str:
    needed = reason.number("needed_days")
    if reason.number("days") < 0:
        return _("注册在这个半年结束之后；需在结束前 %(needed)s 天注册", needed=needed)
    return _(
        "时长照常累计；到这个半年结束，注册只有 %(days)s 天（需满 %(needed)s 天），"
        "从下一个半年起可以评星级",
        days=reason.number("days"),
        needed=needed,
    )


def _complaint_upheld(reason: Reason) -> str:
    return _(
        "有 %(count)s 件投诉属实，最多允许 %(allowed)s 件",
        count=reason.number("complaints"),
        allowed=reason.number("allowed"),
    )


def _quality_too_low(reason: Reason) -> str:
    return _(
        "%(count)s 次服务评价平均 %(mean)s 分，需达到 %(needed)s 分",
        count=reason.number("evaluations"),
        mean=_mean(reason.number("mean_centi")),
        needed=_mean(reason.number("needed_centi")),
    )


def _hours(minutes: int) -> str:
    return words.hours(minutes, _lang())


def _stars(stars: int) -> str:
    return words.stars(stars, _lang())


def _mean(centi: int) -> str:
    return f"{Decimal(centi).scaleb(-2):.2f}"


WORDED: dict[str, Callable[[Reason], str]] = {
    "stars_by_minutes": _stars_by_minutes,
    "registered_too_late": _registered_too_late,
    "complaint_upheld": _complaint_upheld,
    "quality_too_low": _quality_too_low,
    "next_star": _next_star,
}


def _lang() -> str:
    # A command has no request, but it has a locale.
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"

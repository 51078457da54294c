"""The likely cure of a refused row, in one sentence."""

from collections.abc import Collection
from difflib import get_close_matches
from functools import lru_cache

from volunteer_service.workbooks.judging.reasons import N_

DATE = N_("请写成 2026-06-30 这样的日期，并确认这一天存在。")
FILL = N_("补上这一格后重新导入。")
DELETE = N_("删除重复的行即可。")
TEAM = N_("请核对队名，或先把这支服务队加入服务队名单。")
COMMUNITY = N_("请核对社区名称，或先把这个社区加入网格楼栋表。")
#: Comparing with more names than this takes longer than the coordinator's own eyes.
_MOST_NAMES = 5000


def did_you_mean(words: str, names: Collection[str], otherwise: str) -> str:
    """«您是不是要写“庆丰社区护学志愿服务队”？» where one name is close enough, or ``otherwise``."""
    near = _nearest(words, tuple(names)) if len(names) <= _MOST_NAMES else None
    return f"您是不是要写“{near}”？" if near else otherwise


@lru_cache(maxsize=256)
def _nearest(words: str, names: tuple[str, ...]) -> str | None:
    return next(iter(get_close_matches(words, names, n=1, cutoff=0.75)), None)

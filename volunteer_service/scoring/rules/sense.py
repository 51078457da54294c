"""Numbers that a policy could hold and no programme means: refused when a version is proposed.

Versions that are kept are read without this, so that an old one stays readable.
"""

from volunteer_service.scoring.rules.policy import BadPolicy, Policy

#: Days of the longest half-year.
DAYS = 184
#: Minutes of a lifetime of service: 20,000 hours.
LIFETIME = 20_000 * 60


def need_sense(policy: Policy) -> None:
    """Raise ``BadPolicy`` naming the first number that nobody could reach, and the cure."""
    most = DAYS * policy.day_cap_minutes
    if policy.star_minutes[-1] > most:
        why = "五星最多 %(most)s 分钟：半年里每天都服务满也只有这么多。要填的是分钟，不是秒"
        raise BadPolicy("star_minutes", why, most=most)
    if policy.lifetime_minutes[-1] > LIFETIME:
        why = "累计五星最多 %(most)s 分钟（%(hours)s 小时）。要填的是分钟，不是秒"
        raise BadPolicy("lifetime_minutes", why, most=LIFETIME, hours=LIFETIME // 60)
    if policy.star_minutes[0] < policy.rounding_minutes:
        why = "一星至少 %(least)s 分钟：时长按这个数取整"
        raise BadPolicy("star_minutes", why, least=policy.rounding_minutes)

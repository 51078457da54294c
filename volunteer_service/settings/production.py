"""What protects a service on the network: its secrets, its database's password, its limits.

Each of these functions refuses a setting by its name (:class:`BadSetting`) and says the cure.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy.engine import URL

from volunteer_service.errors import BadSetting
from volunteer_service.settings import hosts, secret_strength

#: The parameters with which libpq finds a password, a certificate or both outside of the address.
_LIBPQ = frozenset({"PGPASSFILE", "PGSERVICE", "PGSSLCERT"})


def need_strong(keys: Mapping[str, str]) -> None:
    """Refuse keys that can be guessed."""
    for name, value in keys.items():
        weak = secret_strength.weakness(value)
        if weak is not None:
            raise BadSetting(
                name,
                why="这个密钥不能用：%(weak)s。请设至少 %(least)s 个随机字符，"
                "例如用 openssl rand -base64 48 生成。",
                weak=weak,
                least=secret_strength.SHORTEST_KEY,
            )


def need_different(secrets: Mapping[str, str | None]) -> None:
    """Refuse a secret that equals or contains another, because learning one must not reveal two."""
    alike = secret_strength.too_alike(secrets.items())
    if alike is not None:
        raise BadSetting(
            alike[0],
            why="和 %(other)s 相同，或一个包含另一个。"
            "请各设一个：用 openssl rand -base64 48 生成。",
            other=alike[1],
        )


def need_kept(secrets: Mapping[str, str | None], leaving: Mapping[str, Iterable[str]]) -> None:
    """Refuse a secret of the service as a password of a mail server or a gateway, which learn
    it.
    """
    for door, texts in leaving.items():
        for name, secret in secrets.items():
            if secret and any(secret.casefold() in text.casefold() for text in texts):
                raise BadSetting(
                    door,
                    why="里面有 %(name)s，会随消息发给别人。请换成对方给的授权码，"
                    "并给 %(name)s 换一个新的。",
                    name=name,
                )


def need_guarded_database(url: URL, env: Mapping[str, str]) -> None:
    """Refuse a password that can be guessed, and a server elsewhere without a password."""
    if url.get_backend_name() == "sqlite":
        return
    query = url.normalized_query
    password = str(url.password or "") or "".join(query.get("password", ()))
    asked = (url.host, *query.get("host", ()), env.get("PGHOST") if not url.host else None)
    is_here = all(host.startswith("/") or hosts.is_loopback(host) for host in asked if host)
    others = {"passfile", "sslcert", "service"} & set(query) or env.keys() & _LIBPQ
    if not password and (is_here or others):
        return
    weak = secret_strength.weakness(password, least=secret_strength.SHORTEST_PASSWORD)
    if weak is not None:
        raise BadSetting(
            "DATABASE_URL",
            why="数据库密码不能用：%(weak)s。请给数据库用户设至少 %(least)s 个随机字符的密码，"
            "例如用 openssl rand -hex 24 生成。",
            weak=weak,
            least=secret_strength.SHORTEST_PASSWORD,
        )


def need_limits(*, on: bool) -> None:
    """Refuse to turn the limits off, which make guessing passwords and codes slow."""
    if not on:
        raise BadSetting("RATE_LIMITS", why="正式环境不能关闭次数限制。请删去这一项，或设为 on。")

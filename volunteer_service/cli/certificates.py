"""``certificates verify``: checks a paper with a public key, without database and network."""

from pathlib import Path

import click

from volunteer_service import wording
from volunteer_service.certificates import offline_check
from volunteer_service.cli.shell import Sentence
from volunteer_service.cli.words import gettext as _
from volunteer_service.errors import Refused

N_ = str

#: The sentence for each result of the check.
SAID = {
    "genuine": N_("签名相符：是第 %(key)s 号密钥签的，内容没有改动。"),
    "forged": N_("签名不符：不是用给出的公钥签的，或内容被改动过。"),
    "unknown_key": N_("没有第 %(key)s 号公钥。请重新下载 keys.json，再查验一次。"),
    "key_revoked": N_(
        "签名相符，但第 %(key)s 号密钥已从 %(revoked_from)s 起作废，离线不能确认。请联网查验。"
    ),
    "newer": N_("这张证书由更新的程序签发。请升级后再查验。"),
}


@click.group()
def certificates() -> None:
    """Papers of volunteers."""


@certificates.command()
@click.argument("paper", metavar="FILE|TEXT")
@click.option("--key", required=True, help="A public key, or the file of the published ones.")
def verify(paper: str, key: str) -> None:
    """Check the PDF, or the text of its code; exit 1 unless the signature fits.

    Revoked since? Only the service knows.
    """
    try:
        keys = offline_check.public_keys(_text(key))
        found = offline_check.check(_content(paper), keys)
    except Refused as refused:
        raise Sentence(wording.told(wording.kept(refused), _)) from None
    click.echo(f"number: {found.number}")
    for name, word in found.stated.items():
        click.echo(f"{name}: {word}")
    sentence = _(SAID[found.outcome], key=found.key, revoked_from=found.revoked_from)
    if found.outcome != "genuine":
        raise Sentence(sentence)
    click.echo(sentence)
    click.echo(_("离线查不到这张证书后来有没有撤销或取代，需要时请联网查验。"))


def _content(paper: str) -> bytes | str:
    path = Path(paper)
    return path.read_bytes() if _is_file(path) else paper


def _text(key: str) -> str:
    path = Path(key)
    return path.read_text(encoding="utf-8", errors="replace") if _is_file(path) else key


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


COMMANDS = (certificates,)

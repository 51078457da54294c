"""The page that checks a certificate without network, and its worker."""

from flask import Response, current_app, render_template, send_from_directory
from flask_babel import gettext as _

from volunteer_service.certificates import paper_codes, paper_keys, signing
from volunteer_service.web.certificates.views import bp
from volunteer_service.web.shared.guard import public
from volunteer_service.web.shared.security import let_decode


@bp.get("/v/offline")
@public
def offline() -> str:
    """Show everybody the same page: it holds keys and words, the phone checks the signature."""
    let_decode()
    return render_template(
        "certificates/offline.html",
        is_shell=True,
        account=None,
        nav=None,
        format=signing.FORMAT,
        keys=paper_keys.document()["keys"],
        words=_words(),
    )


@bp.get("/v/worker.js")
@public
def worker() -> Response:
    """Send the worker of the checking pages; its address is its scope."""
    return send_from_directory(f"{current_app.static_folder}/js", "worker.js")


def _words() -> dict[str, object]:
    """Return the script's words in the reader's language."""
    said = {
        "genuine": _("签名相符：是第 {key} 号密钥签的，内容没有改动。请核对下面的内容与纸上相同。"),
        "forged": _("签名不符：不是本平台发的证书，或内容被改动过。"),
        "unknown_key": _("没有第 {key} 号公钥。请联网打开这一页一次，再查验。"),
        "key_revoked": _("签名相符，但第 {key} 号密钥已作废，离线不能确认。请联网查验。"),
        "newer": _("这张证书由更新的程序签发。请联网打开这一页一次，再查验。"),
        "nothing": _("没有看到证书的验签码。请拍证书上写着“离线验签”的码，拍清楚、拍完整。"),
    }
    names = {
        "number": _("编号"),
        "name": _("姓名"),
        "masked_id": _("证件号码"),
        "volunteer_no": _("志愿者编号"),
        "stars": _("星级"),
        "begins_on": _("从"),
        "ends_on": _("到"),
        "minutes": _("服务时长（小时）"),
        "records": _("服务次数"),
        "rule": _("评定依据"),
        "issuer": _("发证单位"),
        "unit": _("出具单位"),
        "issued_on": _("发证日期"),
    }
    later = _("离线查不到这张证书后来有没有撤销或取代，需要时请联网查验。")
    return {"said": said, "names": names, "later": later, "fields": paper_codes.FIELDS}

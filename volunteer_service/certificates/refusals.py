"""Refusals of certificates."""

from volunteer_service.errors import Refused


class NoStarNoCertificate(Refused):
    """An honour certificate is for one to five stars."""

    message = "这一轮没有评上星级，不能发荣誉证书。"


class CertificateReplaced(Refused):
    """A later supplement rated the person again; its result has the certificate."""

    status = 409
    message = "这位志愿者的星级已由补充评定更新。请按补充评定的结果发证。"


class NameNotDrawn(Refused):
    """A paper with a box in place of a character of the name is not issued."""

    message = (
        "%(name)s 名字里的“%(missing)s”打印不出来，证书没有发。请核对姓名，或请系统管理员补充字库。"
    )


class RecordNotDrawn(Refused):
    """A paper with a box in place of a character of a record is not issued."""

    message = (
        "%(day)s 的服务记录里“%(text)s”的“%(missing)s”打印不出来，证明没有开。"
        "请队长更正这条记录的文字，或请系统管理员补充字库。"
    )


class PrintedBefore(Refused):
    """A paper is printed a second time only with a reason, which the log keeps."""

    status = 409
    message = "证书 %(number)s 在 %(day)s 打印过。再打印请写明原因。"


class OtherStands(Refused):
    """A person has one valid honour certificate for each half-year, whatever round rated them."""

    status = 409
    message = "这位志愿者这个半年已有有效的证书 %(number)s。要换发，请先撤销那一张。"


class CertificateRevoked(Refused):
    """A revoked paper is not handed out any more."""

    status = 409
    message = "这张证书已撤销，不能再下载。如有需要，请联系社区管理员补发。"


class NothingToCertify(Refused):
    """The period has no confirmed record."""

    message = "这段时间没有已确认的服务记录。请换一段时间。"


class PeriodInvalid(Refused):
    """The period ends before it begins, or is longer than ten years."""

    message = "请检查起止日期：结束不能早于开始，也不能超过十年。"


class KeyAlreadyRevoked(Refused):
    """A key is revoked once; an earlier day would invalidate papers that were called valid."""

    status = 409
    message = "第 %(number)s 号密钥已经作废，不能再改。"


class RevokedInFuture(Refused):
    """A revocation begins today at the latest: until then the key would go on signing."""

    message = "作废日期不能晚于今天。要从今天起不再使用，请用 keys rotate papers。"


class WrongPublicKey(Refused):
    """The given text is no public key; 32 bytes in base 64 or hex are, or the published file."""

    message = (
        "“%(key)s”不是公钥。请给出公布的公钥（base64 或十六进制），"
        "或从查验页下载的 keys.json 文件。"
    )


class NothingToCheck(Refused):
    """The text or file holds no code of a paper."""

    message = (
        "这里没有证书上的验签码。请用手机扫证书上写着“离线验签”的码，"
        "把得到的整段文字（以 VS1: 开头）给出；或给出下载的 PDF 文件。"
    )

"""A certificate for this machine in its own network, signed by an authority of this machine.

Browsers allow the camera and keep pages only over https, and no public authority signs for a
machine in an office's network. A phone is told once to trust the authority, which can only name
machines of private networks and the one for which it was made, so that its stolen key opens no
other site.
"""

import ipaddress
import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS = 3650
#: Apple's devices take no certificate of a longer life.
SERVER_DAYS = 397
#: What each authority may name: private, link-local and loopback addresses, and local names.
NETWORKS = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"),
    *("127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128"),
)
_NAMES = ("local", "localhost")
_AUTHORITY, _SERVER = "authority.pem", "server.pem"
_SIGNS_CERTIFICATES = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def prepare(folder: Path, host: str, *, at: datetime) -> Path:
    """Write a new certificate and key for ``host`` and this machine's local names; return its path.

    The authority is made where ``folder`` has none that may name this host; otherwise it is kept
    until it expires.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key, authority = _authority(folder, host, at)
    own = ec.generate_private_key(ec.SECP256R1())
    names = {host, "localhost", "127.0.0.1", f"{socket.gethostname().partition('.')[0]}.local"}
    signed = (
        _builder(_name(host), authority.subject, own, at, SERVER_DAYS)
        .add_extension(
            x509.SubjectAlternativeName([_alternative(each) for each in sorted(names)]), False
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False)
        .sign(key, hashes.SHA256())
    )
    return _write(folder / _SERVER, own, signed)


def authority_of(folder: Path) -> x509.Certificate | None:
    """Return the authority's certificate, which phones trust; None before the first start."""
    path = folder / _AUTHORITY
    return x509.load_pem_x509_certificate(path.read_bytes()) if path.is_file() else None


def fingerprint(authority: x509.Certificate) -> str:
    """Return the SHA-256 by which a person compares the authority: 32 pairs of digits."""
    return authority.fingerprint(hashes.SHA256()).hex(":").upper()


def _authority(
    folder: Path, host: str, at: datetime
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    known, until = authority_of(folder), at + timedelta(days=SERVER_DAYS)
    if known is not None and known.not_valid_after_utc > until and _may_name(known, host):
        key = load_pem_private_key((folder / _AUTHORITY).read_bytes(), None)
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key, known
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Volunteer service on {socket.gethostname().partition('.')[0]}")
    signed = (
        _builder(name, name, key, at, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .add_extension(_constraints(host), True)
        .add_extension(_SIGNS_CERTIFICATES, True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .sign(key, hashes.SHA256())
    )
    _write(folder / _AUTHORITY, key, signed)
    return key, signed


def _constraints(host: str) -> x509.NameConstraints:
    permitted: list[x509.GeneralName] = [
        *(x509.IPAddress(ipaddress.ip_network(each)) for each in NETWORKS),
        *(x509.DNSName(each) for each in _NAMES),
    ]
    if not any(_holds(each, host) for each in permitted):
        permitted.append(_subtree(host))
    return x509.NameConstraints(permitted, None)


def _may_name(authority: x509.Certificate, host: str) -> bool:
    found = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    return any(_holds(each, host) for each in found.permitted_subtrees or ())


def _holds(subtree: x509.GeneralName, host: str) -> bool:
    """Tell whether an address lies in a network, or a name is or ends in a domain."""
    address = _address(host)
    if isinstance(subtree, x509.IPAddress):
        return address is not None and address in ipaddress.ip_network(subtree.value)
    return address is None and f".{host}".endswith(f".{subtree.value}")


def _subtree(host: str) -> x509.GeneralName:
    return x509.IPAddress(ipaddress.ip_network(host)) if _address(host) else x509.DNSName(host)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, at: datetime, days: int
) -> x509.CertificateBuilder:
    # A phone's clock may be a day behind.
    since = at - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=days))
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _alternative(host: str) -> x509.GeneralName:
    address = _address(host)
    return x509.DNSName(host) if address is None else x509.IPAddress(address)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _write(path: Path, key: ec.EllipticCurvePrivateKey, signed: x509.Certificate) -> Path:
    """Write key and certificate as one file, whole or not at all, for the owner only."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.write(signed.public_bytes(Encoding.PEM))
    return part.replace(path)

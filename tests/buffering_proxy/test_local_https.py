"""This machine's own https: what its certificates name, who trusts them, what a browser gets."""

import ssl
import stat
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID

from tests.buffering_proxy.before_server import Proxy
from volunteer_service.buffering_proxy import clients, connection_limits, local_certificates

NOW = datetime.now(UTC).replace(microsecond=0)


def trusting(folder: Path) -> ssl.SSLContext:
    """A browser that trusts this machine's authority and nobody else."""
    authority = local_certificates.authority_of(folder)
    assert authority is not None
    pem = authority.public_bytes(Encoding.PEM).decode()
    context = ssl.create_default_context(cadata=pem)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


def shown(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.mark.parametrize("name", ["127.0.0.1", "192.168.1.20", "localhost"])
def test_a_browser_that_trusts_the_authority_gets_an_answer(tmp_path: Path, name: str) -> None:
    file = local_certificates.prepare(tmp_path, "192.168.1.20", at=NOW)
    with (
        closing(Proxy(50, shown(file))) as proxy,
        trusting(tmp_path).wrap_socket(proxy.connect(), server_hostname=name) as browser,
    ):
        browser.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
        assert browser.recv(1000).endswith(b"\r\n\r\n3")
        browser.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        got = 0
        while piece := browser.recv(1_000_000):
            got += len(piece)
        assert got > 20_000_000
    assert len(proxy.seen) == 2


def test_half_a_handshake_counts_as_a_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(connection_limits, "_SWEEP_SECONDS", 0.05)
    file = local_certificates.prepare(tmp_path, "192.168.1.20", at=NOW)
    with closing(Proxy(3, shown(file))) as proxy, ExitStack() as opened:
        silent = [opened.enter_context(proxy.connect()) for _ in range(5)]
        for each in silent:
            each.sendall(b"\x16\x03\x01\x02\x00")
        # The oldest make room at once, the others are closed when their time is over.
        for each in silent:
            with suppress(ConnectionResetError):
                assert each.recv(100) == b""
        browser = opened.enter_context(
            trusting(tmp_path).wrap_socket(proxy.connect(), server_hostname="127.0.0.1")
        )
        browser.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert browser.recv(1000).endswith(b"\r\n\r\n0")


def test_plain_http_at_the_port_of_https_ends_alone(tmp_path: Path) -> None:
    file = local_certificates.prepare(tmp_path, "192.168.1.20", at=NOW)
    with closing(Proxy(50, shown(file))) as proxy, proxy.connect() as caller:
        caller.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        with suppress(ConnectionResetError):
            while caller.recv(1000):
                pass
        with trusting(tmp_path).wrap_socket(proxy.connect(), server_hostname="127.0.0.1") as good:
            good.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert good.recv(1000).endswith(b"\r\n\r\n0")
    assert len(proxy.seen) == 1


def test_a_browser_that_does_not_trust_it_is_not_deceived(tmp_path: Path) -> None:
    file = local_certificates.prepare(tmp_path, "192.168.1.20", at=NOW)
    with closing(Proxy(50, shown(file))) as proxy, pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(proxy.connect(), server_hostname="192.168.1.20")
    assert proxy.seen == []


def test_the_authority_opens_no_site_outside_the_local_network(tmp_path: Path) -> None:
    local_certificates.prepare(tmp_path, "192.168.1.20", at=NOW)
    stolen = (tmp_path / "authority.pem").read_bytes()
    key, authority = load_pem_private_key(stolen, None), x509.load_pem_x509_certificate(stolen)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    own = ec.generate_private_key(ec.SECP256R1())
    forged = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bank")]))
        .issuer_name(authority.subject)
        .public_key(own.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("bank.example.cn")]), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False)
        .sign(key, hashes.SHA256())
    )
    file = local_certificates._write(tmp_path / "forged.pem", own, forged)
    with (
        closing(Proxy(50, shown(file))) as proxy,
        pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"),
    ):
        trusting(tmp_path).wrap_socket(proxy.connect(), server_hostname="bank.example.cn")


def test_the_authority_stays_and_is_renewed_in_time(tmp_path: Path) -> None:
    local_certificates.prepare(tmp_path, "10.0.0.5", at=NOW)
    first = local_certificates.authority_of(tmp_path)
    local_certificates.prepare(tmp_path, "10.0.0.6", at=NOW + timedelta(days=3200))
    assert local_certificates.authority_of(tmp_path) == first
    local_certificates.prepare(tmp_path, "10.0.0.6", at=NOW + timedelta(days=3300))
    assert local_certificates.authority_of(tmp_path) != first


def test_its_files_are_the_owners_alone(tmp_path: Path) -> None:
    local_certificates.prepare(tmp_path / "tls", "10.0.0.5", at=NOW)
    paths = [tmp_path / "tls", *(tmp_path / "tls").iterdir()]
    assert {stat.S_IMODE(each.stat().st_mode) for each in paths} == {0o700, 0o600}


@pytest.mark.parametrize("host", ["192.168.1.20", "fd00::5", "office.local"])
def test_machines_of_the_local_network_keep_the_authority(tmp_path: Path, host: str) -> None:
    local_certificates.prepare(tmp_path, "10.0.0.5", at=NOW)
    first = local_certificates.authority_of(tmp_path)
    local_certificates.prepare(tmp_path, host, at=NOW)
    assert local_certificates.authority_of(tmp_path) == first


@pytest.mark.parametrize("host", ["203.0.113.9", "2001:db8::1", "office.example.cn", "notlocal"])
def test_another_machine_has_an_authority_that_names_it_alone(tmp_path: Path, host: str) -> None:
    local_certificates.prepare(tmp_path, "10.0.0.5", at=NOW)
    first = local_certificates.authority_of(tmp_path)
    assert first is not None
    assert not local_certificates._may_name(first, host)
    file = local_certificates.prepare(tmp_path, host, at=NOW)
    second = local_certificates.authority_of(tmp_path)
    assert second is not None
    assert local_certificates._may_name(second, host)
    assert not local_certificates._may_name(second, "203.0.113.10")
    with (
        closing(Proxy(50, shown(file))) as proxy,
        trusting(tmp_path).wrap_socket(proxy.connect(), server_hostname=host) as browser,
    ):
        assert browser.version() == "TLSv1.3"


def test_every_permitted_network_is_private() -> None:
    assert all(
        ip_network(each).is_private or ip_address("100.64.0.1") in ip_network(each)
        for each in local_certificates.NETWORKS
    )

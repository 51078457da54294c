"""The page by which a phone comes to trust this machine."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography import x509
from flask import Flask
from flask.testing import FlaskClient

from volunteer_service.buffering_proxy import local_certificates

HTTPS = "https://192.168.1.20:8443"


@pytest.fixture
def certified(app: Flask, monkeypatch: pytest.MonkeyPatch) -> x509.Certificate:
    """The service as ``run`` starts it for phones in the network."""
    found = replace(app.extensions["settings"], local_https=HTTPS)
    monkeypatch.setitem(app.extensions, "settings", found)
    local_certificates.prepare(found.local_certificates, "192.168.1.20", at=datetime.now(UTC))
    authority = local_certificates.authority_of(found.local_certificates)
    assert authority is not None
    return authority


def test_a_phone_takes_the_certificate_and_goes_to_the_safe_address(
    client: FlaskClient, certified: x509.Certificate
) -> None:
    page = client.get("/trust").get_data(as_text=True)
    assert f'href="{HTTPS}"' in page
    assert local_certificates.fingerprint(certified) in page
    assert "在浏览器打开" in page
    file = client.get("/trust/authority.cer")
    assert file.content_type == "application/x-x509-ca-cert"
    assert x509.load_der_x509_certificate(file.data) == certified


@pytest.mark.parametrize("path", ["/trust", "/trust/authority.cer"])
def test_there_is_no_such_page_where_the_service_serves_no_https(
    client: FlaskClient, path: str
) -> None:
    assert client.get(path).status_code == 404


def test_the_scanner_says_in_wechat_how_to_open_the_browser(client: FlaskClient) -> None:
    wechat = {"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50"}
    assert "在浏览器打开" in client.get("/e/scanner/offline", headers=wechat).get_data(as_text=True)
    assert "在浏览器打开" not in client.get("/e/scanner/offline").get_data(as_text=True)

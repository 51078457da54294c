"""A paper is checked by its code and a public key: no database, no network."""

import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.certificates.test_certificates import one
from tests.make import Cast, acting, cast
from tests.make_ratings import JULY, record
from volunteer_service.certificates import (
    offline_check,
    paper_codes,
    paper_keys,
    refusals,
    rendering,
    service_record_papers,
    signing,
)
from volunteer_service.certificates.models import Certificate
from volunteer_service.certificates.offline_check import PublicKey
from volunteer_service.identifiers import base45
from volunteer_service.paper import attached

#: The examples of the standard.
RFC_9285 = [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581")]


def keys_file() -> str:
    """The published file."""
    return json.dumps(paper_keys.document())


def service_paper(town: Cast) -> Certificate:
    """A service record certificate of 王建国, of three lines more than before."""
    for _n in range(3):
        record(town.wang, town.team, 60)
    period = (date(2026, 1, 1), date(2026, 6, 30))
    return service_record_papers.certify_service(
        town.wang.id, *period, by=acting(town.wang_account), at=JULY
    )


@pytest.mark.parametrize(("data", "text"), RFC_9285)
def test_bytes_are_written_as_rfc_9285_says(data: bytes, text: str) -> None:
    assert (base45.encode(data), base45.decode(text)) == (text, data)


@given(st.binary(max_size=80))
def test_any_bytes_read_back(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


@pytest.mark.parametrize("text", ["GGW", ":::", "A", "ab", "::", "ABCD"])
def test_what_no_bytes_are_written_as_reads_as_nothing(text: str) -> None:
    assert base45.decode(text) is None


def test_a_code_reads_back_what_was_signed_and_nothing_else_does(session: None) -> None:
    _town, _person, certificate = one()
    code = signing.code_of(certificate) or ""
    found = paper_codes.read(f"  {code}\r\n")
    assert found is not None
    assert (found.format, found.kind, found.number) == (3, "honour", certificate.number)
    assert found.words["name"] == certificate.words["name"]
    for other in ("", "VS1:.", "VS1:AB.", code[:-2], code[4:], "VS1:" + "0" * 300 + "."):
        assert paper_codes.read(other) is None


def test_each_changed_byte_is_found(session: None) -> None:
    _town, _person, certificate = one()
    keys = offline_check.public_keys(keys_file())
    code = signing.code_of(certificate) or ""
    packed = base45.decode(code[4:-1]) or b""
    for at in range(len(packed)):
        touched = bytearray(packed)
        touched[at] ^= 1
        text = f"VS1:{base45.encode(bytes(touched))}."
        try:
            outcome = offline_check.check(text, keys).outcome
        except refusals.NothingToCheck:
            continue
        assert outcome != "genuine"


def test_the_code_of_the_picture_is_read_at_120_dots_an_inch(session: None) -> None:
    _town, _person, certificate = one()
    picture = Image.open(io.BytesIO(rendering.png(certificate, dpi=120))).convert("RGB")
    codes = {found.text for found in zxingcpp.read_barcodes(picture)}
    assert codes == {rendering.verify_url(certificate), signing.code_of(certificate)}
    assert len(signing.code_of(certificate) or "") <= 311  # version 10, level M


def test_a_service_record_states_all_its_lines_and_its_pdf_carries_them(session: None) -> None:
    certificate = service_paper(cast())
    keys = offline_check.public_keys(keys_file())
    paper = rendering.pdf(certificate)
    found = offline_check.check(paper, keys)
    assert (found.outcome, found.stated["records"]) == ("genuine", 3)
    facts = attached.read(paper)
    assert facts is not None
    facts["words"]["lines"][1]["minutes"] = 600
    assert offline_check.check(_with(facts), keys).outcome == "forged"
    codes = [
        each.text
        for page in pypdfium2.PdfDocument(paper)
        for each in zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    ]
    assert facts["code"] in codes


def _with(facts: dict) -> bytes:
    """A PDF that says these facts, as a forger makes it."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(100, 100)
    document.new_attachment(attached.NAME).set_data(attached.packed(facts))
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def test_the_key_decides_and_another_key_says_forged(session: None) -> None:
    _town, _person, certificate = one()
    code = signing.code_of(certificate) or ""
    right = paper_keys.document()["keys"][0]["public_key"]
    outcomes = [
        offline_check.check(code, keys).outcome
        for keys in (
            offline_check.public_keys(right),
            [PublicKey(bytes(31) + b"\1")],
            [PublicKey(bytes(32), number=77)],
        )
    ]
    assert outcomes == ["genuine", "forged", "unknown_key"]
    for wrong in ("", "abc", '{"keys": 3}', "{", right + "AAAA"):
        with pytest.raises(refusals.WrongPublicKey):
            offline_check.public_keys(wrong)


@pytest.mark.parametrize("nothing", [b"%PDF-1.7 broken", "https://x.example/v/1", b"\xff", ""])
def test_what_holds_no_code_says_what_to_give(nothing: bytes | str) -> None:
    with pytest.raises(refusals.NothingToCheck):
        offline_check.check(nothing, [])


def test_the_command_needs_no_database_and_no_network(session: None, tmp_path: Path) -> None:
    _town, _person, certificate = one()
    keys, paper = tmp_path / "keys.json", tmp_path / "paper.pdf"
    keys.write_text(keys_file())
    paper.write_bytes(rendering.pdf(certificate))
    code = signing.code_of(certificate) or ""
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "VAR_DIR": "/nonexistent"}

    def run(given: str) -> subprocess.CompletedProcess[str]:
        command = ["-m", "volunteer_service.cli", "--lang", "en", "certificates", "verify", given]
        return subprocess.run(
            [sys.executable, *command, "--key", str(keys)],
            env=os.environ | nowhere,
            capture_output=True,
            text=True,
        )

    for given_ in (str(paper), code):
        done = run(given_)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"number: {certificate.number}" in done.stdout
        assert "stars: 2" in done.stdout
    touched = run(code[:20] + ("A" if code[20] != "A" else "B") + code[21:])
    assert touched.returncode == 1
    assert "The signature does not fit" in touched.stderr

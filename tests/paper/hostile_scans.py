"""Files that are handed in as the photo of a sheet, the plain and the hostile."""

import struct
import zlib
from io import BytesIO

from fpdf import FPDF
from PIL import Image

GPS = 0x8825


def photo(size: tuple[int, int] = (1200, 900), kind: str = "JPEG", turned: bool = False) -> bytes:
    """A photo as a phone writes it: with the place where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "SECRETPHONE"
    if turned:
        exif[0x0112] = 6
    exif[GPS] = {1: "N", 2: (31.0, 14.0, 22.0), 3: "E", 4: (121.0, 29.0, 11.0)}
    out = BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind, exif=exif)
    return out.getvalue()


def huge_png(side: int = 50_000) -> bytes:
    """A few hundred bytes that say they are a picture of 2.5 thousand million pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 4096)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def bomb_png(side: int = 7_900) -> bytes:
    """A picture within the bound of pixels whose data are a bomb: 100 times what it needs."""
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    squeezed = zlib.compressobj(9)
    data = b"".join(squeezed.compress(b"\0" * 1_000_000) for _ in range(600)) + squeezed.flush()
    parts = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def pdf(pages: int = 2) -> bytes:
    """A plain scan."""
    paper = FPDF()
    for n in range(pages):
        paper.add_page()
        paper.set_font("Helvetica", size=40)
        paper.cell(text=f"Page {n + 1}")
    return bytes(paper.output())


def pdf_with_script_and_attachment() -> bytes:
    """A PDF that runs a script when it is opened, carries a file, and says who made it."""
    paper = FPDF()
    paper.set_author("SECRETAUTHOR")
    paper.add_page()
    paper.set_font("Helvetica", size=40)
    paper.cell(text="Page 1")
    paper.embed_file(bytes=b"SECRETATTACHMENT", basename="evil.exe", compress=False)
    whole = bytes(paper.output())
    action = b"/OpenAction << /S /JavaScript /JS (app.alert\\('SECRETSCRIPT'\\)) >>"
    return whole.replace(b"/Type /Catalog", b"/Type /Catalog " + action, 1)


def intricate_pdf(curves: int = 200_000) -> bytes:
    """One page of so many curves across each other: some megabytes of work for ten seconds."""
    lines = (
        f"{n % 600} {n * 7 % 800} m {n * 13 % 600} {n * 11 % 800} "
        f"{n * 3 % 600} {n * 5 % 800} {n * 17 % 600} {n * 19 % 800} c S"
        for n in range(curves)
    )
    drawn = zlib.compress(" ".join(lines).encode(), 9)
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Filter/FlateDecode/Length " + str(len(drawn)).encode() + b">>stream\n"
        b"" + drawn + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


def locked_pdf() -> bytes:
    """A PDF that asks for a password."""
    paper = FPDF()
    paper.set_encryption(owner_password="owner", user_password="user")
    paper.add_page()
    return bytes(paper.output())


def page_and_program() -> bytes:
    """A JPEG with a page of scripts behind it (a file that is two kinds at once)."""
    return photo() + b"<html><script>SECRETSCRIPT</script></html>PK\x03\x04SECRETZIP"


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 4096
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GIF = b"GIF89a" + b"\0" * 100

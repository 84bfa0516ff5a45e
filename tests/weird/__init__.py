"""PDFs that are wrong on purpose, each a few hundred bytes, made here when asked for. Every bug of the reader leaves one behind."""

import zlib


def pdf(pages: bytes, *objects: bytes, kids: str = "[3 0 R]", count: str = "1") -> bytes:
    """A PDF of catalog, page tree, the page in `pages` (object 3) and further objects (4, 5, …), with a right cross-reference table."""
    held = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids {kids} /Count {count} >>".encode(), pages, *objects]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(held, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(held) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(held) + 1, start)


PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
    b" /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> /XObject << /X 4 0 R /Y 5 0 R >> >> >>"
)


def stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n" % (len(content), extra) + content + b"\nendstream"


def deflated(content: bytes, extra: bytes = b"") -> bytes:
    return stream(zlib.compress(content, 9), b"/Filter /FlateDecode " + extra)


def form(content: bytes) -> bytes:
    return stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /X 4 0 R /Y 5 0 R >> >>")


TEXT = stream(b"BT /F 12 Tf 72 700 Td (It gains 3.5 points here.) Tj ET")

FILES: dict[str, tuple[bytes, set[str]]] = {
    "zero bytes": (b"", {"empty", "not_a_pdf"}),
    "five bytes": (b"%PDF-", {"damaged"}),
    "a login page": (b"<html><body>Please sign in.</body></html>", {"not_a_pdf"}),
    "words before the magic number": (b"x" * 2000 + pdf(PAGE, TEXT), {"not_a_pdf"}),
    "cut in half": (pdf(PAGE, TEXT)[:200], {"damaged", "no_pages"}),
    "no page at all": (pdf(PAGE, TEXT, kids="[]", count="0"), {"no_pages", "damaged"}),
    "says a billion pages": (pdf(PAGE, TEXT, count="1000000000"), {"too_big", "damaged", "read"}),
    "one page listed 100,000 times": (pdf(PAGE, TEXT, kids="[" + "3 0 R " * 100_000 + "]", count="100000"), {"too_big", "damaged"}),
    "page tree in a circle": (pdf(PAGE, TEXT, kids="[2 0 R]"), {"damaged", "no_pages", "no_text_layer"}),
    "arrays nested 200,000 deep": (pdf(PAGE, TEXT, b"[" * 200_000 + b"]" * 200_000), {"read", "damaged"}),
    "a page larger than a country": (pdf(PAGE.replace(b"[0 0 612 792]", b"[0 0 1e9 1e9]"), TEXT), {"read", "no_text_layer"}),
    "a form that draws itself": (pdf(PAGE, form(b"/X Do"), form(b"/Y Do /X Do")), {"no_text_layer", "damaged"}),
    "no text": (pdf(PAGE, stream(b"0 0 10 10 re f")), {"no_text_layer"}),
    "a hundred million spaces": (pdf(PAGE, deflated(b" " * 100_000_000)), {"no_text_layer", "too_big"}),
    "content that is no content": (pdf(PAGE, stream(bytes(range(256)) * 20)), {"no_text_layer", "damaged", "read"}),
}
"""By what is wrong: the file, and the outcomes that are right for it. `read` is a Document with text."""

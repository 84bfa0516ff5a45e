"""What runs in the limited child: a PDF's bytes to a Document as JSON."""

import base64
from typing import Any

from claimcheck.document import Document
from claimcheck.readers import pdf_tables, pdf_text
from claimcheck.readers.pdf_pages import Refused, open_pdf, pages


def read(data: bytes, name: str, password: str = "") -> dict[str, Any]:
    """`{"document": …}`, or `{"refused": reason, "detail": …}` for a file that can't be read."""
    try:
        source = open_pdf(data, password)
        held = list(pages(source))
    except Refused as refusal:
        return {"refused": refusal.args[0], "detail": refusal.args[1] if len(refusal.args) > 1 else ""}
    text = pdf_text.build(name, held, [pdf_tables.find(page, name) for page in held])
    document = Document(
        id=name,
        format="pdf",
        title=text.title or (source.metadata or {}).get("title", "") or "",
        sections=pdf_text.sections(text),
        tables=tuple(text.tables),
        references=tuple(text.references),
        flags=_flags(source, held),
    )
    return {"document": document.model_dump(mode="json")}


def image(data: bytes, page: int, boxes: list[tuple[float, float, float, float]], password: str = "", dpi: int = 144) -> dict[str, Any]:
    """`{"png": base64}` of a 1-based page with `boxes` drawn on it, or `{"refused": reason, "detail": …}`."""
    try:
        source = open_pdf(data, password)
        if not 1 <= page <= source.page_count:
            raise Refused("no_pages", f"page {page} of {source.page_count}")
    except Refused as refusal:
        return {"refused": refusal.args[0], "detail": refusal.args[1] if len(refusal.args) > 1 else ""}
    shown = source[page - 1]
    for x0, y0, x1, y1 in boxes:
        shown.draw_rect((x0 - 2, y0 - 2, x1 + 2, y1 + 2), color=(0.8, 0.1, 0.1), width=1.2)
    dots = min(dpi, int(72 * 4_000 / max(shown.rect.width, shown.rect.height, 1)))  # no picture larger than 4,000 pixels
    return {"png": base64.b64encode(shown.get_pixmap(dpi=max(1, dots)).tobytes("png")).decode()}


def _flags(source: Any, held: list[Any]) -> tuple[str, ...]:  # noqa: ANN401  # PyMuPDF has no types
    """What a user should know: no text to read, scripts inside, a file mended while reading."""
    found = set()
    if not any(page.words for page in held):
        found.add("no_text_layer")
    if source.is_repaired:
        found.add("repaired")
    try:
        names = source.xref_get_key(source.pdf_catalog(), "Names/JavaScript")
        action = source.xref_get_key(source.pdf_catalog(), "OpenAction/JS")
        if names[0] != "null" or action[0] != "null":
            found.add("javascript")
    except Exception:  # noqa: S110  # a flag that can't be determined is not set
        pass
    return tuple(sorted(found))

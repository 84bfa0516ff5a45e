"""Printed captions: "Table 2: …" apart into its label and its text."""

import re

_LABEL = re.compile(
    r"(?P<kind>Table|Tab\.|TABLE|Figure|Fig\.|FIGURE)\s*(?P<number>[A-Z]?\.?\d{1,3}(?:\.\d{1,3})?[a-z]?|[IVX]{1,5}\b|S\d{1,3}|[A-Z]\d{0,2}\b)"
    r"\s*(?P<mark>[:.|–—-]?)\s*"
)


def split_label(text: str) -> tuple[str, str]:
    """`("Table 2", "Main results.")` of `Table 2: Main results.`; an empty label where there is none."""
    match = _LABEL.match(text)
    if match is None:
        return "", text
    kind = "Table" if match["kind"].lower().startswith("tab") else "Figure"
    return f"{kind} {match['number'].lstrip('.')}", text[match.end() :]


def opens_caption(text: str, kind: str = "Table") -> bool:
    """Whether a line of text begins a caption: a label followed by a mark, or standing alone."""
    match = _LABEL.match(text)
    if match is None or not match["kind"].lower().startswith(kind[:3].lower()):
        return False
    rest = text[match.end() :]
    return bool(match["mark"]) or not rest or match["kind"].isupper()

"""Superscripts and subscripts as text, so that a raised footnote mark or an exponent never becomes a digit of the number before it.

Formats tell a reader which characters are raised; plain text can only keep that in characters of their own: 10⁻⁴, 72.2³, AP₅₀.
"""

import re

_SUPER = str.maketrans("0123456789+-−=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_SUB = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_RAISABLE = re.compile(r"[0-9+\-−=()a-pr-z]+")
_MARKED = re.compile(r"([0-9+\-−]+)([†‡*∗§¶]+)")
"""An exponent and a footnote mark behind it."""
_LOWERABLE = re.compile(r"[0-9+\-−=()]+")
_DEVIATION = re.compile(r"±|^[(\[]?[+\-−↑↓]?\s*\d*\.\d|^[(\[]?[+↑↓]\s*\d")
"""A spread or a change set small beside its number (72.3 with ±0.4 or +1.2 below): a number of its own."""
_POWER_BASE = re.compile(r"(?:^|[^\d.])(?:10|2|[a-zA-Z])$")


def superscript(text: str, base: str) -> str:
    """`text` raised after `base`, which ends what stands before it."""
    text = text.strip()
    if not text:
        return ""
    if text in ("∘", "◦", "o") and (base[-1:].isdigit() or text != "o"):
        return "°"
    if _DEVIATION.search(text) and not _POWER_BASE.search(base):
        return f" {text}" if base and not base[-1:].isspace() else text
    if _RAISABLE.fullmatch(text):
        return text.translate(_SUPER)
    marked = _MARKED.fullmatch(text)
    if marked:
        return marked.group(1).translate(_SUPER) + marked.group(2)
    if not any(character.isalnum() for character in text):
        return text
    return f"^{text}" if len(text) == 1 else f"^({text})"


def subscript(text: str, base: str) -> str:
    """`text` lowered after `base`."""
    text = text.strip()
    if not text:
        return ""
    if _DEVIATION.search(text) and base[-1:].isdigit():
        return f" {text}"
    if _LOWERABLE.fullmatch(text):
        return text.translate(_SUB)
    return f"_{text}"

"""Abbreviations a text defines: "Something-Something V2 (SSv2)".

Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text", PSB 2003: a short
form in brackets is matched from its end against the words before it, its first character at the start of a word.
"""

import re
from collections.abc import Iterator

BRACKETED = re.compile(r"\(([^()\s][^()]{0,60})\)")
SHORT = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9][\w+&./'-]{1,11}")


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of short and long form, in order. Either may stand in the brackets."""
    for match in BRACKETED.finditer(text):
        inside = re.split(r"[,;]", match.group(1))[0].strip()
        before = text[max(0, match.start() - 160) : match.start()].rstrip()
        if SHORT.fullmatch(inside):
            words = before.split()[-min(len(inside) + 5, 2 * len(inside)) :]
            long = long_form(inside, " ".join(words))
            if long is not None:
                yield inside, long
        elif before:
            short = before.split()[-1]
            if SHORT.fullmatch(short) and long_form(short, inside) == inside:
                yield short, inside


def long_form(short: str, text: str) -> str | None:
    """The shortest end of `text` whose letters spell `short`; None if there is none."""
    position = len(text) - 1
    for index in range(len(short) - 1, -1, -1):
        character = short[index].lower()
        if not character.isalnum():
            continue
        while position >= 0 and (text[position].lower() != character or (index == 0 and position > 0 and text[position - 1].isalnum())):
            position -= 1
        if position < 0:
            return None
        position -= 1
    long = text[position + 1 :]
    return long if len(long) > len(short) and short.lower() not in long.lower().split() else None

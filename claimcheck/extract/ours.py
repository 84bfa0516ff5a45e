"""Which method "our model" and "we" are, where a paper says so: the name before the colon of its title, if its tables have it too."""

import re
from dataclasses import replace

from claimcheck.dossier import Assertion
from claimcheck.extract.assertions import Read
from claimcheck.extract.lexicon import Vocabulary

TITLE = re.compile(r"\s*([^\s:,]{2,24}(?:[ -][^\s:,]{1,12})?)\s?:\s")
OURS = re.compile(
    r"we|(?:our|(?:the\s)?(?:proposed|presented))\s(?:(?:full|final|proposed|complete|whole|new|own)\s)?(?:models?|methods?|approach|networks?|frameworks?|systems?)",
    re.IGNORECASE,
)


def own_method(title: str, vocabulary: Vocabulary) -> str:
    """The paper's own method as its tables write it; empty if its title does not name one of their rows."""
    match = TITLE.match(title)
    if match is None or vocabulary.complete:
        return ""
    named = [m for m in vocabulary.mentions(match.group(1)) if m.own and m.kind == "method"]
    return named[0].name if len(named) == 1 and named[0].end == len(match.group(1)) else ""


def resolved(read: Read, own: str) -> Read:
    """What was read, with the paper's own method put for "we" and "our model"; the field is listed as supplied."""
    if not own:
        return read
    return replace(read, assertions=tuple(named(assertion, own) for assertion in read.assertions))


def named(assertion: Assertion, own: str) -> Assertion:
    method = getattr(assertion, "method", "")
    if OURS.fullmatch(method) is None or getattr(assertion, "baseline", "") == own:
        return assertion
    left = tuple(name for name in assertion.ambiguous if name != "method")
    return assertion.model_copy(
        update={"method": own, "ambiguous": left, "supplied": tuple(dict.fromkeys((*assertion.supplied, "method")))}
    )

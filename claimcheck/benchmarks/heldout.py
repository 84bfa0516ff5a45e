"""The third of the papers no rule was developed on."""

import hashlib
import re


def held_out(paper: str) -> bool:
    """Whether a paper id, its version left off, belongs to the third that is only measured."""
    bare = re.sub(r"v\d+$", "", paper)
    return int(hashlib.sha1(bare.encode(), usedforsecurity=False).hexdigest()[0], 16) % 3 == 0

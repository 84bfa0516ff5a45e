r"""The numbers LaTeX would print: which caption is "Table 2", and what \ref{tab:main} becomes."""

import re
from dataclasses import dataclass, field

_EVENT = re.compile(
    r"\\(?P<edge>begin|end)\s*+\{(?P<environment>(?:sideways|wrap|SC|margin|long|deluxe)?table\*?|(?:wrap)?figure\*?|subtable|subfigure"
    r"|equation|align|gather|eqnarray|multline)\}"
    r"|\\(?P<caption>(?:table)?caption(?![a-z])\*?|captionof(?=\s*+\{(?P<kind>table|figure)\}))"
    r"|\\(?P<box>subfloat|subcaptionbox)(?![A-Za-z])"
    r"|\\label\s*+\{(?P<label>[^{}]{1,200})\}"
    r"|\\(?P<section>section|subsection|subsubsection)(?P<star>\*?)\s*+[\[{]"
    r"|\\(?P<appendix>appendix)(?![A-Za-z])"
)


@dataclass
class Numbers:
    """Printed numbers by offset and by key."""

    captions: dict[int, str] = field(default_factory=dict)
    """Offset of each \\caption: `Table 2`, `Table 2b`, `Figure 1`."""

    labels: dict[str, str] = field(default_factory=dict)
    """What \\ref of each key prints: `2`, `2b`, `4.1`."""


class _Counter:
    def __init__(self) -> None:
        self.numbers = Numbers()
        self.counts = {"Table": 0, "Figure": 0, "Equation": 0}
        self.sections = [0, 0, 0]
        self.appendix = False
        self.floats: list[str] = []
        """Kinds of the floats that are open."""
        self.subs = 0
        self.inside_sub = False
        self.anchor = ""

    def begin(self, environment: str) -> None:
        if environment.startswith("sub"):
            self.subs += 1
            self.inside_sub = True
        elif "table" in environment or "figure" in environment:
            self.floats.append("Table" if "table" in environment else "Figure")
            self.subs = 0
        else:
            self.counts["Equation"] += 1
            self.anchor = str(self.counts["Equation"])

    def end(self, environment: str) -> None:
        if environment.startswith("sub"):
            self.inside_sub = False
        elif ("table" in environment or "figure" in environment) and self.floats:
            self.floats.pop()
            self.inside_sub = False

    def caption(self, offset: int, kind: str) -> None:
        kind = kind or (self.floats[-1] if self.floats else "Figure")
        if self.inside_sub:
            self.anchor = f"{self.counts[kind] + 1}{self._letter()}"
        else:
            self.counts[kind] += 1
            self.anchor = str(self.counts[kind])
        self.numbers.captions[offset] = f"{kind} {self.anchor}"

    def box(self, offset: int) -> None:
        """A \\subfloat: its caption is an argument, so it is numbered where it begins."""
        self.subs += 1
        kind = self.floats[-1] if self.floats else "Figure"
        self.anchor = f"{self.counts[kind] + 1}{self._letter()}"
        self.numbers.captions[offset] = f"{kind} {self.anchor}"

    def _letter(self) -> str:
        return chr(ord("a") + min(self.subs, 26) - 1) if self.subs else ""

    def section(self, command: str, *, starred: bool) -> None:
        if starred:
            return
        level = command.count("sub")
        self.sections[level] += 1
        self.sections[level + 1 :] = [0] * (2 - level)
        first = chr(ord("A") + min(self.sections[0], 26) - 1) if self.appendix and self.sections[0] else str(self.sections[0])
        self.anchor = ".".join([first, *map(str, self.sections[1 : level + 1])])


def number(text: str, start: int) -> Numbers:
    """Count captions, sections and equations of the expanded source from `start` on, as LaTeX's counters would."""
    counter = _Counter()
    for match in _EVENT.finditer(text, start):
        if match["edge"] == "begin":
            counter.begin(match["environment"])
        elif match["edge"]:
            counter.end(match["environment"])
        elif match["caption"]:
            counter.caption(match.start(), (match["kind"] or "").capitalize())
        elif match["box"]:
            counter.box(match.start())
        elif match["label"]:
            counter.numbers.labels.setdefault(match["label"].strip(), counter.anchor)
        elif match["section"]:
            counter.section(match["section"], starred=bool(match["star"]))
        else:
            counter.appendix = True
            counter.sections = [0, 0, 0]
    return counter.numbers

r"""The files of a LaTeX paper as one text: comments out, \input in, and for every character the file and line it came from."""

import posixpath
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_CHARACTERS = 8_000_000
"""Of the joined text. The longest arXiv sources are near 2 MB; a cycle of inputs would otherwise double without end."""

_MAX_DEPTH = 15

_KEPT_OR_COMMENT = re.compile(r"(\\verb\*?([^\w\s*]).{0,500}?\2|\\(?:url|path|href)\s*\{[^{}]*\}|\\.|[^\\%]+)|(%.*)", re.DOTALL)
_INPUT = re.compile(
    r"\\(?:input|include|subfile|subfileinclude)\s*\{([^{}]*)\}"
    r"|\\(?:import|subimport|inputfrom|includefrom|subincludefrom)\*?\s*\{([^{}]*)\}\s*\{([^{}]*)\}"
    r"|\\input\s+([^\s\\{}]+)"
)
_SILENT = re.compile(
    r"\\begin\s*\{(comment|verbatim\*?|Verbatim|lstlisting|minted|filecontents\*?|tikzpicture|pgfpicture|algorithmic|CCSXML)\}"
)
"""Environments whose content is not prose."""


@dataclass
class Source:
    """One LaTeX text and where each stretch of it came from."""

    text: str
    files: list[str]
    offsets: list[int]
    """Where in `text` each stretch begins, rising."""

    places: list[tuple[int, int]]
    """For each stretch: index into `files`, 1-based line."""

    flags: list[str] = field(default_factory=list)

    def place(self, offset: int) -> tuple[str, int]:
        """File and 1-based line of a character of `text`."""
        index = bisect_right(self.offsets, offset) - 1
        if index < 0:
            return (self.files[0] if self.files else "", 1)
        file, line = self.places[index]
        return self.files[file], line


def join(files: Mapping[str, str], main: str) -> Source:
    """The text of `main` with every file it inputs in place, without comments; files that are missing are flagged."""
    joiner = _Joiner(files)
    joiner.add(main, 0)
    source = Source("".join(joiner.pieces), joiner.names, joiner.offsets, joiner.places, sorted(joiner.flags))
    source.text = _blank_silent(source.text)
    return source


def _blank_silent(text: str) -> str:
    """White space of the same length where a silent environment stood, so that offsets keep."""
    pieces, position = [], 0
    unclosed: set[str] = set()
    for match in _SILENT.finditer(text):
        if match.start() < position or match.group(1) in unclosed:
            continue
        closing = f"\\end{{{match.group(1)}}}"
        end = text.find(closing, match.end())
        if end < 0:
            unclosed.add(match.group(1))
            continue
        end += len(closing)
        pieces += [text[position : match.start()], "\n\n", " " * (end - match.start() - 2)]
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def main_file(files: Mapping[str, str]) -> str | None:
    r"""The file that holds \documentclass and \begin{document}; of several the one no other inputs, then the longest."""
    candidates = [
        name for name, text in files.items() if name.lower().endswith((".tex", ".ltx", ".latex")) or "." not in posixpath.basename(name)
    ]
    complete = [name for name in candidates if re.search(r"^[^%\n]*\\begin\s*\{document\}", files[name], re.MULTILINE)]
    classed = [name for name in complete if re.search(r"^[^%\n]*\\document(?:class|style)", files[name], re.MULTILINE)]
    pool = classed or complete or candidates
    if not pool:
        return None
    inputs = {
        posixpath.splitext(posixpath.basename(_input_name(match)))[0] for name in candidates for match in _INPUT.finditer(files[name])
    }
    roots = [name for name in pool if posixpath.splitext(posixpath.basename(name))[0] not in inputs] or pool
    return max(roots, key=lambda name: (-name.count("/"), len(files[name])))


def _input_name(match: re.Match[str]) -> str:
    return posixpath.join((match.group(2) or "").strip(), (match.group(1) or match.group(3) or match.group(4) or "").strip())


class _Joiner:
    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files
        self.names: list[str] = []
        self.pieces: list[str] = []
        self.offsets: list[int] = []
        self.places: list[tuple[int, int]] = []
        self.flags: set[str] = set()
        self.length = 0
        self.open: list[str] = []

    def add(self, name: str, depth: int) -> None:
        index = len(self.names)
        self.names.append(name)
        self.open.append(name)
        swallow = False
        """True after a comment: TeX then drops the line break and the next line's leading space."""
        for number, line in enumerate(self.files[name].splitlines(keepends=True), start=1):
            kept, commented = _strip_comment(line)
            if swallow:
                kept = "\n" + kept if not kept.strip() and not commented else kept.lstrip(" \t")
            if commented and not kept.strip():
                continue
            swallow = commented
            if self.length > MAX_CHARACTERS:
                self.flags.add("truncated_source")
                break
            if r"\endinput" in kept:
                self._emit(kept.split(r"\endinput")[0], index, number)
                break
            self._add_line(kept, index, number, depth)
        self.open.pop()

    def _add_line(self, line: str, index: int, number: int, depth: int) -> None:
        position = 0
        for match in _INPUT.finditer(line):
            target = self._find(_input_name(match), self.names[index])
            self._emit(line[position : match.start()], index, number)
            position = match.end()
            if target is None or target in self.open or depth >= _MAX_DEPTH:
                self.flags.add("missing_input" if target is None else "cyclic_input")
                continue
            self.add(target, depth + 1)
            self._emit("\n", index, number)
        self._emit(line[position:], index, number)

    def _emit(self, text: str, index: int, number: int) -> None:
        if text:
            self.offsets.append(self.length)
            self.places.append((index, number))
            self.pieces.append(text)
            self.length += len(text)

    def _find(self, name: str, asker: str) -> str | None:
        name = name.strip().strip('"')
        folders = dict.fromkeys(["", posixpath.dirname(self.names[0]), posixpath.dirname(asker)])
        for folder in folders:
            path = posixpath.normpath(posixpath.join(folder, name))
            for candidate in (path, path + ".tex"):
                if candidate in self.files:
                    return candidate
        return None


def _strip_comment(line: str) -> tuple[str, bool]:
    """The line up to its comment, and whether it had one."""
    if "%" not in line:
        return line, False
    kept: list[str] = []
    for match in _KEPT_OR_COMMENT.finditer(line):
        if match.group(3) is not None:
            return "".join(kept), True
        kept.append(match.group())
    return "".join(kept), False

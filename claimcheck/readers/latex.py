r"""LaTeX: one file, or several with \input; comments out, the author's macros expanded, tables, captions and prose as they print.

The text is parsed to pylatexenc nodes and the nodes are walked; see `latex_walk`. A passage that can't be parsed is left out and
flagged, and the rest is read.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from claimcheck.document import Document, Location, Reference, Section, Sentence, Table, Unreadable
from claimcheck.readers import latex_source
from claimcheck.readers.latex_macros import Expanded, closing, expand
from claimcheck.readers.latex_numbers import Numbers, number
from claimcheck.readers.latex_source import Source
from claimcheck.readers.latex_tables import Found, Scope, caption_of, find
from claimcheck.readers.latex_text import LINE_MARK, Names, Text, fold, plain
from claimcheck.readers.latex_walk import TABULARS, Walker
from claimcheck.readers.sentences import spans
from claimcheck.readers.text import reference

SUFFIXES: tuple[str, ...] = (".tex", ".ltx", ".latex")

_FLOATS = frozenset(
    [
        *("table", "table*", "figure", "figure*", "wraptable", "wrapfigure", "sidewaystable", "sidewaystable*", "longtable", "floatrow"),
        *("SCtable", "margintable", "threeparttable", "longtabu", "supertabular", "tabular", "tabular*", "tabularx", "tabulary", "tabu"),
        *("tblr", "longtblr", "NiceTabular", "xtabular", "deluxetable", "deluxetable*", "algorithm", "algorithm*"),
    ]
)
_LEVELS = {"part": 1, "chapter": 1, "section": 1, "subsection": 2, "subsubsection": 3, "paragraph": 4, "subparagraph": 5}
_STRUCTURE = re.compile(
    r"\\(?P<section>part|chapter|section|subsection|subsubsection|paragraph|subparagraph)\*?\s*+(?=[\[{])"
    r"|\\begin\s*+\{(?P<begin>[\w*]+)\}"
    r"|\\end\s*+\{(?P<end>abstract|document|thebibliography)\}"
    r"|(?P<break>\n[ \t]*+\n\s*+|\\par(?![A-Za-z])|\\item(?![A-Za-z]))"
    r"|\\(?P<abstract>abstract)\s*+(?=\{)"
    r"|\\(?P<caption>captionof)\s*+\{(?P<kind>\w+)\}\s*+(?=\{)"
)
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*+\{([\w*]+)\}")
_TITLE = re.compile(r"\\(?:icml|acm|twocolumn\s*\[\s*\\icml)?title\s*+(?:\[[^\]]{0,300}\])?\s*+(?=\{)")
_LINE_START = re.compile(r"\n[ \t]*+(?=[A-Za-z0-9(\"'`$])")
_DOCUMENT = re.compile(r"\\begin\s*\{document\}")
_PACKAGE = re.compile(r"\\(?:usepackage|RequirePackage)\s*(?:\[[^\]]{0,300}\])?\s*\{([^{}]{1,300})\}")
_BIBITEM = re.compile(r"\\bibitem\b")
_NATBIB = re.compile(r"\{?(.{1,200}?)\((\d{4}[a-z]?|n\.d\.)\)", re.DOTALL)
_MAX_PARAGRAPH = 200_000
"""Characters. What is longer without a blank line is data or an attack, and no prose."""
_MAX_FLOAT = 250_000
"""Characters of one table or figure: 10 s of parsing. The longest real one we met has 40,000."""
_MAX_MARKS = 6_000
_MAX_STYLE = 60_000
"""Characters of a local style file that are searched for macros: an author's are short, a conference's is not theirs."""


def recognises(head: bytes) -> bool:
    """True if the text opens as LaTeX does, after comments."""
    if b"\x00" in head:
        return False
    text = head.decode("utf-8", errors="replace")
    return bool(re.search(r"^\s*\\document(?:class|style)\b|^\s*\\begin\{document\}", text, re.MULTILINE))


def read(data: bytes, name: str) -> Document:
    """The Document of one LaTeX file; what it inputs is not at hand and is flagged."""
    return read_files({name: decode(data, name)}, name, hashlib.sha256(data).hexdigest())


def read_path(path: Path, name: str = "") -> Document:
    r"""The Document of a LaTeX file on disk, with the files of its folder that it inputs."""
    data = path.read_bytes()
    files = {path.name: decode(data, path.name)}
    folder = path.parent
    if re.search(rb"\\(?:input|include|subfile|import)\b", data):
        for found in sorted(folder.rglob("*.tex"))[:2_000]:
            _take(files, folder, found)
    for found in [*sorted(folder.glob("*.bbl"))[:20], *sorted(folder.glob("*.sty"))[:50]]:
        _take(files, folder, found)
    return read_files(files, path.name, hashlib.sha256(data).hexdigest(), name or path.name)


def _take(files: dict[str, str], folder: Path, found: Path) -> None:
    try:
        if found.is_file() and found.stat().st_size < latex_source.MAX_CHARACTERS:
            files.setdefault(found.relative_to(folder).as_posix(), decode(found.read_bytes(), found.name))
    except (OSError, Unreadable):
        return  # the file is flagged as missing where it is asked for


def decode(data: bytes, name: str) -> str:
    """LaTeX source as text: UTF-8, else Latin-1, which arXiv's older papers are in."""
    if b"\x00" in data[:8192] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("binary", f"{name}: is a binary file, not LaTeX; give the .tex file or the paper's source archive")
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "latin-1"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return LINE_MARK.sub(" ", text).replace("\r\n", "\n").replace("\r", "\n")
    raise Unreadable("undecodable", f"{name}: is neither UTF-8 nor UTF-16 text; convert it, for example with iconv")


def read_files(files: Mapping[str, str], main: str, sha256: str, name: str = "") -> Document:
    """The Document of a LaTeX paper given as its files; `main` is the one that starts it."""
    source = latex_source.join(files, main)
    expanded = expand(source.text, _local_macros(files, source.text))
    return _Paper(files, main, source, expanded, name or main).document(sha256)


def _local_macros(files: Mapping[str, str], text: str) -> str:
    """The author's own style files, as far as the paper brings them."""
    bases = {PurePosixPath(name).stem: name for name in files if name.endswith(".sty")}
    if not bases:
        return ""
    wanted = [package.strip() for match in _PACKAGE.finditer(text[:50_000]) for package in match.group(1).split(",")]
    kept = [files[bases[package]] for package in wanted if package in bases]
    joined = [re.sub(r"(?<!\\)%.*", "", style) for style in kept if len(style) <= _MAX_STYLE]
    return "\n".join(joined)


@dataclass
class _Block:
    """A section as it fills."""

    title: str
    level: int
    sentences: list[Sentence] = field(default_factory=list)


class _Paper:
    """One pass over the expanded text: prose into sections, floats into tables and captions."""

    def __init__(self, files: Mapping[str, str], main: str, source: Source, expanded: Expanded, name: str) -> None:
        self.files, self.main, self.source, self.expanded, self.name = files, main, source, expanded, name
        self.text = expanded.text
        start = _DOCUMENT.search(self.text)
        self.start = start.end() if start else 0
        self.ends = _matching_ends(self.text)
        self.flags = {*source.flags, *expanded.flags}
        self.numbers: Numbers = number(self.text, self.start)
        self.references, labels = self._bibliography()
        self.names = Names(labels, self.numbers.labels)
        self.blocks = [_Block("", 0)]
        self.tables: list[Table] = []
        self.segments: list[tuple[int, int]] = []

    def document(self, sha256: str) -> Document:
        self._scan()
        sections = tuple(Section(title=b.title, level=b.level, sentences=tuple(b.sentences)) for b in self.blocks if b.title or b.sentences)
        return Document(
            id=self.name,
            format="latex",
            title=self._title(),
            sections=sections,
            tables=tuple(self.tables),
            references=self.references,
            sha256=sha256,
            flags=tuple(sorted(self.flags)),
        )

    def locate(self, offset: int, detail: str = "") -> Location:
        file, line = self.source.place(self.expanded.origin(offset))
        place = file if file != self.main else ""
        return Location(document=self.name, line=line, detail=", ".join(part for part in (place, detail) if part))

    def _title(self) -> str:
        match = _TITLE.search(self.text)
        return plain(self.text[match.end() : closing(self.text, match.end())][1:-1], self.names, citing=False) if match else ""

    def _scan(self) -> None:
        position = self.start
        segment = position
        while True:
            match = _STRUCTURE.search(self.text, position)
            if match is None:
                break
            start, position = match.start(), match.end()
            if match["begin"]:
                end = self._begin(match, segment)
                if end is not None:
                    segment = position = end
                continue
            self.segments.append((segment, start))
            segment = position
            if match["end"]:
                self._paragraph()
                if match["end"] == "document":
                    segment = len(self.text)
                    break
            elif match["break"]:
                self._paragraph()
            elif match["section"]:
                self._paragraph()
                segment = position = self._section(match["section"], position)
            elif match["abstract"]:
                self._paragraph()
                self.blocks.append(_Block("Abstract", 1))
                segment = position = position + 1
            elif match["caption"]:
                segment = position = closing(self.text, position)
                self._caption_sentences(self.text[match.end() + 1 : position - 1], match.start(), match["kind"].capitalize())
        self.segments.append((segment, len(self.text)))
        self._paragraph()

    def _begin(self, match: re.Match[str], segment: int) -> int | None:
        """Read an environment that stands apart from prose; returns where it ends, or None for one that is prose."""
        name = match["begin"]
        end = self.ends.get(match.start())
        if name == "abstract":
            self.segments.append((segment, match.start()))
            self._paragraph()
            self.blocks.append(_Block("Abstract", 1))
            return match.end()
        if name == "thebibliography" or (name in _FLOATS and end is not None):
            self.segments.append((segment, match.start()))
            if name == "thebibliography":
                self._paragraph()
                return end or len(self.text)
            assert end is not None
            if not name.startswith("algorithm"):
                self._float(match.start(), end, name)
            return end
        return None

    def _section(self, command: str, position: int) -> int:
        if self.text.startswith("[", position):
            bracket = self.text.find("]", position, position + 400)
            brace = self.text.find("{", bracket) if bracket > 0 else -1
            position = brace if brace >= 0 else position
        end = closing(self.text, position) if self.text.startswith("{", position) else position
        title = plain(self.text[position + 1 : end - 1], self.names, citing=False)
        self.blocks.append(_Block(title, _LEVELS[command]))
        return end

    def _paragraph(self) -> None:
        """Set the segments gathered so far as sentences of the current section."""
        segments = [(start, end) for start, end in self.segments if self.text[start:end].strip()]
        self.segments = []
        if not segments:
            return
        if sum(end - start for start, end in segments) > _MAX_PARAGRAPH:
            self.flags.add("unparsed_passage")
            return
        marked, places = self._marked(segments)
        text = Text(self.names)
        try:
            text.add(Walker(marked, flat=True).nodes())
        except RecursionError:
            self.flags.add("unparsed_passage")
            return
        for printed in ["".join(text.pieces), *text.footnotes]:
            self._sentences(printed, places, segments[0][0])

    def _marked(self, segments: list[tuple[int, int]]) -> tuple[str, list[int]]:
        """The paragraph's source with a private character at each line start, and the offset each stands for."""
        places: list[int] = []

        def mark(match: re.Match[str]) -> str:
            if len(places) >= _MAX_MARKS:
                return match.group()
            places.append(base + match.end())
            return f"\n{chr(0xE000 + len(places) - 1)}"

        pieces = []
        for start, end in segments:
            base = start
            pieces.append(_LINE_START.sub(mark, self.text[start:end]))
        return " ".join(pieces), places

    def _sentences(self, printed: str, places: list[int], start: int, detail: str = "") -> None:
        clean, marks = _unmark(fold(printed), places, start)
        for begin, end in spans(clean):
            sentence = clean[begin:end]
            if any(character.isalpha() for character in sentence):
                offset = max((mark for mark in marks if mark[0] <= begin), default=(0, start))[1]
                self.blocks[-1].sentences.append(Sentence(text=sentence, where=self.locate(offset, detail)))

    def _float(self, start: int, end: int, name: str) -> None:
        if end - start > _MAX_FLOAT:
            self.flags.add("unparsed_passage")
            return
        try:
            nodes = Walker(self.text[start:end]).nodes()
            found, outer = find(nodes, self.names, lambda offset: self.locate(start + offset))
            for table in found:
                self._table(table, start)
        except RecursionError:
            self.flags.add("unparsed_passage")
            return
        self._orphan_captions(outer, found, nodes, start, name)

    def _table(self, found: Found, start: int) -> None:
        caption, places = caption_of(found)
        labels = [self.numbers.captions[start + place] for place in places if start + place in self.numbers.captions]
        label = labels[-1] if labels else ""
        keys = found.scope.labels or (found.scope.parent.labels if found.scope.parent else [])
        where = self.locate(start, keys[0] if keys else "")
        where = where.model_copy(update={"line": found.where.line})
        self.tables.append(Table(label=label or (keys[0] if keys else ""), caption=caption, cells=found.cells, where=where))

    def _orphan_captions(self, outer: Scope, found: list[Found], nodes: list[object], start: int, name: str) -> None:
        """Captions of floats without a table are prose: figures make claims too."""
        if found or not name.startswith(("figure", "wrapfigure", "table")):
            return
        for match in re.finditer(r"\\caption\*?\s*+(?:\[[^\]]{0,300}\])?\s*+(?=\{)", self.text[start : self.ends.get(start, start)]):
            opening = start + match.end()
            label = self.numbers.captions.get(start + match.start(), "")
            self._caption_sentences(self.text[opening + 1 : closing(self.text, opening) - 1], opening, label)

    def _caption_sentences(self, source: str, offset: int, label: str) -> None:
        self._sentences(plain(source, self.names), [], offset, f"{label} caption".strip())

    def _bibliography(self) -> tuple[tuple[Reference, ...], dict[str, str]]:
        start = self.text.find(r"\begin{thebibliography}")
        if start >= 0:
            return _references(
                self.text[start : self.ends.get(start, len(self.text))], self.name, lambda offset: self.locate(start + offset).line or 1
            )
        stem = PurePosixPath(self.main).with_suffix(".bbl").as_posix()
        found = stem if stem in self.files else next((name for name in sorted(self.files) if name.endswith(".bbl")), "")
        if not found:
            return (), {}
        text = self.files[found]
        return _references(expand(re.sub(r"(?<!\\)%.*\n\s*", "", text)).text, self.name, lambda offset: 1)


def _references(text: str, name: str, line_of: Callable[[int], int]) -> tuple[tuple[Reference, ...], dict[str, str]]:
    r"""The \bibitems of a bibliography, and what a citation of each prints."""
    references, labels = [], {}
    for index, (offset, label, key, body) in enumerate(_bibitems(text), start=1):
        printed = plain(body.replace(r"\newblock", " "))
        if printed:
            references.append(reference(printed, line_of(offset), name))
        natbib = _NATBIB.match(label)
        labels[key] = f"{plain(natbib.group(1).strip('{} '))}, {natbib.group(2)}" if natbib else plain(label) or str(index)
    return tuple(references), labels


def _bibitems(text: str) -> Iterator[tuple[int, str, str, str]]:
    starts = [match.end() for match in _BIBITEM.finditer(text)]
    stop = text.find(r"\end{thebibliography}")
    for start, following in zip(starts, [*starts[1:], stop if stop >= 0 else len(text)], strict=True):
        position, label = start, ""
        if text[position : position + 50].lstrip().startswith("["):
            opening = text.index("[", position)
            position = _bracket_end(text, opening, following)
            label = text[opening + 1 : position - 1]
        brace = text.find("{", position, following)
        if brace < 0:
            continue
        end = closing(text, brace)
        yield start, label, text[brace + 1 : end - 1].strip(), text[end : following - (len(r"\bibitem") if following != stop else 0)]


def _bracket_end(text: str, opening: int, limit: int) -> int:
    depth = 0
    for position in range(opening + 1, min(limit, opening + 2_000)):
        character = text[position]
        depth += (character == "{") - (character == "}")
        if character == "]" and depth <= 0:
            return position + 1
    return opening + 1


def _unmark(text: str, places: list[int], start: int) -> tuple[str, list[tuple[int, int]]]:
    """The text without its line marks, and for each the position it stood at and the offset it stands for."""
    pieces, marks, length, position = [], [(0, start)], 0, 0
    for match in LINE_MARK.finditer(text):
        pieces.append(text[position : match.start()])
        length += match.start() - position
        position = match.end()
        index = ord(match.group()) - 0xE000
        if index < len(places):
            marks.append((length, places[index]))
    pieces.append(text[position:])
    return "".join(pieces), marks


def _matching_ends(text: str) -> dict[int, int]:
    r"""For each \begin that has its \end: where it starts, and one past its end."""
    open_at: dict[str, list[int]] = {}
    ends: dict[int, int] = {}
    for match in _ENVIRONMENT.finditer(text):
        name = match.group(2)
        if name not in _FLOATS and name not in TABULARS and name not in ("thebibliography", "abstract"):
            continue
        if match.group(1) == "begin":
            open_at.setdefault(name, []).append(match.start())
        elif open_at.get(name):
            ends[open_at[name].pop()] = match.end()
    return ends

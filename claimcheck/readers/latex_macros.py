r"""The author's own macros, environments and conditionals, replaced by what they stand for, before anything is parsed.

A macro may hold half a table row or half an environment (`\newcommand{\row}[2]{#1 & #2 \\}`), so expansion works on the source,
as TeX's does; the result is plain LaTeX that a node parser understands. Text that TeX would not set (\iffalse … \fi) is left out.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace

_CONTROL = re.compile(r"\\([A-Za-z@]+)\*?|\\.", re.DOTALL)
_SPACE = re.compile(r"[ \t]*\n?[ \t]*")
_PARAMETER = re.compile(r"#([1-9])")
_NAME = re.compile(r"\s*(?:\{\s*\\([A-Za-z@]+|.)\s*\}|\\([A-Za-z@]+|.))\*?", re.DOTALL)
_COUNT = re.compile(r"\s*\[\s*(\d)\s*\]")
_PARAMETERS_OF_DEF = re.compile(r"[^{}\\]{0,200}")
_NUMBER_TEST = re.compile(r"\s*(\d+)\s*([<=>])\s*(\d+)\s?")
_ENVIRONMENT = re.compile(r"\s*\{([^{}\n]{1,60})\}")
_BRANCH = re.compile(r"\\([A-Za-z@]+)")
_RULE = re.compile(r"\s*\\noalign\b.*\\hrule\b", re.DOTALL)
r"""A body that draws a rule: `\noalign{\ifnum0=`}\fi \hrule \@height 1pt …`, whose first brace closes only in what LaTeX reads next."""

MAX_EXPANSIONS = 60_000
MAX_EXPANDED = 12_000_000
"""Characters. A paper needs a few hundred expansions; ten nested doubling macros are a bomb."""

_MAX_DEPTH = 60

_CONDITIONALS = frozenset(
    [
        *("if", "ifx", "ifnum", "ifdim", "ifodd", "ifcase", "ifmmode", "ifhmode", "ifvmode", "iftrue", "iffalse", "ifdefined"),
        *("ifcsname", "ifpdf", "ifcat", "ifvoid", "ifeof"),
    ]
)

STRUCTURAL = frozenset(
    [
        *(
            "begin",
            "end",
            "item",
            "par",
            "section",
            "subsection",
            "subsubsection",
            "paragraph",
            "subparagraph",
            "chapter",
            "part",
            "appendix",
        ),
        *("caption", "captionof", "subcaption", "subfloat", "subfigure", "subtable", "subcaptionbox", "label", "ref", "title", "author"),
        *(
            "cite",
            "citep",
            "citet",
            "citealt",
            "citealp",
            "bibitem",
            "multicolumn",
            "multirow",
            "hline",
            "toprule",
            "midrule",
            "bottomrule",
        ),
        *("cmidrule", "cline", "tabularnewline", "textbf", "textit", "emph", "underline", "bf", "it", "bfseries", "footnote", "thanks"),
        *("includegraphics", "vspace", "hspace", "newcommand", "renewcommand", "def", "maketitle", "date", "newpage", "url", "href"),
        *("and", "abstract", "bibliography", "bibliographystyle", "verb", "usepackage", "documentclass", "text", "mbox", "num", "SI"),
        *("ensuremath", "frac", "pm", "times", "left", "right", "textcolor", "color", "rule", "footnotesize", "small", "scriptsize"),
    ]
)
"""Names whose meaning the reader knows: a redefinition changes their looks, so it is passed over."""


@dataclass(frozen=True)
class Macro:
    """A macro: how it takes its arguments, and its body."""

    pattern: str
    """One character per argument: `m` mandatory, `o` optional; or delimiters of a \\def."""

    body: str
    default: str = ""
    delimiters: tuple[str, ...] = ()
    """The literal text a \\def demands after each parameter."""


@dataclass
class Expanded:
    """Text after expansion and, for each stretch, the offset in the source it came from."""

    text: str
    offsets: list[int]
    origins: list[int]
    copied: list[bool]
    """Whether the stretch is the source's own text, so that offsets inside it keep step."""

    flags: set[str] = field(default_factory=set)

    def origin(self, offset: int) -> int:
        """The source offset of a character of the expanded text."""
        index = bisect_right(self.offsets, offset) - 1
        if index < 0:
            return 0
        return self.origins[index] + (offset - self.offsets[index] if self.copied[index] else 0)


def expand(text: str, prelude: str = "") -> Expanded:
    """`text` with the macros it (and the definitions in `prelude`, a local style file) defines replaced."""
    expander = _Expander()
    if prelude:
        expander.define_only(prelude)
    return expander.run(text)


@dataclass
class _Frame:
    text: str
    position: int
    origin: int
    depth: int


class _Expander:
    """One pass over the text with a stack of frames: the source below, the bodies of macros being expanded above."""

    def __init__(self) -> None:
        self.macros: dict[str, Macro] = {}
        self.environments: dict[str, tuple[Macro, str]] = {}
        self.booleans: dict[str, bool] = {}
        self.stack: list[_Frame] = []
        self.pieces: list[str] = []
        self.length = 0
        self.expanded = Expanded("", [], [], [])
        self.expansions = 0
        self.expanded_characters = 0
        self.open_ifs: list[bool] = []

    def run(self, text: str) -> Expanded:
        self.stack = [_Frame(text, 0, 0, 0)]
        while self.stack:
            frame = self.stack[-1]
            match = _CONTROL.search(frame.text, frame.position)
            end = match.start() if match else len(frame.text)
            if end > frame.position:
                self._emit(frame, frame.text[frame.position : end], frame.position)
            if match is None:
                self.stack.pop()
                continue
            frame.position = match.end()
            self._control(frame, match)
        self.expanded.text = "".join(self.pieces)
        return self.expanded

    def define_only(self, prelude: str) -> None:
        r"""Take in the public definitions of a style file: names and bodies without `@`, which is LaTeX's mark of internals."""
        for match in re.finditer(r"\\(newcommand|renewcommand|providecommand|def|DeclareRobustCommand|newenvironment|newif)\b\*?", prelude):
            frame = _Frame(prelude, match.end(), 0, 0)
            self.stack = [frame]
            before = dict(self.macros)
            _DEFINERS[match.group(1)](self, frame)
            for name, macro in self.macros.items():
                if before.get(name) is not macro and ("@" in name or "@" in macro.body):
                    self.macros = before
                    break
        self.stack = []

    def _emit(self, frame: _Frame, text: str, position: int) -> None:
        bottom = frame is self.stack[0]
        self.expanded.offsets.append(self.length)
        self.expanded.origins.append(position if bottom else frame.origin)
        self.expanded.copied.append(bottom)
        self.pieces.append(text)
        self.length += len(text)

    def _control(self, frame: _Frame, match: re.Match[str]) -> None:
        name = match.group(1)
        if name is None:
            self._emit(frame, match.group(), match.start())
        elif name in _DEFINERS:
            _DEFINERS[name](self, frame)
        elif name in ("begin", "end") and self.environments and self._environment(frame, name):
            pass
        elif name in _CONDITIONALS or name in self.booleans or name in ("else", "fi"):
            self._conditional(frame, name)
        elif name.endswith(("true", "false")) and self._set_boolean(name):
            pass
        elif name in self.macros:
            frame.position = match.start(1) + len(name)
            if not self._spent(frame):
                self._expand(frame, name, match)
        else:
            self._emit(frame, match.group(), match.start())

    def _spent(self, frame: _Frame) -> bool:
        spent = self.expansions >= MAX_EXPANSIONS or self.expanded_characters >= MAX_EXPANDED or frame.depth >= _MAX_DEPTH
        if spent:
            self.expanded.flags.add("macro_budget")
        return spent

    def _expand(self, frame: _Frame, name: str, match: re.Match[str]) -> None:
        macro = self.macros[name]
        origin = match.start() if frame is self.stack[0] else frame.origin
        starred = match.group().endswith("*")
        if starred and frame.text.startswith("*", frame.position) and macro.pattern and macro.delimiters == ():
            frame.position += 1  # the starred form of a macro takes the same arguments
        body = self._substitute(frame, macro)
        if not macro.pattern and not macro.delimiters:
            frame.position = _after_word(frame.text, frame.position)
            following = frame.text[frame.position : frame.position + 1]
            if body and body[-1:].isalpha() and following.isalpha() and re.search(r"\\[A-Za-z@]+$", body):
                body += " "
        self._push(body, origin, frame.depth + 1)

    def _substitute(self, frame: _Frame, macro: Macro) -> str:
        arguments: list[str] = []
        if macro.delimiters:
            for delimiter in macro.delimiters:
                arguments.append(self._delimited(delimiter) if delimiter else self._argument())
        else:
            for kind in macro.pattern:
                if kind == "o":
                    found = self._optional()
                    arguments.append(macro.default if found is None else found)
                elif kind == "s":
                    top = self.stack[-1]
                    starred = top.text.startswith("*", top.position)
                    top.position += starred
                    arguments.append("*" if starred else "")
                else:
                    arguments.append(self._argument())
        if not arguments:
            return macro.body
        size = sum(map(len, arguments)) * max(1, macro.body.count("#"))
        if self.expanded_characters + size > MAX_EXPANDED:
            self.expanded_characters = MAX_EXPANDED
            self.expanded.flags.add("macro_budget")
            return ""
        return _PARAMETER.sub(lambda m: arguments[int(m.group(1)) - 1] if int(m.group(1)) <= len(arguments) else "", macro.body)

    def _push(self, body: str, origin: int, depth: int) -> None:
        self.expansions += 1
        self.expanded_characters += len(body)
        while len(self.stack) > 1 and self.stack[-1].position >= len(self.stack[-1].text):
            self.stack.pop()
        self.stack.append(_Frame(body, 0, origin, depth))

    def _top(self) -> _Frame:
        """The frame the next argument stands in: a body that ends in a macro takes its argument from the text behind it."""
        while len(self.stack) > 1 and not self.stack[-1].text[self.stack[-1].position :].strip():
            self.stack.pop()
        return self.stack[-1]

    def _argument(self) -> str:
        frame = self._top()
        frame.position = _SPACE.match(frame.text, frame.position).end()  # type: ignore[union-attr]  # matches the empty string
        start = frame.position
        if frame.text.startswith("{", start):
            frame.position = closing(frame.text, start)
            return frame.text[start + 1 : frame.position - 1]
        if frame.text.startswith("\\", start):
            match = _CONTROL.match(frame.text, start)
            frame.position = match.end() if match else len(frame.text)
            return frame.text[start : frame.position]
        frame.position = min(start + 1, len(frame.text))
        return frame.text[start : frame.position]

    def _optional(self) -> str | None:
        frame = self._top()
        position = _SPACE.match(frame.text, frame.position).end()  # type: ignore[union-attr]  # matches the empty string
        if not frame.text.startswith("[", position):
            return None
        end = _closing_bracket(frame.text, position)
        if end < 0:
            return None
        frame.position = end + 1
        return frame.text[position + 1 : end]

    def _delimited(self, delimiter: str) -> str:
        frame = self._top()
        end = frame.text.find(delimiter, frame.position, frame.position + 5_000)
        if end < 0:
            return ""
        argument = frame.text[frame.position : end]
        frame.position = end + len(delimiter)
        return argument[1:-1] if argument[:1] == "{" and argument[-1:] == "}" else argument

    def _environment(self, frame: _Frame, which: str) -> bool:
        match = _ENVIRONMENT.match(frame.text, frame.position)
        if match is None or match.group(1) not in self.environments:
            return False
        origin = frame.position if frame is self.stack[0] else frame.origin
        frame.position = match.end()
        if self._spent(frame):
            return True
        begin, end = self.environments[match.group(1)]
        self._push(self._substitute(frame, begin) if which == "begin" else end, origin, frame.depth + 1)
        return True

    def _set_boolean(self, name: str) -> bool:
        stem = "if" + (name[:-4] if name.endswith("true") else name[:-5])
        if stem in self.booleans:
            self.booleans[stem] = name.endswith("true")
            return True
        return False

    def _conditional(self, frame: _Frame, name: str) -> None:
        if name == "fi":
            if self.open_ifs:
                self.open_ifs.pop()
            return
        if name == "else":
            if self.open_ifs:
                self.open_ifs.pop()
                self._skip_branch(frame, stop_at_else=False)
            return
        if self._test(frame, name):
            self.open_ifs.append(True)
        elif self._skip_branch(frame, stop_at_else=True) == "else":
            self.open_ifs.append(False)

    def _test(self, frame: _Frame, name: str) -> bool:
        """What a conditional says as far as it can be known; what can't is false."""
        if name in self.booleans:
            return self.booleans[name]
        if name in ("iftrue", "ifpdf"):
            return True
        if name in ("ifnum", "ifdim", "ifodd"):
            match = _NUMBER_TEST.match(frame.text, frame.position)
            if match:
                frame.position = match.end()
                left, right = int(match.group(1)[:9]), int(match.group(3)[:9])
                return {"<": left < right, "=": left == right, ">": left > right}[match.group(2)]
            return False
        if name in ("ifx", "if"):
            left_token, right_token = self._argument(), self._argument()
            return self._meaning(left_token) == self._meaning(right_token)
        if name == "ifdefined":
            return self._argument().lstrip("\\") in self.macros
        return False

    def _meaning(self, token: str) -> str:
        macro = self.macros.get(token[1:]) if token.startswith("\\") else None
        return macro.body if macro else token

    def _skip_branch(self, frame: _Frame, *, stop_at_else: bool) -> str:
        """Move past the text of a branch not taken; returns the word that ended it."""
        depth = 0
        if frame is self.stack[0] and "unclosed_conditional" in self.expanded.flags:
            return ""  # what one search found no end to, the next need not look through again
        for match in _BRANCH.finditer(frame.text, frame.position):
            word = match.group(1)
            if word in _CONDITIONALS or word in self.booleans:
                depth += 1
            elif word == "fi":
                if depth == 0:
                    frame.position = match.end()
                    return "fi"
                depth -= 1
            elif word == "else" and depth == 0 and stop_at_else:
                frame.position = match.end()
                return "else"
        if frame is self.stack[0]:
            self.expanded.flags.add("unclosed_conditional")
        else:
            frame.position = len(frame.text)
        return ""

    def define(self, name: str, macro: Macro) -> None:
        if name not in STRUCTURAL:
            self.macros[name] = replace(macro, body=r"\hline ") if _RULE.match(macro.body) else macro

    def new_command(self, frame: _Frame) -> None:
        name = self._name(frame)
        count, default, optional = self._signature(frame)
        body = self._argument()
        if name:
            self.define(name, Macro("o" * optional + "m" * (count - optional), body, default))

    def provide_command(self, frame: _Frame) -> None:
        known = dict(self.macros)
        self.new_command(frame)
        self.macros.update(known)

    def document_command(self, frame: _Frame) -> None:
        name = self._name(frame)
        signature = re.sub(r"\s+|[+!]", "", self._argument())
        default = re.search(r"O\{([^{}]*)\}", signature)
        pattern = re.sub(r"O\{[^{}]*\}", "o", signature)
        body = self._argument()
        if name and re.fullmatch(r"[mos]*", pattern):
            self.define(name, Macro(pattern, body, default.group(1) if default else ""))

    def define_by_def(self, frame: _Frame) -> None:
        name = self._name(frame)
        match = _PARAMETERS_OF_DEF.match(frame.text, frame.position)
        parameters = match.group() if match else ""
        frame.position += len(parameters)
        if not frame.text.startswith("{", frame.position):
            return
        body = self._argument()
        delimiters = re.split(r"#[1-9]", parameters)
        if name is None or delimiters[0].strip():
            return
        simple = not any(piece.strip() for piece in delimiters)
        count = len(delimiters) - 1
        self.define(name, Macro("m" * count, body) if simple else Macro("d", body, delimiters=tuple(d.strip() for d in delimiters[1:])))

    def let(self, frame: _Frame) -> None:
        name = self._name(frame)
        match = re.compile(r"\s*=?\s*").match(frame.text, frame.position)
        frame.position = match.end() if match else frame.position
        target = self._argument()
        if name is None or target == f"\\{name}":
            return
        self.define(name, self.macros.get(target[1:], Macro("", target)) if target.startswith("\\") else Macro("", target))

    def new_if(self, frame: _Frame) -> None:
        name = self._name(frame)
        if name and name.startswith("if"):
            self.booleans[name] = False

    def new_environment(self, frame: _Frame) -> None:
        name = self._argument().strip()
        count, default, optional = self._signature(frame)
        begin, end = self._argument(), self._argument()
        known = name in _KNOWN_ENVIRONMENTS
        if not known and f"\\begin{{{name}}}" not in begin:
            self.environments[name] = (Macro("o" * optional + "m" * (count - optional), begin, default), end)

    def operator(self, frame: _Frame) -> None:
        name = self._name(frame)
        body = self._argument()
        if name:
            self.define(name, Macro("", rf"\operatorname{{{body}}}"))

    def column_type(self, frame: _Frame) -> None:
        self._argument()
        self._signature(frame)
        self._argument()

    def _name(self, frame: _Frame) -> str | None:
        match = _NAME.match(frame.text, frame.position)
        if match is None:
            return None
        frame.position = match.end()
        return match.group(1) or match.group(2)

    def _signature(self, frame: _Frame) -> tuple[int, str, int]:
        """Number of arguments, the optional first one's default, and whether (1 or 0) there is one."""
        match = _COUNT.match(frame.text, frame.position)
        if match is None:
            return 0, "", 0
        frame.position = match.end()
        default = self._optional()
        return int(match.group(1)), default or "", int(default is not None and int(match.group(1)) > 0)


_KNOWN_ENVIRONMENTS = frozenset(
    [
        *(
            "tabular",
            "tabular*",
            "tabularx",
            "table",
            "table*",
            "figure",
            "figure*",
            "document",
            "abstract",
            "thebibliography",
            "longtable",
        ),
        *("itemize", "enumerate", "equation", "align", "center", "minipage", "subtable"),
    ]
)

_DEFINERS = {
    "newcommand": _Expander.new_command,
    "renewcommand": _Expander.new_command,
    "DeclareRobustCommand": _Expander.new_command,
    "providecommand": _Expander.provide_command,
    "newcommandx": _Expander.new_command,
    "NewDocumentCommand": _Expander.document_command,
    "RenewDocumentCommand": _Expander.document_command,
    "DeclareDocumentCommand": _Expander.document_command,
    "def": _Expander.define_by_def,
    "gdef": _Expander.define_by_def,
    "edef": _Expander.define_by_def,
    "xdef": _Expander.define_by_def,
    "let": _Expander.let,
    "newif": _Expander.new_if,
    "newenvironment": _Expander.new_environment,
    "renewenvironment": _Expander.new_environment,
    "DeclareMathOperator": _Expander.operator,
    "newcolumntype": _Expander.column_type,
}


def closing(text: str, start: int) -> int:
    """One past the brace that closes the one at `start`; the end of the text if none does."""
    depth, position = 0, start
    for match in _BRACE.finditer(text, start):
        if match.group() == "{":
            depth += 1
        elif match.group() == "}":
            depth -= 1
            if depth == 0:
                return match.end()
        position = match.end()
    return max(position, len(text))


_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def _closing_bracket(text: str, start: int) -> int:
    """Where the bracket opened at `start` closes outside braces; -1 if it does not within reach."""
    depth = 0
    for match in re.compile(r"\\.|[{}\]]", re.DOTALL).finditer(text, start + 1, start + 3_000):
        if match.group() == "{":
            depth += 1
        elif match.group() == "}":
            depth -= 1
            if depth < 0:
                return -1
        elif match.group() == "]" and depth == 0:
            return match.start()
    return -1


def _after_word(text: str, position: int) -> int:
    """Past the blanks TeX swallows behind a control word; a blank line stays."""
    match = _SPACE.match(text, position)
    end = match.end() if match else position
    return position if text.startswith("\n", end) else end

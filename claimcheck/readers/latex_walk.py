r"""LaTeX to pylatexenc nodes: which arguments each macro takes, and a token reader fast enough for whole papers.

pylatexenc reads prose one character a token (0.35 s for a paper of 40 kB); here a run of ordinary characters is one token. Its
text mode is not used anywhere: it writes the arguments of \multicolumn and \cmidrule into the text as digits.
"""

import re
from functools import cache
from typing import Any, TypeAlias

from pylatexenc import latexwalker
from pylatexenc.macrospec import EnvironmentSpec, LatexContextDb, MacroSpec, MacroStandardArgsParser, ParsedMacroArgs, SpecialsSpec

Node: TypeAlias = Any
"""A pylatexenc node, token or parsing state: the library has no types."""

_RUN = re.compile(r"(?:[^\\{}$%&~\[\]`'\-]|-(?!-)|'(?!')|`(?!`))+")

_ENVIRONMENT = re.compile(r"(\s*+)\\(begin|end)\s*\{([\w* ._-]+)\}")

_ARGUMENTS = {
    "{": (
        "textbf textit textmd textsc textsf textsl texttt textup textrm textnormal emph underline uline ul uwave sout st text mbox hbox fbox "
        "mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak mathscr boldsymbol bm mathnormal operatorname label ref eqref autoref "
        "cref Cref pageref nameref phantom hphantom vphantom url path nolinkurl thanks ensuremath textsuperscript "
        "textsubscript tnote hat bar tilde vec dot ddot widehat widetilde overline check breve acute grave mathring cline "
        "hhline noalign arrayrulecolor pagestyle thispagestyle bibliographystyle bibliography input include keywords email title author "
        "date affiliation institute centerline leftline rightline uppercase lowercase MakeUppercase MakeLowercase hl ang si unit numlist "
        "substack mathop mathbin mathrel mathord mathopen mathclose tablenum ding fnref tablefootnote usebox ' ` \" ^ ~ = . c H k b d r u "
        "tablehead colhead nocolhead twocolhead cutinhead sidehead tablecaption tablewidth tablecolumns tabletypesize tablenotemark "
        "tablecomments tablerefs v captionsetup pagecolor index nocite graphicspath hypersetup llap rlap clap mathllap mathrlap mathclap boxed end"
    ),
    "[{": (
        "footnote footnotetext sqrt shortstack rotatebox rowcolor cellcolor color columncolor includegraphics num subcaption thead rothead "
        "xrightarrow xleftarrow todo bibitem hyperref"
    ),
    "*[{": "caption section subsection subsubsection paragraph subparagraph chapter part makecell",
    "*{": "vspace hspace",
    "*[[{": (
        "cite citep citet citealt citealp citeauthor citeyear citeyearpar Citet Citep parencite textcite footcite autocite citenum "
        "shortcite newcite citeyearNP citeNP fullcite onlinecite citetalias citepalias"
    ),
    "{{": (
        "frac dfrac tfrac nicefrac sfrac binom setlength addtolength setcounter addtocounter fontsize stackrel overset underset "
        "texorpdfstring href captionof numrange Xcline settowidth tablenotetext"
    ),
    "[{{": "textcolor colorbox SI qty diagbox backslashbox slashbox ttabbox",
    "{{{": "multicolumn specialrule SIrange ifthenelse definecolor resizebox",
    "{[{": "scalebox",
    "[{[{[{": "multirow",
    "*[{{{": "rowcolors",
    "{[[{": "raisebox",
    "[[[{{": "parbox",
    "[[{": "makebox framebox subfloat subfigure subtable subtop",
    "*[{[[{": "subcaptionbox",
    "[": "toprule midrule bottomrule addlinespace hdashline item footnotemark tabularnewline linebreak pagebreak",
    "{[": "begin",
}
r"""Macros by their arguments: `{` mandatory, `[` optional, `*` a star. One not listed takes none, and a group behind it is text."""

_MATH_ENVIRONMENTS = frozenset(
    [
        *("math", "displaymath", "equation", "equation*", "eqnarray", "eqnarray*", "align", "align*", "gather", "gather*"),
        *("flalign", "flalign*", "multline", "multline*", "alignat", "alignat*", "split", "aligned", "gathered", "cases", "dcases"),
        *("matrix", "pmatrix", "bmatrix", "vmatrix", "smallmatrix"),
    ]
)

TABULARS = {
    "tabular": "[{",
    "tabular*": "{[{",
    "tabularx": "{[{",
    "tabulary": "{[{",
    "tabu": "{",
    "longtabu": "{",
    "longtable": "[{",
    "supertabular": "{",
    "supertabular*": "{{",
    "xtabular": "{",
    "mpsupertabular": "{",
    "array": "[{",
    "tblr": "[{",
    "longtblr": "[{",
    "talltblr": "[{",
    "NiceTabular": "[{[",
    "NiceTabular*": "{[{[",
    "NiceTabularX": "{[{[",
    "deluxetable": "{",
    "deluxetable*": "{",
    "tabbing": "",
}
"""Environments that set cells in rows, with their arguments before the first cell."""

_BOXES = {
    "table": "[", "table*": "[", "figure": "[", "figure*": "[", "wraptable": "[{[{", "wrapfigure": "[{[{", "sidewaystable": "[",
    "sidewaystable*": "[", "subtable": "[{", "subfigure": "[{", "minipage": "[[[{", "threeparttable": "[", "tablenotes": "[",
    "adjustbox": "{", "adjustwidth": "{{", "landscape": "", "center": "", "small": "", "floatrow": "[", "footnotesize": "",
    "scriptsize": "", "measuredfigure": "", "SCtable": "[[", "margintable": "[", "itemize": "[", "enumerate": "[", "spacing": "{",
    "resizebox": "{{", "turn": "{", "rotate": "{", "sideways": "", "ThreePartTable": "", "TableNotes": "[", "table-caption": "",
}  # fmt: skip


class _Pattern(MacroStandardArgsParser):  # type: ignore[misc]  # pylatexenc has no types
    r"""Arguments pylatexenc's letters can't say (`\cmidrule(lr){2-3}`), skipped by a pattern; they carry no text."""

    def __init__(self, pattern: str) -> None:
        super().__init__("")
        self.pattern = re.compile(pattern)

    def parse_args(self, w: Node, pos: int, parsing_state: Node = None) -> tuple[Node, int, int]:
        match = self.pattern.match(w.s, pos)
        length = match.end() - pos if match else 0
        text = w.s[pos : pos + length]
        node = w.make_node(latexwalker.LatexCharsNode, parsing_state=parsing_state, chars=text, pos=pos, len=length)
        return ParsedMacroArgs(argspec="{", argnlist=[node]), pos, length


_PATTERNS = {
    "cmidrule": r"\s*(?:\[[^\]]{0,40}\])?\s*(?:\([^)]{0,40}\))?\s*(?:\[[^\]]{0,40}\])?\s*\{[^{}]{0,40}\}",
    "hlineB": r"\s*\{[^{}]{0,20}\}",
    "clineB": r"\s*\{[^{}]{0,20}\}\s*\{[^{}]{0,20}\}",
    "Xhline": r"\s*\{[^{}]{0,40}\}",
    "rule": r"\s*(?:\[[^\]]{0,40}\])?\s*(?:\{[^{}]{0,40}\}){0,2}",
    "hskip": r"\s*-?[\d.]*\s*(?:\\[A-Za-z]+|[a-z]{2})?",
    "vskip": r"\s*-?[\d.]*\s*(?:\\[A-Za-z]+|[a-z]{2})?",
    "kern": r"\s*-?[\d.]*\s*(?:\\[A-Za-z]+|[a-z]{2})?",
    "SetCell": r"\s*(?:\[[^\]]{0,80}\])?\s*\{[^{}]{0,80}\}",
    "verb": r"\*?(\W).{0,200}?\1",
    "citestyle": r"\s*\{[^{}]{0,40}\}",
    "cdashline": r"\s*\{[^{}]{0,20}\}\s*(?:\[[^\]]{0,40}\])?",
    "tabcolsep": r"\s*=?\s*-?[\d.]*\s*[a-z]{2}",
    "aboverulesep": r"\s*=?\s*-?[\d.]*\s*[a-z]{2}",
    "belowrulesep": r"\s*=?\s*-?[\d.]*\s*[a-z]{2}",
}


@cache
def _context() -> LatexContextDb:
    macros = {
        name: MacroSpec(name, args_parser=MacroStandardArgsParser(arguments))
        for arguments, names in _ARGUMENTS.items()
        for name in names.split()
    }
    macros["\\"] = MacroSpec("\\", args_parser=MacroStandardArgsParser("*[", optional_arg_no_space=True))
    for name, pattern in _PATTERNS.items():
        macros[name] = MacroSpec(name, args_parser=_Pattern(pattern))
    environments = [
        *(EnvironmentSpec(name, args_parser=MacroStandardArgsParser(""), is_math_mode=True) for name in _MATH_ENVIRONMENTS),
        *(EnvironmentSpec(name, args_parser=MacroStandardArgsParser(arguments)) for name, arguments in {**_BOXES, **TABULARS}.items()),
    ]
    context = LatexContextDb()
    specials = [SpecialsSpec(text) for text in ("&", "~", "``", "''", "--", "---")]
    context.add_context_category("paper", macros=list(macros.values()), environments=environments, specials=specials)
    context.set_unknown_macro_spec(MacroSpec(""))
    context.set_unknown_environment_spec(EnvironmentSpec(""))
    return context


class Walker(latexwalker.LatexWalker):  # type: ignore[misc]  # pylatexenc has no types
    """A tolerant node parser. `flat` leaves unknown environments unnested, as prose cut at its paragraphs needs."""

    def __init__(self, text: str, *, flat: bool = False) -> None:
        super().__init__(text, latex_context=_context(), tolerant_parsing=True)
        self.flat = flat

    def nodes(self) -> list[Node]:
        """The top-level nodes; RecursionError if braces nest deeper than Python does."""
        found, _, _ = self.get_latex_nodes()
        return list(found)

    def get_token(self, pos: int, include_brace_chars: Node = None, environments: bool = True, **more: Node) -> Node:
        # A macro's argument is asked for with environments=False: there TeX takes a single character, so no runs.
        if environments and not include_brace_chars:
            run = _RUN.match(self.s, pos)
            if run:
                return latexwalker.LatexToken(tok="char", arg=run.group(), pos=pos, len=run.end() - pos, pre_space="")
        found = _ENVIRONMENT.match(self.s, pos) if environments else None
        if found is None:
            return super().get_token(pos, include_brace_chars=include_brace_chars, environments=environments, **more)
        space, word, name = found.groups()
        start = found.start(2) - 1
        if self.flat and not _nested(name):
            return latexwalker.LatexToken(tok="macro", arg=word, pos=start, len=len(word) + 1, pre_space=space)
        # The base class copies the rest of the text for each \begin it meets: a second for a thousand of them.
        return latexwalker.LatexToken(tok=f"{word}_environment", arg=name, pos=start, len=found.end() - start, pre_space=space)

    def _report_ignore_parse_error(self, exc: Node) -> None:
        """Say nothing: the base class logs each one, and a damaged paper has thousands."""


def _nested(environment: str) -> bool:
    return environment in TABULARS or environment in _MATH_ENVIRONMENTS

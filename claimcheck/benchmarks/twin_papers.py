r"""Forty-eight short papers of our own making, each with tables set as papers set them: what the twins benchmark compiles.

Every paper draws a layout, a typeface and table styles from lists; the numbers come from a seeded generator. Nothing is taken from a
real paper.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COUNT = 48
UNSEEN = 24
"""Further papers of the same kind, drawn after the readers were done: no rule was made with them in view."""

_METHODS = [
    *(
        "Baseline",
        "Ours",
        "Ours (large)",
        "MaskNet",
        "SlowPath",
        "TwoStream-XL",
        "k-NN probe",
        "VideoMixer",
        "DeltaMAE",
        "w/o EMA",
        "w/o masking",
    ),
    *(
        "Frozen encoder + linear",
        "ViT-B/16",
        "ViT-L/14",
        "ResNet-50",
        "Random init.",
        "Full fine-tuning",
        "LatentFlow v2",
        "Kinematic prior",
    ),
]
_SETS = ["UCF-101", "SSv2", "Diving-48", "K400", "HMDB51", "ImageNet-100", "CIFAR-10", "MMLU", "BoolQ", "SQuAD", "VTAB", "COCO"]
_METRICS = ["Top-1", "Top-5", "mAP", "F1", "EM", r"Acc. (\%)", "R@1", "BLEU", "PPL", "AUC"]
_ARROWS = [r"$\uparrow$", r"$\downarrow$"]
_CLASSES = [
    r"\documentclass{article}",
    r"\documentclass[11pt]{article}\usepackage[margin=1in]{geometry}",
    r"\documentclass[twocolumn]{article}\usepackage[margin=2cm]{geometry}",
    r"\documentclass[10pt,twocolumn,letterpaper]{article}\usepackage{times}",
    r"\documentclass[12pt]{article}\usepackage{lmodern}\usepackage[T1]{fontenc}",
    r"\documentclass[a4paper]{article}\usepackage{mathptmx}",
    r"\documentclass[9pt,twocolumn]{extarticle}\usepackage[margin=1.6cm]{geometry}\usepackage{mathptmx}",
]
_PACKAGES = r"""
\usepackage{booktabs,multirow,makecell,array,tabularx,graphicx,amsmath,amssymb,siunitx,subcaption,longtable,threeparttable}
\usepackage[table]{xcolor}
\usepackage{caption}
\sisetup{detect-weight=true,detect-inline-weight=math}
"""
_PROSE = (
    "We train every encoder for the same number of steps and probe it frozen, so that differences come from the objective alone. "
    "The probe reads the last layer and is trained with a fixed schedule. Scores are averaged over three seeds unless we say otherwise. "
    "The gap between the two objectives shrinks as the masks grow, and it vanishes when the target encoder is not averaged. "
)


@dataclass
class Draw:
    """The choices of one table."""

    random: random.Random
    wide: bool
    """Whether the page has one column, so that a table may be wide."""

    def methods(self, count: int) -> list[str]:
        return self.random.sample(_METHODS, count)

    def sets(self, count: int) -> list[str]:
        return self.random.sample(_SETS, count)

    def metrics(self, count: int) -> list[str]:
        return self.random.sample(_METRICS, count)

    def score(self) -> str:
        return f"{self.random.uniform(20, 99):.1f}"

    def value(self, kind: str) -> str:
        """A number as papers print it; `kind` says how."""
        x = self.random.uniform(20, 99)
        return {
            "one": f"{x:.1f}",
            "two": f"{x:.2f}",
            "three": f"{x / 100:.3f}",
            "spread": rf"${x:.1f} \pm {self.random.uniform(0.1, 2):.1f}$",
            "small spread": rf"{x:.1f}$_{{\pm {self.random.uniform(0.1, 2):.1f}}}$",
            "percent": rf"{x:.1f}\%",
            "signed": rf"${'+' if x > 60 else '-'}{x / 10:.2f}$",
            "thousands": f"{int(x * 1234):,}",
            "math": f"${x:.2f}$",
            "power": rf"${x / 10:.1f} \times 10^{{{self.random.randint(-5, 9)}}}$",
            "count": f"{int(x)}",
            "parens": f"{x:.1f} ({self.random.uniform(0.1, 2):.1f})",
            "times": rf"{x / 10:.1f}$\times$",
        }[kind]

    def kind(self) -> str:
        return self.random.choice(
            ["one", "two", "three", "spread", "small spread", "percent", "signed", "thousands", "math", "power", "count", "parens", "times"]
        )

    def marked(self, value: str) -> str:
        """The value, at times bold, underlined, with a footnote mark or missing."""
        at = self.random.random()
        if at < 0.10 and "$" not in value:
            return rf"\textbf{{{value}}}"
        if at < 0.14 and "$" not in value:
            return rf"\underline{{{value}}}"
        if at < 0.17:
            return value + r"$^{\dagger}$"
        if at < 0.19:
            return value + r"$^3$"
        return "--" if at < 0.22 else value


def papers() -> Iterator[tuple[str, str]]:
    """Name and LaTeX source of each paper: the first `COUNT`, then the unseen ones."""
    for number in range(COUNT + UNSEEN):
        yield f"{'own' if number < COUNT else 'unseen'}{number:02d}", paper(number)


def paper(number: int) -> str:
    """One paper. The same number always gives the same text."""
    chosen = random.Random(1_000 + number)
    page = _CLASSES[number % len(_CLASSES)]
    wide = "twocolumn" not in page
    body = []
    for at in range(3):
        style = _STYLES[(number * 3 + at) % len(_STYLES)]
        draw = Draw(chosen, wide)
        body.append(rf"\section{{Experiment {at + 1}}}" + "\n" + _PROSE * chosen.randint(1, 3))
        body.append(_floated(style(draw), draw, starred=not wide and chosen.random() < 0.3))
        body.append(_PROSE)
    joined = "\n\n".join(body)
    return f"{page}\n{_PACKAGES}\n\\title{{Twin paper {number}}}\\author{{Nobody}}\n\\begin{{document}}\n\\maketitle\n{joined}\n\\end{{document}}\n"


def _floated(table: str, draw: Draw, *, starred: bool) -> str:
    if table.startswith((r"\begin{longtable}", r"\begin{table}")):
        return table
    caption = rf"\caption{{Scores of {len(table)} settings on the probes; higher is better.}}"
    size = draw.random.choice(["", r"\small", r"\footnotesize", r"\setlength{\tabcolsep}{4pt}\small"])
    name = "table*" if starred else "table"
    if not draw.wide and not starred and table.startswith(r"\begin{tabular}"):
        table = rf"\resizebox{{\ifdim\width>\linewidth\linewidth\else\width\fi}}{{!}}{{{table}}}"  # no wider than its column
    inside = f"{caption}\n{table}" if draw.random.random() < 0.6 else f"{table}\n{caption}"
    return f"\\begin{{{name}}}[t]\n\\centering {size}\n{inside}\n\\end{{{name}}}"


def _plain(draw: Draw) -> str:
    """booktabs, one header row."""
    columns, kind = draw.random.randint(2, 5 if draw.wide else 4), draw.kind()
    heads = draw.metrics(columns)
    rows = [
        rf"{method} & {' & '.join(draw.marked(draw.value(kind)) for _ in heads)} \\" for method in draw.methods(draw.random.randint(3, 9))
    ]
    return _tabular("l" + "c" * columns, rf"\toprule Method & {' & '.join(heads)} \\ \midrule", rows, r"\bottomrule")


def _grouped_head(draw: Draw) -> str:
    """Two header rows with \\cmidrule under the spanning labels."""
    groups = 2 if not draw.wide else draw.random.randint(2, 3)
    sets, metrics, kind = draw.sets(groups), draw.metrics(2), draw.random.choice(["one", "two", "three", "math"])
    spanning = " & ".join(rf"\multicolumn{{2}}{{c}}{{{name}}}" for name in sets)
    rules = "".join(rf"\cmidrule(lr){{{2 + 2 * at}-{3 + 2 * at}}}" for at in range(groups))
    head = rf"\toprule & {spanning} \\ {rules} Method & {' & '.join(metrics * groups)} \\ \midrule"
    rows = [
        rf"{m} & {' & '.join(draw.marked(draw.value(kind)) for _ in range(2 * groups))} \\" for m in draw.methods(draw.random.randint(3, 7))
    ]
    return _tabular("l" + "cc" * groups, head, rows, r"\bottomrule")


def _row_groups(draw: Draw) -> str:
    """\\multirow labels over groups of rows, parted by \\midrule."""
    metrics, rows = draw.metrics(3), []
    for position, name in enumerate(draw.sets(draw.random.randint(2, 3))):
        methods = draw.methods(draw.random.randint(2, 4))
        rows += [r"\midrule"] if position else []
        for at, method in enumerate(methods):
            label = rf"\multirow{{{len(methods)}}}{{*}}{{{name}}}" if at == 0 else ""
            rows.append(rf"{label} & {method} & {' & '.join(draw.marked(draw.score()) for _ in metrics)} \\")
    return _tabular("ll" + "r" * 3, rf"\toprule Dataset & Method & {' & '.join(metrics)} \\ \midrule", rows, r"\bottomrule")


def _gridded(draw: Draw) -> str:
    """\\hline under every row and vertical lines."""
    heads = draw.sets(3)
    rows = [
        rf"{m} & {' & '.join(draw.marked(draw.value('two')) for _ in heads)} \\ \hline" for m in draw.methods(draw.random.randint(3, 6))
    ]
    return _tabular("|l|c|c|c|", rf"\hline Model & {' & '.join(heads)} \\ \hline\hline", rows, "")


def _half_ruled(draw: Draw) -> str:
    """\\hline at top, below the header and at the bottom; one vertical line."""
    heads, kind = draw.metrics(3), draw.kind()
    rows = [rf"{m} & {' & '.join(draw.marked(draw.value(kind)) for _ in heads)} \\" for m in draw.methods(draw.random.randint(4, 8))]
    return _tabular("l|rrr", rf"\hline Model & {' & '.join(heads)} \\ \hline", rows, r"\hline")


def _sections(draw: Draw) -> str:
    """Headings inside the body over the whole width."""
    heads, rows = draw.metrics(3), []
    for position, name in enumerate(["Supervised pretraining", "Self-supervised pretraining"]):
        rows += [r"\midrule"] if position else []
        rows.append(rf"\multicolumn{{4}}{{{draw.random.choice('lc')}}}{{\textit{{{name}}}}} \\")
        rows += [rf"{m} & {' & '.join(draw.marked(draw.score()) for _ in heads)} \\" for m in draw.methods(3)]
    return _tabular("lccc", rf"\toprule Method & {' & '.join(heads)} \\ \midrule", rows, r"\bottomrule")


def _aligned(draw: Draw) -> str:
    """siunitx columns, aligned at the decimal point."""
    heads = draw.metrics(3)
    rows = [rf"{m} & {' & '.join(draw.score() for _ in heads)} \\" for m in draw.methods(draw.random.randint(3, 7))]
    labels = " & ".join(f"{{{head}}}" for head in heads)
    return _tabular("lSSS", rf"\toprule Method & {labels} \\ \midrule", rows, r"\bottomrule")


def _two_line_head(draw: Draw) -> str:
    """Header cells of two lines."""
    heads = [rf"\makecell{{{name}\\({metric})}}" for name, metric in zip(draw.sets(3), draw.metrics(3), strict=True)]
    rows = [rf"{m} & {' & '.join(draw.marked(draw.score()) for _ in heads)} \\" for m in draw.methods(draw.random.randint(3, 7))]
    return _tabular("lccc", rf"\toprule Method & {' & '.join(heads)} \\ \midrule", rows, r"\bottomrule")


def _side_by_side(draw: Draw) -> str:
    """Two sub-tables with captions of their own."""
    parts = []
    for label in ("First half.", "Second half."):
        heads = draw.metrics(2)
        rows = [rf"{m} & {' & '.join(draw.score() for _ in heads)} \\" for m in draw.random.sample(_METHODS[:8], 3)]
        inner = _tabular("lcc", rf"\toprule Method & {' & '.join(heads)} \\ \midrule", rows, r"\bottomrule")
        parts.append(rf"\begin{{subtable}}{{0.48\textwidth}}\centering\footnotesize {inner}\caption{{{label}}}\end{{subtable}}")
    return rf"\begin{{table}}[t]\caption{{Two parts of one table.}}{parts[0]}\hfill{parts[1]}\end{{table}}" if draw.wide else _plain(draw)


def _stretched(draw: Draw) -> str:
    """tabularx over the line's width."""
    heads = draw.sets(3)
    rows = [rf"{m} & {' & '.join(draw.marked(draw.score()) for _ in heads)} \\" for m in draw.methods(draw.random.randint(3, 6))]
    body = "\n".join(rows)
    spec = r"l*{3}{>{\centering\arraybackslash}X}"
    return (
        rf"\begin{{tabularx}}{{\linewidth}}{{{spec}}}\toprule Method & {' & '.join(heads)} \\ \midrule {body} \bottomrule\end{{tabularx}}"
    )


def _coloured(draw: Draw) -> str:
    """Shaded rows and a thin rule before our own."""
    heads, kind = draw.metrics(4 if draw.wide else 3), draw.random.choice(["one", "two"])
    rows = [rf"{m} & {' & '.join(draw.value(kind) for _ in heads)} \\" for m in draw.methods(4)]
    best = " & ".join(rf"\textbf{{{draw.value(kind)}}}" for _ in heads)
    rows += [r"\midrule", rf"\rowcolor{{gray!15}} Ours & {best} \\"]
    return _tabular("l" + "c" * len(heads), rf"\toprule Method & {' & '.join(heads)} \\ \midrule", rows, r"\bottomrule")


def _noted(draw: Draw) -> str:
    """Notes under the table, their marks on numbers."""
    heads = draw.metrics(3)
    rows = [rf"{m} & {draw.score()}\tnote{{a}} & {draw.score()}$^2$ & {draw.value('percent')} \\" for m in draw.methods(4)]
    inner = _tabular("lccc", rf"\toprule Method & {' & '.join(heads)} \\ \midrule", rows, r"\bottomrule")
    return rf"\begin{{threeparttable}}{inner}\begin{{tablenotes}}\item[a] Rerun by us with 3 seeds.\end{{tablenotes}}\end{{threeparttable}}"


def _shrunk(draw: Draw) -> str:
    """A wide table set small by \\resizebox."""
    sets = draw.sets(4)
    spanning = " & ".join(rf"\multicolumn{{2}}{{c}}{{{name}}}" for name in sets)
    rules = "".join(rf"\cmidrule(lr){{{at}-{at + 1}}}" for at in (3, 5, 7, 9))
    head = rf"\toprule \multirow{{2}}{{*}}{{Method}} & \multirow{{2}}{{*}}{{Params}} & {spanning} \\ {rules}"
    head += rf" & & {' & '.join(['Top-1 & Top-5'] * 4)} \\ \midrule"
    rows = [
        rf"{m} & {draw.random.randint(5, 900)}M & {' & '.join(draw.marked(draw.score()) for _ in range(8))} \\" for m in draw.methods(6)
    ]
    table = _tabular("lr" + "c" * 8, head, rows, r"\bottomrule")
    return rf"\resizebox{{\linewidth}}{{!}}{{{table}}}"


def _long(draw: Draw) -> str:
    """A longtable with a repeated header."""
    if not draw.wide:
        return _plain(draw)
    heads = draw.metrics(3)
    rows = [rf"{m} & {' & '.join(draw.score() for _ in heads)} \\" for m in draw.methods(12)]
    head = rf"Method & {' & '.join(heads)} \\"
    return (
        r"\begin{longtable}{lccc}\caption{All settings.}\\ \toprule "
        + rf"{head} \midrule \endfirsthead \toprule {head} \midrule \endhead \bottomrule \endfoot "
        + "\n".join(rows)
        + r"\end{longtable}"
    )


def _ablation(draw: Draw) -> str:
    """Check marks in stub columns, and a column of changes."""
    rows = []
    for _ in range(5):
        marks = " & ".join(draw.random.choice([r"\checkmark", ""]) for _ in range(3))
        rows.append(rf"{marks} & {draw.score()} & {draw.value('signed')} \\")
    return _tabular("ccccr", r"\toprule Mask & EMA & Motion & Top-1 & $\Delta$ \\ \midrule", rows, r"\bottomrule")


def _settings(draw: Draw) -> str:
    """Two columns: a setting and its number."""
    rows = [
        rf"Learning rate & ${draw.random.randint(1, 9)} \times 10^{{-4}}$ \\",
        rf"Batch size & {draw.random.choice([256, 1024, 4096])} \\",
        rf"Videos & {draw.value('thousands')} \\",
        rf"Mask ratio & {draw.random.uniform(0.5, 0.95):.2f} \\",
        rf"Warm-up epochs & {draw.random.randint(5, 40)} \\",
    ]
    return _tabular("lr", r"\toprule Setting & Value \\ \midrule", rows, r"\bottomrule")


def _transposed(draw: Draw) -> str:
    """Metrics down, methods across, arrows for better."""
    methods = ["Base", "Ours", "Ours+"]
    labels = [f"{metric} {draw.random.choice(_ARROWS)}" for metric in draw.metrics(5)]
    rows = [rf"{label} & {' & '.join(draw.score() for _ in methods)} \\" for label in labels]
    return _tabular("l|ccc", rf"\hline & {' & '.join(methods)} \\ \hline", rows, r"\hline")


def _tabular(spec: str, head: str, rows: list[str], foot: str) -> str:
    body = "\n".join(rows)
    return f"\\begin{{tabular}}{{{spec}}}\n{head}\n{body}\n{foot}\n\\end{{tabular}}"


_STYLES: list[Callable[[Draw], str]] = [
    *(_plain, _grouped_head, _row_groups, _gridded, _half_ruled, _sections, _aligned, _two_line_head, _side_by_side, _stretched),
    *(_coloured, _noted, _shrunk, _long, _ablation, _settings, _transposed),
]

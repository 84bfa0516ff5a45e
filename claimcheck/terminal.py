"""What a command prints for people: tables of claims and verdicts, one claim in full, and the progress of runs."""

import io
import os
import shutil
import sys
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from claimcheck import wording
from claimcheck.dossier import Claim, Dossier, Flow, Paper, SearchLog, Verdict
from claimcheck.escape import cleaned
from claimcheck.review import Panel

STYLES = {Verdict.VERIFIED: "green", Verdict.REFUTED: "red", Verdict.INCONCLUSIVE: "yellow"}
SHAPES = {Verdict.VERIFIED: "✓", Verdict.REFUTED: "✗", Verdict.INCONCLUSIVE: "?"}


ROOMY = 84
"""Columns of a terminal that the whole verdict table needs before it cuts words."""


def width() -> int:
    """Columns of the terminal; 110 where there is none."""
    return max(60, shutil.get_terminal_size((110, 24)).columns)


def drawn(*parts: Table | Text) -> str:
    """Parts as text for stdout, coloured only where a person's terminal will show it."""
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb" or not (sys.stdout.isatty() or os.environ.get("FORCE_COLOR"))
    console = Console(file=io.StringIO(), width=width(), force_terminal=not plain, no_color=plain, legacy_windows=False)
    for part in parts:
        console.print(part)
    text = console.file.getvalue() if isinstance(console.file, io.StringIO) else ""
    return "\n".join(line.rstrip() for line in text.splitlines())


def table(*columns: str) -> Table:
    made = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        made.add_column(name, overflow="fold")
    return made


def marked(verdict: Verdict | None) -> Text:
    """A verdict as shape and word; a dash for a part the claim does not have."""
    return Text("–") if verdict is None else Text(f"{SHAPES[verdict]} {verdict.value}", style=STYLES[verdict])


def claims(dossier: Dossier) -> str:
    """Every claim with the assertions that were read from it."""
    made = table("claim", "assertion")
    for claim in dossier.claims:
        hand = dossier.hand(claim.number)
        told = [" (by hand)" if hand and i in hand.assertions else "" for i in range(len(claim.assertions))]
        plain = [cleaned(wording.plain(a)) + by for a, by in zip(claim.assertions, told, strict=True)] or ["(no assertion was read)"]
        made.add_row(str(claim.number), Text("\n".join(plain) + (" …cut off" if claim.truncated else "")))
    said = [f"the document says: {cleaned(s.quote)}" for s in dossier.sayings]
    said += [f"dropped by hand: {cleaned(line)}" for line in dossier.dropped]
    said += [f"a correction fits nothing: {cleaned(line)}" for line in dossier.unapplied]
    said += [wording.recall(dossier.recall)]
    head = f"{cleaned(dossier.paper)}: {len(dossier.claims)} claims, {sum(len(c.assertions) for c in dossier.claims)} assertions"
    return drawn(Text(head, style="bold"), made, *map(Text, said))


def verdicts(dossier: Dossier) -> str:
    """The verdict table; on a narrow terminal only what was decided and why, and `show --claim N` has the rest."""
    every = ("numbers", "conclusion", "verdict", "confidence", "level", "because")
    shown = every if width() >= ROOMY else ("verdict", "confidence", "because")
    made = table("claim", *shown)
    for claim in dossier.claims:
        row = {
            "numbers": marked(claim.numbers),
            "conclusion": marked(claim.conclusion),
            "verdict": marked(claim.verdict),
            "confidence": Text(wording.probability(claim)),
            "level": Text(claim.level.value if claim.level else "–"),
            "because": Text(", ".join(wording.words(reason.value) for reason in claim.reasons)),
        }
        made.add_row(str(claim.number), *(row[name] for name in shown))
    return drawn(Text(cleaned(dossier.paper), style="bold"), made, Text(counts(dossier.claims)))


def panel(dossier: Dossier) -> str:
    """Every reviewer's score, and under it what each of its rules saw."""
    made = table("reviewer", "score", "rule", "points", "what it saw")
    for review in dossier.reviews:
        made.add_row(wording.words(review.reviewer), Text(wording.of_ten(review), style="bold"), "", "", Text(cleaned(review.abstains)))
        for look in review.reasons:
            made.add_row("", "", look.rule, wording.points(look), Text(cleaned(look.text)))
    return drawn(Text(cleaned(dossier.paper), style="bold"), made, Text(str(Panel.of(dossier.reviews))))


def counts(found: Iterable[Claim]) -> str:
    """How many claims ended how, in one line."""
    verdicts = [claim.verdict for claim in found]
    return ", ".join(f"{verdicts.count(verdict)} {verdict.value}" for verdict in Verdict)


def card(claim: Claim) -> str:
    """One claim in full: sentence, assertions, findings and what would change the verdict."""
    lines: list[Text | Table] = [
        Text(f"Claim {claim.number}", style="bold"),
        Text(f"“{cleaned(claim.sentence)}{'…' if claim.truncated else ''}”"),
    ]
    lines.append(Text("verdict: ").append_text(marked(claim.verdict)).append(f"  level: {claim.level.value if claim.level else '–'}"))
    lines.append(Text("numbers: ").append_text(marked(claim.numbers)).append("  conclusion: ").append_text(marked(claim.conclusion)))
    lines += [Text(f"asserts: {cleaned(wording.plain(assertion))}") for assertion in claim.assertions]
    made = table("verifier", "on", "says")
    for finding in claim.findings:
        kind = marked(finding.verdict) if finding.kind == "verdict" else Text("blocks" if finding.blocks else "note")
        made.add_row(finding.verifier, Text(finding.part + ": ").append_text(kind), Text(cleaned(finding.explanation)))
    lines.append(made)
    lines += [Text(f"would change it: {cleaned(what)}") for what in claim.would_change]
    return drawn(*lines)


def literature(dossier: Dossier) -> str:
    """What a search found and what became of it: databases, works, papers, and the flow in one line."""
    parts: list[Table | Text] = [Text(cleaned(dossier.title or dossier.paper), style="bold")]
    if dossier.search is not None:
        parts += [databases(dossier.search), works(dossier.search)]
    if dossier.papers:
        parts.append(papers(dossier.papers))
    if dossier.search is not None:
        parts.append(Text(flow(dossier.search.flow)))
    return drawn(*parts)


def databases(log: SearchLog) -> Table:
    made = table("database", "state", "records", "of", "query")
    for asked in log.databases:
        matches = "–" if asked.matches is None else f"{asked.matches:,}"
        state = f"{asked.state} ({wording.words(asked.fault)})" if asked.fault else asked.state
        made.add_row(asked.database, state, str(asked.records), matches, Text(cleaned("; ".join([asked.query, *asked.filters]))))
    return made


def works(log: SearchLog) -> Table:
    """The works that were kept."""
    made = table("rank", "date", "title", "where")
    for work in log.works:
        if not work.excluded:
            where = f"arxiv:{work.arxiv}{work.version}" if work.arxiv else f"doi:{work.doi}" if work.doi else work.url
            made.add_row(str(work.rank), cleaned(work.date), Text(cleaned(work.title)), Text(cleaned(where)))
    return made


def papers(sought: Iterable[Paper]) -> Table:
    """The papers that were sought and how that went."""
    made = table("paper", "state", "read as", "title", "remarks")
    for paper in sought:
        remarks = ["retracted"] * paper.retracted + [f"newer: {paper.newest}"] * bool(paper.newest)
        remarks += [wording.words(paper.fault)] * bool(paper.fault)
        state = wording.words(paper.state)
        made.add_row(Text(cleaned(paper.id)), state, paper.format or "–", Text(cleaned(paper.title)), ", ".join(remarks))
    return made


def flow(counts: Flow) -> str:
    """The counts of the flow in one line."""
    said = [f"{counts.identified} records", f"{counts.duplicates} duplicates", f"{counts.screened} screened"]
    said += [f"{out.works} left out: {out.reason}" for out in (*counts.ineligible, *counts.excluded)]
    if counts.sought is not None:
        said += [f"{counts.sought} sought", *(f"{out.works} not retrieved: {out.reason}" for out in counts.not_retrieved)]
        said += [f"{counts.assessed} read", *(f"{out.works} left out: {out.reason}" for out in counts.excluded_after)]
        said += [f"{counts.included} included"]
    return "; ".join(said)

"""Does the number stand in the paper, where it is said to: in the table that the sentence names, and in the paper that it cites?

That a number stands somewhere is never a verification, only a note with its place; another number in the very place is named too. Where
a cited paper was read in another version than its newest, the note says so, for numbers drift between versions.
"""

import re
from collections.abc import Iterator, Sequence

from claimcheck.document import Table
from claimcheck.dossier import Claim, Dossier, Evidence, Finding, Paper, Quantity, Reason, Result, Value
from claimcheck.extract.quantities import Amount, amounts
from claimcheck.tabular.fitting import fits
from claimcheck.tabular.shelf import named, number_of, reader
from claimcheck.verify.findings import caveat

NAME = "documents"


def verify(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    yield from in_named_table(claim, dossier)
    for position, assertion in enumerate(claim.assertions):
        if isinstance(assertion, Value):
            for paper in dossier.papers:
                if paper.role == "cited" and paper.state == "read":
                    yield from in_cited_paper(claim, position, assertion, paper)


def in_named_table(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    """Each number with decimals in the table that the sentence names, else in the paper's other tables."""
    wanted = named(claim.sentence)
    here = [table for table in dossier.tables if number_of(table) in wanted]
    if not here:
        return
    others = [table for table in dossier.tables if table not in here]
    for amount in amounts(claim.sentence):
        if amount.role != "amount" or "." not in amount.text or amount.sign or amount.unit in ("pp", "x"):
            continue  # a difference stands in no cell
        there = places(amount, others, dossier) if not places(amount, here, dossier) else ()
        if there:
            text = f"{amount.text} does not stand in {' or '.join(t.label for t in here)}, which the sentence names, but elsewhere in the paper."
            yield caveat(NAME, Reason.AMBIGUOUS_TARGET, text, part="numbers", resolves="the table that is meant").model_copy(
                update={"evidence": there}
            )


def places(amount: Amount, tables: Sequence[Table], dossier: Dossier) -> tuple[Evidence, ...]:
    """The cells that print a number."""
    sheets = [reader(table, dossier.title).sheet for table in tables]
    found = [(sheet, figure) for sheet in sheets for figure in sheet.figures.values() if fits(amount, figure)]
    return tuple(Evidence(quote=sheet.quote(figure), where=sheet.place(figure)) for sheet, figure in found[:3])


def in_cited_paper(claim: Claim, position: int, assertion: Value, paper: Paper) -> Iterator[Finding]:
    """The score of the same method on the same dataset in a paper that is cited."""
    scores = [r for r in paper.results if same_score(assertion, r)]
    if not scores:
        return
    stated = Quantity(value=assertion.value, unit=assertion.unit).interval
    fitting = [r for r in scores if stated.overlaps(r.score.interval)]
    evidence = tuple(Evidence(quote=f"{r.method} | {r.dataset} | {r.metric} | {r.score}", where=r.where) for r in (fitting or scores)[:3])
    read = f"{paper.title or paper.id}{f' ({paper.version})' if paper.version else ''}"
    what = f"{assertion.method} on {assertion.dataset}"
    drift = f" Its newest version is {paper.newest}; the number may differ there." if paper.newest else ""
    if fitting:
        reason, text = (
            Reason.MATCHES,
            f"{assertion.value} for {what} stands in {read}, which the paper cites.{drift}",
        )
    elif len({r.score.value for r in scores}) > 1:
        listed = "; ".join(f"{r.score} ({r.metric}, {r.where.detail})" for r in scores[:4])
        reason, text = (
            Reason.AMBIGUOUS_TARGET,
            f"{read} prints several scores of {what}: {listed}; none is {assertion.value}.{drift}",
        )
    else:
        reason, text = (
            Reason.CONTRADICTS,
            f"{read} prints {scores[0].score} for {what}; stated {assertion.value}.{drift}",
        )
    yield caveat(NAME, reason, text, (position,), part="numbers").model_copy(update={"evidence": evidence})


def same_score(assertion: Value, result: Result) -> bool:
    """Whether a cited paper's score is of the same method and dataset, and of no other metric."""
    metric = "" in (assertion.metric, result.metric) or plain(assertion.metric) == plain(result.metric)
    return (
        metric
        and bool(assertion.dataset)
        and plain(assertion.method) == plain(result.method)
        and plain(assertion.dataset) == plain(result.dataset)
    )


def plain(name: str) -> str:
    """A name's letters and digits."""
    return re.sub(r"[\W_]+", "", name.casefold())

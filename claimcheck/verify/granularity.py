"""Is each score a claim rests on k/n for a whole number k, and do the scores of one run come from one confusion matrix?"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from claimcheck.dossier import Claim, Dossier, Finding, Interval, Quantity, Reason, Result, Value
from claimcheck.stats import confusion, granularity
from claimcheck.verify.comparison import SHARES, comparative, comparisons, on_dataset
from claimcheck.verify.findings import caveat

NAME = "granularity"

CUT: tuple[granularity.Rounding, ...] = ("down", "up")
"""Ways to shorten a number that are no rounding, but that some sources use."""

MOST_SAMPLES_UNSPLIT = 2_000
"""Samples up to which every split into two classes is tried where the class counts are not known."""

BINARY = {"specificity", "false positive rate", "negative predictive value"}
"""Scores that speak of two classes; accuracy, precision, recall and F1 may be averages over more."""


def verify(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    scores = list(used(claim, dossier))
    yield from single(scores)
    yield from joint(scores, dossier)


def used(claim: Claim, dossier: Dossier) -> Iterator[Result]:
    """Every score the claim speaks of, each once."""
    compared = (r for _, a in comparative(claim) for c in comparisons(dossier, a) for r in (*c.runs, *c.replicates))
    stated = {(a.method, a.dataset) for a in claim.assertions if isinstance(a, Value)}
    valued = (r for method, dataset in sorted(stated) for r in on_dataset(dossier, dataset) if r.method == method)
    yield from {(str(r.where), r.run, r.metric): r for r in (*compared, *valued)}.values()


def single(scores: Iterable[Result]) -> Iterator[Finding]:
    """Each score alone: a whole number of correct answers out of n."""
    shares = [r for r in scores if r.n and r.metric in SHARES and 0 <= r.score.value <= 100]
    if not shares:
        return
    impossible = [r for r in shares if not granularity.check(percentage(r), r.n or 1).possible]
    if impossible:
        listed = "; ".join(f"{r.score} of {r.n:,} on {r.dataset}{if_cut(r)}" for r in impossible)
        text = f"No whole number of correct answers gives {listed}. {power(impossible)}"
    else:
        text = f"All {len(shares)} scores are k/n for a whole k. {power(shares)}"
    reason = Reason.IMPOSSIBLE_VALUE if impossible else Reason.MATCHES
    wanted = "the sample counts behind the printed scores, and whether they are averages" if impossible else ""
    yield caveat(NAME, reason, text, (), impossible, part="numbers", resolves=wanted)


def percentage(result: Result) -> Quantity:
    """The score in percent; a source that prints fractions is read so."""
    if result.score.unit == "" and result.score.value <= 1:
        return result.score.model_copy(update={"value": result.score.value.scaleb(2), "unit": "%"})
    return result.score


def if_cut(result: Result) -> str:
    """Where a score that is impossible as rounded is possible as cut off, that is said."""
    fits = [mode for mode in CUT if granularity.check(percentage(result), result.n or 1, mode).possible]
    return f" (it would be possible if cut off {fits[0]} instead of rounded)" if fits else ""


def power(scores: list[Result]) -> str:
    """How many wrong values the check would have let pass, by dataset."""
    chances = {r.dataset: (r.n, granularity.chance(r.n or 1, percentage(r).value)) for r in scores}
    told = [f"{share:.0%} of values would pass at n {n:,} ({dataset})" for dataset, (n, share) in chances.items()]
    return "By chance " + ", ".join(told) + "."


def joint(scores: Sequence[Result], dossier: Dossier) -> Iterator[Finding]:
    """The binary scores of each run together: accuracy, sensitivity, specificity, precision, F1 … of one confusion matrix."""
    runs = dict.fromkeys(key(r) for r in scores)
    found: dict[tuple[object, ...], list[Result]] = defaultdict(list)
    for dataset in dict.fromkeys(r.dataset for r in scores):
        for r in on_dataset(dossier, dataset):
            if confusion.known(r.metric) and key(r) in runs:
                found[key(r)].append(r)
    for together in found.values():
        names = [confusion.known(r.metric) for r in together]
        if len(together) < 2 or len(set(names)) < len(names):
            continue
        answer = matrix({name: fraction(r) for name, r in zip(names, together, strict=True)}, together[0])
        if answer is None or answer.possible is None:
            continue
        listed = ", ".join(f"{r.metric} {r.score}" for r in together)
        who = f"{together[0].method} on {together[0].dataset}"
        if answer.possible and answer.example is not None:
            tp, fn, fp, tn = answer.example
            text = f"{who}: one confusion matrix gives {listed} (for example {tp} + {fn} positives and {fp} + {tn} negatives)."
            yield caveat(NAME, Reason.MATCHES, text, (), together, part="numbers")
        else:
            text = f"{who}: no confusion matrix of whole counts gives {listed} together; unless they are averages over classes or folds, one is wrong."
            wanted = "the confusion matrix, or how the scores were averaged"
            yield caveat(NAME, Reason.IMPOSSIBLE_VALUE, text, (), together, part="numbers", resolves=wanted)


def key(r: Result) -> tuple[object, ...]:
    """What the scores of one confusion matrix share."""
    return r.method, r.dataset, r.regime, r.run, r.origin, r.where.document, r.n, tuple(sorted(r.settings.items()))


def fraction(result: Result) -> Interval:
    """The score as a fraction of one."""
    low, high = percentage(result).interval
    return Interval(low.scaleb(-2), high.scaleb(-2))


def matrix(scores: dict[str, Interval], result: Result) -> confusion.Joint | None:
    """The joint check with the class counts that the source records as `positives` and `negatives`, else over every split of n."""
    counts = [result.settings.get(name, "") for name in ("positives", "negatives")]
    if all(count.isdecimal() and int(count) > 0 for count in counts):
        return confusion.check(scores, int(counts[0]), int(counts[1]))
    if result.n is not None and 2 <= result.n <= MOST_SAMPLES_UNSPLIT and len(scores) > 2 and BINARY & scores.keys():
        return confusion.check_total(scores, result.n)
    return None

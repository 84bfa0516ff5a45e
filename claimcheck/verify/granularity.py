"""Is each score a claim rests on k/n for a whole number k of correct answers?"""

from collections.abc import Iterator

from claimcheck.dossier import Claim, Dossier, Finding, Reason, Result
from claimcheck.stats import granularity
from claimcheck.verify.comparison import SHARES, comparative, comparisons
from claimcheck.verify.findings import caveat

NAME = "granularity"


def verify(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    used = {
        (str(r.where), r.run): r
        for _, assertion in comparative(claim)
        for c in comparisons(dossier, assertion)
        for r in (*c.runs, *c.replicates)
    }
    scores = [r for r in used.values() if r.n and r.metric in SHARES]
    if not scores:
        return
    impossible = [r for r in scores if not granularity.check(r.score, r.n or 1).possible]
    if impossible:
        listed = "; ".join(f"{r.score} of {r.n:,} on {r.dataset}" for r in impossible)
        text = f"No whole number of correct answers gives {listed}."
    else:
        text = f"All {len(scores)} scores are k/n for a whole k. {power(scores)}"
    reason = Reason.IMPOSSIBLE_VALUE if impossible else Reason.MATCHES
    wanted = "the sample counts behind the printed scores" if impossible else ""
    yield caveat(NAME, reason, text, (), impossible, part="numbers", resolves=wanted)


def power(scores: list[Result]) -> str:
    """How many wrong values the check would have let pass, by dataset."""
    chances = {r.dataset: (r.n, granularity.chance(r.n or 1, r.score.value)) for r in scores}
    told = [f"{share:.0%} of values would pass at n {n:,} ({dataset})" for dataset, (n, share) in chances.items()]
    return "By chance " + ", ".join(told) + "."

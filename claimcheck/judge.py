"""Fold a claim's findings into one judgement, by one rule.

A claim has *numbers* (did the stated values come out of the evidence) and, where it infers something, a *conclusion*.

- A part is **refuted** if any verdict on it is: two numbers that cannot both be right.
- Numbers are **verified** if every assertion that states one has a verdict that verifies it.
- A conclusion is **verified** if every assertion that infers has a verdict that verifies it, and no caveat blocks it.
- Otherwise the part is **inconclusive**. Not checked is never a pass and never a fail.
- Caveats never vote. A blocking one keeps a conclusion from being verified; it cannot refute.

The claim is refuted if either part is, verified if every part it has is, else inconclusive. Its confidence is that of its
least sure part when verified, of its surest refutation when refuted, and 0 when inconclusive, which decides nothing.
"""

from collections.abc import Iterable

from claimcheck.dossier import LEVELS, Claim, Dossier, Finding, Judgement, Level, Reason, Trend, Verdict
from claimcheck.verify import verify


def verdict(numbers: Verdict | None, conclusion: Verdict | None) -> Verdict:
    """The claim's verdict from its parts; None is a part the claim does not have."""
    parts = [part for part in (numbers, conclusion) if part is not None]
    if Verdict.REFUTED in parts:
        return Verdict.REFUTED
    if parts and all(part is Verdict.VERIFIED for part in parts):
        return Verdict.VERIFIED
    return Verdict.INCONCLUSIVE


def judge(claim: Claim) -> Judgement:
    """The judgement that a claim's findings amount to."""
    stating = [i for i, a in enumerate(claim.assertions) if not isinstance(a, Trend)]
    inferring = [i for i, a in enumerate(claim.assertions) if a.infers]
    votes = {part: [f for f in claim.findings if f.kind == "verdict" and f.part == part] for part in ("numbers", "conclusion")}
    blocking = [f for f in claim.findings if f.kind == "caveat" and f.part == "conclusion" and f.blocks]
    numbers = part(stating, votes["numbers"], []) if stating else None
    conclusion = part(inferring, votes["conclusion"], blocking) if inferring or claim.causal else None
    decided = verdict(numbers, conclusion)
    return Judgement(
        verdict=decided,
        numbers=numbers,
        conclusion=conclusion,
        confidence=confidence(decided, stating, inferring, votes),
        level=level(numbers, conclusion, votes),
        reasons=reasons(decided, numbers, claim, blocking),
        would_change=would_change(decided, claim, blocking),
    )


def part(positions: list[int], votes: list[Finding], blocking: list[Finding]) -> Verdict:
    """One part's verdict: refuted by any vote, verified if every assertion is and nothing blocks."""
    if any(f.verdict is Verdict.REFUTED for f in votes):
        return Verdict.REFUTED
    if blocking or not positions:
        return Verdict.INCONCLUSIVE
    return Verdict.VERIFIED if all(surest(i, votes) is not None for i in positions) else Verdict.INCONCLUSIVE


def surest(position: int, votes: Iterable[Finding]) -> float | None:
    """Confidence of the surest vote that verifies an assertion; None if none does."""
    found = [f.confidence for f in votes if f.verdict is Verdict.VERIFIED and (position in f.assertions or not f.assertions)]
    return max(found, default=None)


def confidence(decided: Verdict, stating: list[int], inferring: list[int], votes: dict[str, list[Finding]]) -> float:
    if decided is Verdict.REFUTED:
        return max(f.confidence for found in votes.values() for f in found if f.verdict is Verdict.REFUTED)
    if decided is Verdict.INCONCLUSIVE:
        return 0.0
    sure = [surest(i, votes["numbers"]) for i in stating] + [surest(i, votes["conclusion"]) for i in inferring]
    return min(c for c in sure if c is not None)


def level(numbers: Verdict | None, conclusion: Verdict | None, votes: dict[str, list[Finding]]) -> Level:
    """The highest level of the votes that carry a decided part; a claim without one is merely stated."""
    outcome = {name: result for name, result in (("numbers", numbers), ("conclusion", conclusion)) if result is not Verdict.INCONCLUSIVE}
    reached = [f.level for name, found in votes.items() for f in found if f.level is not None and f.verdict is outcome.get(name)]
    return max(reached, key=LEVELS.index, default=Level.STATED)


def reasons(decided: Verdict, numbers: Verdict | None, claim: Claim, blocking: list[Finding]) -> tuple[Reason, ...]:
    """The reasons that decide, most direct first: of the refuting votes, the blocking caveats, or the verifying votes."""
    deciding = [f for f in claim.findings if f.kind == "verdict" and f.verdict is decided]
    if decided is Verdict.INCONCLUSIVE:
        open_numbers = [f for f in deciding if f.part == "numbers"] if numbers is Verdict.INCONCLUSIVE else []
        deciding = [*open_numbers, *blocking] or deciding
    found = [f.reason for f in deciding]
    if decided is Verdict.VERIFIED:
        found += [f.reason for f in claim.findings if f.reason is Reason.SINGLE_SEED]
    if not found:
        found = [Reason.NO_EVIDENCE if claim.findings else Reason.NOT_CHECKED]
    return tuple(dict.fromkeys(found))


def would_change(decided: Verdict, claim: Claim, blocking: list[Finding]) -> tuple[str, ...]:
    """What evidence would change the verdict, in the words of the findings that stand in the way."""
    if decided is Verdict.INCONCLUSIVE:
        found = [f.resolves for f in blocking or claim.findings if f.resolves]
        return tuple(dict.fromkeys(found)) or ("scores that bear on the claim",)
    against = "a released or rerun score that contradicts it" if decided is Verdict.VERIFIED else "a corrected number or another source"
    return tuple(dict.fromkeys([*(f.resolves for f in claim.findings if f.reason is Reason.SINGLE_SEED and f.resolves), against]))


def check(dossier: Dossier) -> Dossier:
    """The dossier with every claim's findings and judgement made anew, and without the reviews that rested on the old ones."""
    checked = []
    for claim in dossier.claims:
        found = claim.model_copy(update={"findings": verify(claim, dossier.about(claim))})
        checked.append(found.model_copy(update=dict(judge(found))))
    return dossier.model_copy(update={"claims": tuple(checked), "reviews": ()})

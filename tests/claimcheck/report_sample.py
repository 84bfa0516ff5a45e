"""A dossier of the shape that a real check leaves: 11 claims on two regimes, released scores, findings, runs, deviations."""

import math
from decimal import Decimal

from claimcheck.document import Location
from claimcheck.dossier import (
    Arm,
    Claim,
    Count,
    DatabaseSearch,
    Deviation,
    Difference,
    Direction,
    Disclosure,
    Dossier,
    Evidence,
    Exclusion,
    Fact,
    Finding,
    Flow,
    Level,
    Lexicon,
    Look,
    MethodSet,
    Paper,
    Quantity,
    Range,
    Rank,
    Reason,
    Regime,
    Result,
    Review,
    Saying,
    SearchLog,
    Source,
    StandIn,
    StatedVerdict,
    Trend,
    Value,
    Verdict,
    Work,
)
from repro.experiment import Experiment
from repro.result import RunResult

SIZES = {"Diving-48": 1970, "ImageNet-100": 5000, "SSv2": 24777}
SCORES = {  # run: method, seed, then Diving-48, ImageNet-100 and SSv2
    "mixed/baseline_seed42": ("Baseline", "42", "9.54", "24.86", "8.39"),
    "mixed/baseline": ("Baseline", "239", None, "21.26", "6.62"),
    "mixed/ld": ("LD", "239", "9.24", "19.78", "13.41"),
    "mixed/fwm": ("FWM", "239", "8.38", "26.74", "7.00"),
    "mixed/fwm_ld": ("FWM-LD", "239", "8.83", "14.72", "10.34"),
    "mixed/fwm_hw_ld": ("FWM-HW-LD", "239", "9.39", "30.78", "11.60"),
    "mixed/ac": ("AC", "239", "8.38", "11.70", "4.21"),
    "mixed/fac": ("FAC", "239", "9.34", "11.16", "4.68"),
    "ucf101/baseline": ("Baseline", "239", "8.43", "12.06", "4.66"),
    "ucf101/motion_guided": ("Motion-guided masking", "239", "8.73", "12.20", "6.04"),
    "ucf101/kinematic": ("Kinematic-1.0", "239", "5.53", "13.64", "3.48"),
    "ucf101/kinematic_accel": ("Kinematic-Accel", "239", "5.94", "13.74", "3.51"),
}


def dossier(**changes):
    """The sample, with top-level fields replaced."""
    fields = {
        "paper": "arxiv:2605.17165",
        "title": "Factorized Latent Dynamics for Video-JEPA: 18 auxiliary objectives",
        "question": "How do factorized latent dynamics compare with a plain Video-JEPA?",
        "study": "latent_dynamics",
        "sources": (
            Source(name="paper.md", sha256="5f" * 32, size=3120, role="synopsis"),
            Source(name="released.csv", sha256="a7" * 32, size=7480, role="released results"),
        ),
        "sayings": (
            Saying(about="papers retrieved", quote="12 papers were retrieved.", value="12", where=at(9)),
            Saying(about="quality", quote="The review gives it 8.5/10.", value="8.5/10", where=at(11)),
        ),
        "references": ("http://arxiv.org/abs/2011.09634v2", "A study of seeds, 2021. https://example.org/seeds?a=1&b=2."),
        "disclosures": (Disclosure(kind="seeds", quote="Each recipe is trained from one seed.", where=at(13), value="1"),),
        "lexicon": LEXICON,
        "claims": claims(),
        "results": results(),
        "deviations": DEVIATIONS,
        "arms": arms(),
        "stand_ins": (
            StandIn(dataset="ImageNet-100", probe="sprites_appearance", why="shape and texture, readable from one frame"),
            StandIn(dataset="SSv2", probe="sprites_motion", why="direction and speed"),
        ),
        "runs": runs(),
        "search": SEARCH,
        "papers": PAPERS,
        "reviews": REVIEWS,
        "log": ("claimcheck extract", "claimcheck verify", "claimcheck reproduce --claim 5 --scale smoke --seeds 2", "claimcheck report"),
        "tool": "claimcheck 0.1.0",
    }
    return Dossier.model_validate(fields | changes)


def searched(database, records, **rest):
    return DatabaseSearch(
        database=database, platform=f"{database} API", query="ti:latent AND ti:dynamics", limit=50, records=records, **rest
    )


SEARCH = SearchLog(
    question="How do factorized latent dynamics compare with a plain Video-JEPA?",
    words=("latent", "dynamics"),
    databases=(
        searched("arxiv", 31, filters=("since 2024",), run_at="2026-11-28T09:00:00Z", matches=44),
        searched("crossref", 0, state="failed", fault="unavailable", detail="It answered 503 three times."),
    ),
    deduplication="By DOI, then arXiv id, then title.",
    ranking="BM25 of title and abstract.",
    works=(
        Work(title="Latent dynamics of video", authors=("A. Author", "B. Author"), date="2025-03", arxiv="2503.00001", rank=1),
        Work(title="Another matter", doi="10.1000/182", retracted=True, rank=2, excluded="retracted"),
    ),
    flow=Flow(
        identified=31,
        duplicates=4,
        ineligible=(Exclusion(reason="no title", works=1),),
        screened=26,
        excluded=(Exclusion(reason="beyond the number asked for", works=16),),
        sought=10,
        not_retrieved=(Exclusion(reason="no open copy", works=2),),
        assessed=8,
        excluded_after=(Exclusion(reason="no numeric claim", works=3),),
        included=5,
    ),
)

PAPERS = (
    Paper(
        id="arxiv:2011.09634v2",
        role="cited",
        cited_as="http://arxiv.org/abs/2011.09634v2",
        title="On another subject",
        date="2020-11",
        state="not_retrieved",
        detail="the server was not asked",
        newest="v3",
        retracted=True,
    ),
)

REVIEWS = (
    Review(
        reviewer="evidence_strength",
        dimension="How far does the evidence behind the claims reach?",
        score=5.8,
        reasons=(
            Look(rule="refutations", points=-4.2, text="1 of 10 checked claims is refuted: claim 7.", claims=(7,), evidence=(0,)),
            Look(rule="levels", text="Nothing to see.", points=None),
        ),
        evidence=(Evidence(quote="+1.88, stated as +1.98", where=Location(document="released.csv", line=5)),),
    ),
    Review(
        reviewer="scope",
        dimension="Do the claims answer the question that is asked?",
        score=9.0,
        reasons=(
            Look(
                rule="an answer",
                points=-1.0,
                text="No claim answers the question: the nearest speak of 2 of its 3 parts (claim 4).",
                claims=(4,),
            ),
        ),
    ),
    Review(reviewer="reproducibility", dimension="Could someone else run it again?", abstains="one of its rules broke (ValueError: x)"),
)


def at(line, document="paper.md", detail=""):
    return Location(document=document, line=line, detail=detail)


def results():
    found = []
    for line, (run, (method, seed, *scores)) in enumerate(SCORES.items(), start=2):
        for (dataset, n), printed in zip(SIZES.items(), scores, strict=True):
            if printed is not None:
                settings = {"seed": seed, "probe_epochs": "50" if "hw" in run else "100"}
                score = Quantity(value=Decimal(printed), unit="%")
                found.append(
                    Result(
                        method=method,
                        dataset=dataset,
                        metric="top-1",
                        score=score,
                        where=at(line, "released.csv"),
                        origin="release",
                        regime=run.partition("/")[0],
                        run=run,
                        n=n,
                        settings=settings,
                    )
                )
    return tuple(found)


LEXICON = Lexicon(
    sets=(
        MethodSet(name="kinematic variants", members=("Kinematic-1.0", "Kinematic-Accel")),
        MethodSet(name="methods", members=("LD", "FWM", "FWM-LD", "FWM-HW-LD", "AC", "FAC")),
    ),
    regimes=(
        Regime(name="mixed", baseline="Baseline", baseline_run="mixed/baseline_seed42", benchmarks=tuple(SIZES)),
        Regime(name="ucf101", baseline="Baseline", baseline_run="ucf101/baseline", benchmarks=tuple(SIZES)),
    ),
)

DEVIATIONS = (
    Deviation(
        id="untrained-target",
        title="Runs without EMA are probed on an encoder that was never trained",
        described="The probes read what pretraining produced.",
        released="With EMA off the target encoder is never updated, and every probe loads the target encoder.",
        consequence="The scores of these runs are those of a randomly initialised network.",
        reason=Reason.UNTRAINED_ENCODER,
        runs=("ucf101/kinematic", "ucf101/kinematic_accel"),
        as_described=("kinematic",),
        as_released=("kinematic_as_released",),
        source="release at 3588723, probe code",
    ),
    Deviation(
        id="pooled",
        title="The SSv2 probe sees one averaged vector",
        described="Frozen features are probed attentively.",
        released="SSv2 features are averaged over all tokens first.",
        consequence="The order of events reaches the probe only as far as averages carry it.",
        reason=Reason.DEVIATION,
        runs=("*",),
        datasets=("SSv2",),
        blocks=False,
        source="release at 3588723, probe code",
    ),
)


def arms():
    experiments = {"mixed/baseline_seed42": "mixed_baseline", "ucf101/baseline": "ucf101_baseline"}
    found = [
        Arm(experiment=experiments.get(run, run.partition("/")[2]), method=method, regime=run.partition("/")[0], run=run)
        for run, (method, *_) in SCORES.items()
        if run != "mixed/baseline"
    ]
    reread = found[-2].model_copy(update={"experiment": "kinematic_as_released", "reading": "as_released", "why_not": "no checkpoint"})
    return (*found, reread)


def run(name, seed, correct, *, n=512, **rest):
    scores = {probe: 100 * k / n for probe, k in correct.items()}
    return RunResult(
        experiment=Experiment(name=name, regime="mixed", data={"sprites": 1.0}, frame_step=2, scale="smoke", seed=seed),
        seed=seed,
        scores=scores,
        samples=dict.fromkeys(correct, n),
        correct=correct,
        environment={"device": "cpu", "torch": "2.13.0"},
        cost={"seconds": 41.25, "steps": 200},
        code_version="2e0e65f",
        **rest,
    )


def runs():
    def curve(start, end, phase):
        return [end + (start - end) * math.exp(-step / 40) + 0.01 * math.sin(step * phase) for step in range(200)]

    return (
        run(
            "mixed_baseline",
            0,
            {"sprites_appearance": 201, "sprites_motion": 131},
            curves={"loss": curve(0.9, 0.31, 1.7), "effective_rank": curve(9, 41, 0.9)},
        ),
        run(
            "mixed_baseline",
            1,
            {"sprites_appearance": 196, "sprites_motion": 127},
            curves={"loss": curve(0.92, 0.3, 1.1), "effective_rank": curve(8, 39, 0.7)},
        ),
        run("ld", 0, {"sprites_appearance": 171, "sprites_motion": 166}, curves={"loss": curve(1.1, 0.42, 1.3)}),
        run("ld", 1, {"sprites_appearance": 180, "sprites_motion": 149}),
        run("fwm", 0, {"sprites_appearance": 214, "sprites_motion": 120}),
        run("fac", 0, {}, state="nan_loss", reason="loss was not a number at step 118", curves={"loss": [0.9, 0.7]}),
    )


def finding(verifier, verdict, reason, explanation, *, part="numbers", confidence=0.99, level=Level.RELEASED, assertions=(), line=0):
    evidence = (Evidence(quote=f"record {line} of the released scores", where=at(line, "released.csv")),) if line else ()
    return Finding(
        verifier=verifier,
        kind="verdict",
        part=part,
        verdict=verdict,
        confidence=confidence,
        reason=reason,
        explanation=explanation,
        assertions=assertions,
        level=level if verdict is Verdict.VERIFIED else None,
        evidence=evidence,
    )


def caveat(verifier, reason, explanation, *, blocks=True, resolves="", assertions=()):
    return Finding(
        verifier=verifier,
        kind="caveat",
        part="conclusion",
        blocks=blocks,
        reason=reason,
        explanation=explanation,
        resolves=resolves,
        assertions=assertions,
    )


def claim(number, sentence, assertions, findings, *, numbers, conclusion, reasons, level=Level.RELEASED, **rest):
    parts = [part for part in (numbers, conclusion) if part is not None]
    whole = Verdict.REFUTED if Verdict.REFUTED in parts else parts[0] if len(set(parts)) == 1 else Verdict.INCONCLUSIVE
    return Claim(
        number=number,
        sentence=sentence,
        where=at(20 + number),
        assertions=assertions,
        findings=findings,
        numbers=numbers,
        conclusion=conclusion,
        verdict=whole,
        confidence=0.0 if whole is Verdict.INCONCLUSIVE else 0.97,
        level=level,
        reasons=reasons,
        stated=StatedVerdict(verified=number != 11, confidence=Decimal("0.29")),
        **rest,
    )


MATCHES, VERIFIED, REFUTED, INCONCLUSIVE = Reason.MATCHES, Verdict.VERIFIED, Verdict.REFUTED, Verdict.INCONCLUSIVE


def gain(method, dataset, value, sign, regime="mixed", **rest):
    return Difference(
        method=method,
        baseline="Baseline",
        dataset=dataset,
        metric="top-1",
        regime=regime,
        value=Decimal(value),
        sign=sign,
        supplied=("baseline", "metric"),
        infers=True,
        **rest,
    )


def claims():
    return (
        claim(
            1,
            "In the UCF-101 setting, motion-guided masking improves every reported metric (+0.30 pp on Diving-48, +0.14 pp on ImageNet-100, +1.38 pp on SSv",
            (
                gain("Motion-guided masking", "Diving-48", "0.30", "+", "ucf101"),
                gain("Motion-guided masking", "ImageNet-100", "0.14", "+", "ucf101"),
                gain("Motion-guided masking", "SSv2", "1.38", "+", "ucf101"),
            ),
            (
                finding(
                    "released_results",
                    VERIFIED,
                    MATCHES,
                    "Motion-guided masking 8.73 − Baseline 8.43 = +0.30, as stated.",
                    assertions=(0,),
                    line=11,
                ),
                finding(
                    "released_results",
                    VERIFIED,
                    MATCHES,
                    "Motion-guided masking 12.20 − Baseline 12.06 = +0.14, as stated.",
                    assertions=(1,),
                    line=11,
                ),
                finding(
                    "released_results",
                    VERIFIED,
                    MATCHES,
                    "Motion-guided masking 6.04 − Baseline 4.66 = +1.38, as stated.",
                    assertions=(2,),
                    line=11,
                ),
                finding(
                    "significance",
                    VERIFIED,
                    Reason.EXCEEDS_NOISE,
                    "+1.38 with a 95% interval of [+0.98, +1.78] from n 24,777 on both sides: beyond sampling noise.",
                    part="conclusion",
                    level=Level.SIGNIFICANT,
                    assertions=(2,),
                ),
                caveat(
                    "significance",
                    Reason.NOT_SIGNIFICANT,
                    "+0.30 with a 95% interval of [−1.46, +2.06] from n 1,970 on both sides: within sampling noise.",
                    resolves="several seeds of both methods",
                    assertions=(0,),
                ),
                caveat("significance", Reason.SINGLE_SEED, "Each side is one pretraining run, seed 239.", blocks=False),
            ),
            numbers=VERIFIED,
            conclusion=INCONCLUSIVE,
            reasons=(Reason.NOT_SIGNIFICANT,),
            truncated=True,
            unbound=("101",),
            would_change=("several seeds of both methods",),
        ),
        claim(
            2,
            "Kinematic variants lose 2.5 to 2.9 points on Diving-48 and gain 1.5 to 1.7 points on ImageNet-100.",
            (
                Range(
                    method="kinematic variants",
                    baseline="Baseline",
                    dataset="Diving-48",
                    metric="top-1",
                    regime="ucf101",
                    low=Decimal("2.5"),
                    high=Decimal("2.9"),
                    sign="-",
                    infers=True,
                ),
                Range(
                    method="kinematic variants",
                    baseline="Baseline",
                    dataset="ImageNet-100",
                    metric="top-1",
                    regime="ucf101",
                    low=Decimal("1.5"),
                    high=Decimal("1.7"),
                    sign="+",
                    ambiguous=("method",),
                ),
            ),
            (
                finding(
                    "arithmetic",
                    VERIFIED,
                    Reason.UNIVERSE,
                    "Both variants probed on both sets lie in −2.9 to −2.5 (−2.90, −2.49).",
                    line=12,
                ),
                caveat("controls", Reason.UNTRAINED_ENCODER, "EMA is off in these runs, so the probed target encoder was never trained."),
            ),
            numbers=VERIFIED,
            conclusion=INCONCLUSIVE,
            reasons=(Reason.UNTRAINED_ENCODER,),
        ),
        claim(
            3,
            "FWM-HW-LD gains 5.92 points on ImageNet-100 and 3.21 on SSv2 while staying close to",
            (gain("FWM-HW-LD", "ImageNet-100", "5.92", "+"), gain("FWM-HW-LD", "SSv2", "3.21", "+")),
            (
                finding("released_results", VERIFIED, MATCHES, "FWM-HW-LD 30.78 − Baseline 24.86 = +5.92, as stated.", line=6),
                caveat("controls", Reason.SEED_MISMATCH, "The method ran from seed 239, the printed baseline from seed 42."),
                caveat("controls", Reason.PROTOCOL_MISMATCH, "Probe epochs differ on SSv2: 50 against 100."),
            ),
            numbers=VERIFIED,
            conclusion=INCONCLUSIVE,
            reasons=(Reason.SEED_MISMATCH, Reason.PROTOCOL_MISMATCH),
            truncated=True,
        ),
        claim(
            4,
            "LD gains 5.02 points on SSv2, the largest in the table.",
            (
                gain("LD", "SSv2", "5.02", "+"),
                Rank(method="LD", baseline="Baseline", dataset="SSv2", metric="top-1", regime="mixed", universe="the table", infers=True),
            ),
            (
                finding("released_results", VERIFIED, MATCHES, "LD 13.41 − Baseline 8.39 = +5.02, as stated.", line=4),
                finding(
                    "released_results", VERIFIED, MATCHES, "The next, FWM-HW-LD, gains 3.21.", part="conclusion", level=Level.SIGNIFICANT
                ),
            ),
            numbers=VERIFIED,
            conclusion=VERIFIED,
            level=Level.SIGNIFICANT,
            reasons=(MATCHES, Reason.SINGLE_SEED),
        ),
        claim(
            5,
            "10 of 14 methods lose more than 5 points on ImageNet-100, pixel-prediction objectives (AC, FAC) most of all.",
            (
                Count(
                    method="methods",
                    baseline="Baseline",
                    dataset="ImageNet-100",
                    metric="top-1",
                    regime="mixed",
                    count=10,
                    total=14,
                    value=Decimal(5),
                    sign="-",
                    supplied=("regime",),
                    infers=True,
                ),
            ),
            (
                finding("arithmetic", VERIFIED, Reason.UNIVERSE, "10 of the 14 with all three scores; 11 of all 15.", line=3),
                caveat("controls", Reason.COUNT_DEPENDS_ON_SEED, "Against the baseline of seed 239 it is 5 of 14."),
            ),
            numbers=VERIFIED,
            conclusion=INCONCLUSIVE,
            reasons=(Reason.COUNT_DEPENDS_ON_SEED,),
        ),
        claim(
            6,
            "LD alone lifts SSv2 (+5.02) but hurts ImageNet-100 and Diving-48.",
            (
                gain("LD", "SSv2", "5.02", "+"),
                Direction(method="LD", baseline="Baseline", dataset="ImageNet-100", regime="mixed", sign="-", infers=True),
            ),
            (finding("released_results", VERIFIED, MATCHES, "LD 13.41 − Baseline 8.39 = +5.02, as stated.", assertions=(0,), line=4),),
            numbers=VERIFIED,
            conclusion=INCONCLUSIVE,
            reasons=(Reason.SIGN_DEPENDS_ON_SEED,),
        ),
        claim(
            7,
            "FWM alone lifts ImageNet-100 (+1.98).",
            (gain("FWM", "ImageNet-100", "1.98", "+"),),
            (
                finding(
                    "released_results",
                    REFUTED,
                    Reason.CONTRADICTS,
                    "FWM 26.74 − Baseline 24.86 = +1.88, and no rounding makes that +1.98.",
                    line=5,
                ),
            ),
            numbers=REFUTED,
            conclusion=INCONCLUSIVE,
            reasons=(Reason.CONTRADICTS,),
            would_change=("a corrected number or another source",),
        ),
        claim(
            8,
            "FWM+LD does poorly on ImageNet-100 (-10.14).",
            (gain("FWM-LD", "ImageNet-100", "10.14", "-"),),
            (finding("released_results", VERIFIED, MATCHES, "14.72 − 24.86 = −10.14, as stated."),),
            numbers=VERIFIED,
            conclusion=VERIFIED,
            reasons=(MATCHES,),
        ),
        claim(
            9,
            "FWM scores 26.74% on ImageNet-100.",
            (Value(method="FWM", dataset="ImageNet-100", metric="top-1", regime="mixed", value=Decimal("26.74")),),
            (finding("released_results", VERIFIED, MATCHES, "The released score is 26.74."),),
            numbers=VERIFIED,
            conclusion=None,
            reasons=(MATCHES,),
        ),
        claim(
            10,
            "The encoder gives one embedding of 768 dimensions.",
            (Fact(subject="encoder", property="embedding dimension", value=Decimal(768)),),
            (finding("released_results", VERIFIED, MATCHES, "The released configuration says 768."),),
            numbers=VERIFIED,
            conclusion=None,
            reasons=(MATCHES,),
        ),
        claim(
            11,
            "Objectives that favour temporal structure often go with weaker appearance discrimination.",
            (
                Trend(
                    method="methods",
                    cause="temporal structure",
                    effect="appearance discrimination",
                    regime="mixed",
                    sign="-",
                    ambiguous=("cause",),
                    infers=True,
                ),
            ),
            (),
            numbers=None,
            conclusion=INCONCLUSIVE,
            reasons=(Reason.NOT_CHECKED,),
            level=Level.STATED,
        ),
    )

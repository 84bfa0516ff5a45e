"""Names, released results and experiments of arXiv:2605.17165. Data about the study; no judgement is made here."""

from decimal import Decimal
from pathlib import Path

from claimcheck.document import Document, Location
from claimcheck.dossier import Ability, Arm, Lexicon, MethodSet, Name, Quantity, Regime, Result, StandIn
from claimcheck.studies.study import Completion, Study, decimals, percent, records, row_location

FOLDER = Path(__file__).parent

METHODS = {  # the release's variant: the paper's name, then its other names
    "baseline": ("Baseline", "baseline V-JEPA", "the baseline"),
    "baseline_seed42": ("Baseline",),
    "motion_guided": ("Motion-Guided Masking", "motion-guided masking", "MG masking", "Motion-Guided-JEPA"),
    "amg": ("AMG", "AMG-JEPA", "aggressive motion-guided masking"),
    "hw": ("HW", "HW-JEPA", "hard-region weighting", "hard weighting"),
    "delta": ("Delta", "Delta-JEPA", "delta prediction"),
    "fwm": ("FWM", "FWM-JEPA", "factorized world model"),
    "ld": ("LD", "LD-JEPA", "latent dynamics"),
    "fwm_ld": ("FWM-LD", "FWM+LD", "FWM-LD-JEPA", "FWM + LD"),
    "hw_ld": ("HW-LD", "HW+LD", "HW_LD-JEPA"),
    "fwm_hw_ld": ("FWM-HW-LD", "FWM+HW+LD", "FWM_HW_LD-JEPA", "FWM-HW-LD-JEPA"),
    "combo": ("COMBO", "COMBO-JEPA"),
    "spectral": ("Spectral", "SPECTRAL-JEPA", "spectral matching"),
    "ltc": ("LTC", "LTC-JEPA", "latent temporal contrastive"),
    "ac": ("AC", "AC-JEPA", "action conditioning"),
    "ac_hw": ("AC+HW", "AC-HW", "AC+HW-JEPA"),
    "fac": ("FAC", "FAC-JEPA", "factorized action conditioning"),
    "kinematic": ("Kinematic-1.0", "Kinematic-JEPA-1.0", "Kinematic-JEPA"),
    "kinematic_0_1": ("Kinematic-0.1", "Kinematic-JEPA-0.1"),
    "kinematic_accel": ("Kinematic-Accel", "Kinematic-JEPA-Accel"),
    "kinematic_anneal": ("Kinematic-Anneal", "Kinematic-JEPA-Anneal"),
    "kinematic_huber": ("Kinematic-Huber", "Kinematic-JEPA-Huber"),
    "kinematic_split": ("Kinematic-Split", "Kinematic-JEPA-Split"),
    "sigreg": ("SIGReg", "SIGReg-VJEPA2"),
    "sigreg_no_ema": ("SIGReg-no-EMA", "SIGReg-no-EMA-VJEPA2"),
    "hamiltonian": ("Hamiltonian", "Hamiltonian-JEPA"),
    "velgate": ("Velocity gate", "VelGate-JEPA", "VelGate"),
    "future_predictive": ("Future-Predictive", "Future-Predictive-JEPA"),
    "motion_future": ("Motion-Future", "Motion-Future-JEPA"),
}

DATASETS = {  # the release's probe: the benchmark's name, then its other names
    "diving48": ("Diving-48", "D-48", "D48", "Diving48"),
    "imagenet100": ("ImageNet-100", "IN-100", "IN100", "ImageNet100", "ImageNet"),
    "ssv2": ("SSv2", "Something-Something V2", "Something-Something-v2", "SomethingSomething V2"),
    "synth": ("Synthetic motion", "synthetic-motion probe", "synthetic motion probe", "synthetic-motion set"),
    "ucf101": ("UCF-101 (500 test clips)",),
    "ucf101_full": ("UCF-101 (3,783 test clips)",),
}

KINEMATIC = tuple(METHODS[variant][0] for variant in METHODS if variant.startswith("kinematic"))
MIXED = tuple(
    METHODS[variant][0]
    for variant in [
        "motion_guided",
        "amg",
        "hw",
        "delta",
        "fwm",
        "ld",
        "fwm_ld",
        "hw_ld",
        "fwm_hw_ld",
        "combo",
        "spectral",
        "ltc",
        "ac",
        "ac_hw",
        "fac",
    ]
)

UCF101 = tuple(
    METHODS[variant][0]
    for variant in METHODS
    if variant.startswith(("kinematic", "sigreg"))
    or variant in ("motion_guided", "hamiltonian", "velgate", "future_predictive", "motion_future")
)

LEXICON = Lexicon(
    methods=tuple(Name(name=names[0], aliases=names[1:]) for variant, names in METHODS.items() if variant != "baseline_seed42"),
    datasets=tuple(Name(name=names[0], aliases=names[1:]) for names in DATASETS.values()),
    sets=(
        MethodSet(name="kinematic variants", aliases=("Kinematic", "kinematic regularization", "kinematic objectives"), members=KINEMATIC),
        MethodSet(name="methods", aliases=("auxiliary objectives", "auxiliary methods", "objectives", "variants"), members=MIXED),
        MethodSet(name="pixel-prediction objectives", members=("AC", "FAC")),
    ),
    abilities=(
        Ability(name="temporal structure", aliases=("temporal reasoning", "motion"), datasets=("SSv2", "Diving-48")),
        Ability(name="appearance discrimination", aliases=("appearance",), datasets=("ImageNet-100",)),
    ),
    regimes=(
        Regime(
            name="mixed",
            aliases=("mixed-dataset", "mixed regime", "mixed setting", "mixed pretraining"),
            baseline="Baseline",
            baseline_run="mixed/baseline_seed42",
            benchmarks=("Diving-48", "ImageNet-100", "SSv2"),
            methods=MIXED,
        ),
        Regime(
            name="ucf101",
            aliases=("UCF-101", "UCF-101 setting", "UCF-101 regime", "single-dataset"),
            baseline="Baseline",
            baseline_run="ucf101/baseline",
            benchmarks=("Diving-48", "ImageNet-100", "SSv2"),
            methods=UCF101,
        ),
    ),
)

COMPLETIONS = (
    Completion(kind="Count", method="methods", supplies={"regime": "mixed"}),
    Completion(kind="Trend", method="methods", supplies={"regime": "mixed"}),
    Completion(kind="Range", method="kinematic variants", numbers=("40", "45"), supplies={"dataset": "Synthetic motion"}),
)
"""What the paper's sentences leave unsaid and its tables say: which regime, which benchmark."""


def dataset_name(probe: str) -> str:
    """The benchmark a released probe belongs to; a further probe head on it is a benchmark of its own."""
    if probe in DATASETS:
        return DATASETS[probe][0]
    base, _, head = probe.partition("_")
    return f"{DATASETS[base][0]} ({head.replace('_', ' ')} probe)"


def read_results(path: Path) -> tuple[Result, ...]:
    """One Result per row of the released table, with the columns that say how its run was made."""
    settings = {"seed": "pretrain_seed", "probe_epochs": "probe_epochs", "probe_lr": "probe_lr", "ema_momentum": "ema_momentum"}
    rows = records(path)
    precision = decimals(row["top1_percent"] for _, row in rows)
    return tuple(
        Result(
            method=METHODS[row["variant"]][0],
            dataset=dataset_name(row["probe"]),
            metric="top-1",
            score=percent(row["top1_percent"], precision),
            where=row_location(path, line),
            origin="release",
            regime=row["regime"],
            run=f"{row['regime']}/{row['variant']}",
            n=int(row["n_val"]),
            settings={name: row[column] for name, column in settings.items() if row[column]},
            label=row["label_in_file"],
        )
        for line, row in rows
    )


FACTS = (
    Result(
        method="encoder",
        dataset="",
        metric="embedding dimension",
        score=Quantity(value=Decimal(768)),
        where=Location(document="released configuration", detail="model: ViT-B/16, width 768, 12 blocks, 12 heads"),
        origin="release",
    ),
)

EXPERIMENTS = {  # the release's run: our experiment, where the variant's name alone would not say which
    "mixed/baseline_seed42": "mixed_baseline",
    "mixed/motion_guided": "motion_guided_mixed",
    "ucf101/baseline": "ucf101_baseline",
}

READ_TWICE = ("hw_ld", "fwm_hw_ld", "sigreg_no_ema", *(v for v in METHODS if v.startswith("kinematic")))
"""Variants whose released code and description differ in what is trained or probed: both readings are experiments."""


GENERATED = {"kinematic": ("motion8",)}
"""Variants that can be run as released and at paper scale without data and without training: the probed encoder never leaves its initial
weights, and the clips are generated. One variant stands for all of them, since they share those weights."""


def arms() -> tuple[Arm, ...]:
    """Which experiment stands for which released run, in both readings where they differ."""
    found = []
    for run in dict.fromkeys(r.run for r in read_results(FOLDER / "released.csv")):
        regime, _, variant = run.partition("/")
        if run == "mixed/baseline":
            continue  # another seed of the recipe that baseline_seed42 stands for
        described = Arm(experiment=EXPERIMENTS.get(run, variant), method=METHODS[variant][0], regime=regime, run=run)
        found.append(described)
        if variant in READ_TWICE:
            released = {"experiment": f"{described.experiment}_as_released", "reading": "as_released"}
            found.append(described.model_copy(update=released | {"paper_probes": GENERATED.get(variant, ())}))
    model = Arm(experiment="mixed_baseline", method="encoder", regime="")
    published = model.model_copy(update={"experiment": "kinematic_as_released", "paper_probes": GENERATED["kinematic"]})
    return (*found, model, published)


STAND_INS = (
    StandIn(
        dataset="ImageNet-100",
        probe="sprites_appearance",
        paper_probe="imagenet100",
        why="shape and texture of a generated sprite, readable from one frame",
    ),
    StandIn(dataset="Diving-48", probe="sprites_motion", paper_probe="diving48", why="direction and speed of a generated sprite"),
    StandIn(dataset="SSv2", probe="sprites_order", paper_probe="ssv2", why="programs of events that only their order tells apart"),
    StandIn(dataset="Synthetic motion", probe="motion8", paper_probe="motion8", why="the paper's own generated set of eight directions"),
)


def recognises(document: Document) -> bool:
    """By the arXiv id among its id and references, together with the paper's name for its method in the title or text."""
    named = "factorized latent dynamics" in (document.title + " " + " ".join(s.text for s in document.sentences())).lower()
    cited = any("2605.17165" in (r.arxiv or r.url or r.text) for r in document.references)
    return "2605.17165" in document.id or (named and cited)


STUDY = Study(
    name="latent_dynamics",
    paper="arxiv:2605.17165",
    title="Factorized Latent Dynamics for Video-JEPA: 18 auxiliary objectives",
    folder=FOLDER,
    lexicon=LEXICON,
    recognises=recognises,
    completions=COMPLETIONS,
    read_results=read_results,
    facts=FACTS,
    seeds=(239, 42, 1337),
    arms=arms(),
    stand_ins=STAND_INS,
)

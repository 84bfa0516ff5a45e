"""How far a second reader agrees with `prose.toml`: what extraction could reach if it read as people do.

`prose_second.toml` holds the same sentences, annotated after the same guide without seeing the first table. It is judged by the first as
extraction is, except that either reader may give several wordings for a name, and that units must be written alike.
"""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from claimcheck.benchmarks import prose
from claimcheck.benchmarks.heldout import held_out

FILE = prose.FILE.with_name("prose_second.toml")
EITHER = "either"


def both(data: Path) -> tuple[int, dict[str, float]]:
    """The prose benchmark, and beside its figures those of the second reader."""
    number, figures = prose.measure(data)
    return number, figures | agreement()


def agreement(first: Path = prose.FILE, second: Path = FILE) -> dict[str, float]:
    """F1 of the second reader's numbers and assertions by the first's, over the sentences in both tables, and of the held-out papers apart."""
    said = {(paper["id"], row["sha256"]): row.get("says", []) for paper in prose.rows(second) for row in paper["sentence"]}
    sets = {"": prose.Counts(), "_held_out": prose.Counts()}
    for paper in prose.rows(first):
        for row in paper["sentence"]:
            found = said.get((paper["id"], row["sha256"]))
            if found is not None:
                count(sets[""], row.get("says", []), found, paper["own"])
                if held_out(paper["id"]):
                    count(sets["_held_out"], row.get("says", []), found, paper["own"])
    return {
        f"second_reader_{name}_f1{suffix}": prose.scores(name, counted)[f"{name}_f1"]
        for suffix, counts in sets.items()
        for name, counted in (("value", counts.numbers), ("assertion", counts.wholes))
    }


def count(counts: prose.Counts, first: list[dict[str, Any]], second: list[dict[str, Any]], own: list[str]) -> None:
    """Add how one sentence was read twice."""
    pairs = prose.paired(first, second, same_number, lambda g, a: judged(g, a, own))
    both = sum("value" in first[i] for i, _ in pairs)
    whole = sum(all(judged(first[i], second[j], own).values()) for i, j in pairs)
    for total, added in (
        (counts.numbers, (sum("value" in g for g in first), sum("value" in a for a in second), both)),
        (counts.wholes, (len(first), len(second), whole)),
    ):
        total[:] = [old + new for old, new in zip(total, added, strict=True)]


def same_number(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Value, unit and sign; of an assertion without a number, its kind and its sense."""
    signs = (first.get("sign", ""), second.get("sign", ""))
    if signs[0] != signs[1] and EITHER not in signs:
        return False
    if "value" not in first or "value" not in second:
        return "value" not in first and "value" not in second and first["kind"] == second["kind"]
    return all(magnitude(first.get(name)) == magnitude(second.get(name)) for name in ("value", "high")) and (
        first.get("unit", "") == second.get("unit", "")
    )


def magnitude(written: str | None) -> Decimal | str | None:
    """The number without its sign; a number in words as it is."""
    try:
        return abs(Decimal(written)) if written is not None else None
    except InvalidOperation:
        return written


def judged(first: dict[str, Any], second: dict[str, Any], own: list[str]) -> dict[str, bool]:
    """Which of the slots that the first reader stated the second has too."""
    right = {"kind": first["kind"] == second["kind"]}
    if first.get("bound"):
        right["bound"] = bool(second.get("bound"))
    if "order" in first and second["kind"] == "Rank":
        right["order"] = first["order"] == second.get("order")
    for name in ("method", "baseline", "dataset", "metric"):
        if name in first and not (name == "baseline" and first["kind"] == "Value"):
            right[name] = any(same_name(w, v, own) for w in wordings(first, name) for v in wordings(second, name))
    return right


def wordings(row: dict[str, Any], slot: str) -> list[str]:
    given: str | list[str] = row.get(slot, [])
    return [given] if isinstance(given, str) else given


def same_name(first: str, second: str, own: list[str]) -> bool:
    """Whether two wordings name one thing, whichever reader wrote more words."""
    return first == second or prose.same_name(first, second, own) or prose.same_name(second, first, own)

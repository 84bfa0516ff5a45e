"""How fast claims are read against tables: made-up claims, half of which name no table, against made-up tables, on one core.

python benchmarks/table_speed.py --json
"""

import argparse
import json
import random
import time

from claimcheck.document import Cell, Location, Table
from claimcheck.dossier import Claim, Dossier
from claimcheck.verify import tables

SYLLABLES = ("ra", "mo", "ti", "ken", "lu", "vor", "sal", "di", "bex", "no", "pra", "gil")
METRICS = ("accuracy", "F1", "BLEU", "recall", "precision", "mAP")


def made_table(number: int, rng: random.Random) -> Table:
    """Ten named methods by six metrics."""
    names = ["".join(rng.choices(SYLLABLES, k=3)).capitalize() + rng.choice(("Net", "-2", "", "Former")) for _ in range(10)]
    texts = [["Method", *METRICS], *([name, *(f"{rng.uniform(20, 90):.1f}" for _ in METRICS)] for name in names)]
    cells = [Cell(text=text, row=r, column=c, header=r == 0) for r, row in enumerate(texts) for c, text in enumerate(row)]
    return Table(label=f"Table {number}", caption=f"Table {number}: Results.", cells=tuple(cells), where=Location(document="paper"))


def made_claim(number: int, made: list[Table], rng: random.Random) -> Claim:
    """A comparison or a value of one of the tables; every other one says of which."""
    table = rng.choice(made)
    rows = table.grid()[1:]
    one, two = rng.sample(rows, 2)
    column = rng.randrange(1, len(METRICS) + 1)
    says = f" (see {table.label})" if number % 2 else ""
    first, second, score = (cell.text if cell else "" for cell in (one[0], two[0], one[column]))
    if number % 3:
        sentence = f"{first} clearly outperforms {second} in terms of {METRICS[column - 1]}{says}."
    else:
        sentence = f"{first} reaches {score} {METRICS[column - 1]}, which is higher than what {second} achieves{says}."
    return Claim(number=number, sentence=sentence, where=Location(document="paper"))


def measure(num_claims: int, num_tables: int) -> dict[str, float]:
    rng = random.Random(7)
    made = [made_table(number, rng) for number in range(1, num_tables + 1)]
    claims = [made_claim(number, made, rng) for number in range(1, num_claims + 1)]
    dossier = Dossier(paper="paper", claims=tuple(claims), tables=tuple(made))
    start = time.process_time()
    findings = sum(len(list(tables.verify(claim, dossier))) for claim in claims)
    return {"claims": num_claims, "tables": num_tables, "findings": findings, "cpu_seconds": round(time.process_time() - start, 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=1000)
    parser.add_argument("--tables", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = measure(given.claims, given.tables)
    print(json.dumps(found) if given.json else "\n".join(f"{key:12} {value}" for key, value in found.items()))


if __name__ == "__main__":
    main()

"""The commands on a person's corrections: `claims edit`, `show` and `check`, for the `claims.toml` beside a paper.

Exit codes as everywhere: 0 done; 2 usage, or a correction that says something it may not; 3 the paper or the file cannot be read; 74 disk
error. Every change is validated before it is written, and what the file already says stays as its writer left it.
"""

import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from claimcheck.console import Exit, stop
from claimcheck.escape import cleaned

if TYPE_CHECKING:
    from claimcheck.corrections import Corrections, Entry
    from claimcheck.dossier import Claim, Dossier

app = typer.Typer(
    name="claims",
    help="Correct what was read from a paper: claims.toml beside it adds, fixes and drops claims, and outlasts every new reading.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Paper = Annotated[str, typer.Argument(metavar="PAPER", help="The paper's file; the corrections are kept beside it.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else.")]
AddOption = Annotated[
    str, typer.Option("--add", metavar="SENTENCE|N", help="Add an assertion, given by --set, to this sentence, or to claim N.")
]
FixOption = Annotated[str, typer.Option("--fix", metavar="N.M", help="Set fields, given by --set, of assertion M of claim N.")]
DropOption = Annotated[str, typer.Option("--drop", metavar="N[.M]", help="Drop claim N, or only its assertion M.")]
SetOption = Annotated[list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="A field of the assertion; may be repeated.")]
WhyOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="A remark kept with the correction.")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Print what would be written; write nothing.")]

FORM = """\
# Corrections of {paper}: laid over every reading of it. The form is in docs/corrections.md; examples:
#
# [[drop]]
# sentence = "The beginning of the claim's sentence"
#
# [[fix]]
# sentence = "The beginning of the claim's sentence"
# assertion = 2
# set = {{ method = "Ours", dataset = "CIFAR-10" }}
#
# [[add]]
# sentence = "A sentence that was missed"
# assertions = [ {{ kind = "Value", method = "Ours", dataset = "CIFAR-10", metric = "accuracy", value = "91.20", unit = "%" }} ]

paper = {quoted}
"""


@app.command()
def edit(
    paper: Paper,
    add: AddOption = "",
    fix: FixOption = "",
    drop: DropOption = "",
    set: SetOption = None,
    why: WhyOption = "",
    dry_run: DryRun = False,
) -> None:
    """Add, fix or drop a claim of PAPER; with none of these options, open claims.toml in $VISUAL or $EDITOR."""
    asked = [name for name, given in (("--add", add), ("--fix", fix), ("--drop", drop)) if given]
    if len(asked) > 1:
        stop(Exit.USAGE, f"{' and '.join(asked)} together; give one correction at a time")
    if set and not (add or fix):
        stop(Exit.USAGE, "--set goes with --add or --fix")
    path = place(paper)
    if not asked:
        edited(path, paper)
        return
    entry = added(paper, add, set or [], why) if add else fixed(paper, fix, set or [], why) if fix else dropped(paper, drop, why)
    content = appended(path, paper, entry)
    if dry_run:
        from claimcheck.corrections import written

        typer.echo(written(entry), nl=False)
        return
    write(path, content, paper)


@app.command()
def show(paper: Paper, json: Json = False) -> None:
    """What claims.toml says of PAPER, and what of it fits the present reading."""
    path = existing(paper)
    said, dossier = parsed(path), read(paper)
    if json:
        print_json(path, said, dossier)
        return
    typer.echo(f"{cleaned(path)}: {len(said.add)} added, {len(said.fix)} fixed, {len(said.drop)} dropped")
    for hand in dossier.by_hand:
        typer.echo(cleaned(f"  claim {hand.claim} {hand.what} by hand: {dossier.claim(hand.claim).sentence}"))
    for line in dossier.dropped:
        typer.echo(cleaned(f"  dropped {line}"))
    for line in dossier.unapplied:
        typer.echo(cleaned(f"  fits nothing: {line}"))


@app.command()
def check(paper: Paper) -> None:
    """Say whether claims.toml is valid and every entry fits; one line for each fault, and exit 2, if not."""
    path = existing(paper)
    parsed(path)
    unapplied = read(paper).unapplied
    for line in unapplied:
        typer.echo(f"claimcheck: {cleaned(line)}", err=True)
    if unapplied:
        raise SystemExit(int(Exit.USAGE))
    typer.echo(f"{cleaned(path)}: ok")


# The file


def place(paper: str) -> Path:
    """Where the corrections of a paper are, or go. A folder's `claims.toml` that belongs to another paper is left alone."""
    from claimcheck import corrections

    path = Path(paper)
    if corrections.is_source(path.name):
        return path
    if not path.is_file():
        stop(Exit.UNREADABLE, f"{paper}: no such file; give the paper whose claims are to be corrected")
    found = beside(paper)
    if found is not None:
        return found
    shared = path.with_name(corrections.NAME)
    return path.with_name(f"{path.stem}.{corrections.NAME}") if shared.exists() else shared


def beside(paper: str) -> Path | None:
    from claimcheck import corrections

    try:
        return corrections.beside(paper)
    except corrections.Invalid:  # being put right, perhaps
        return Path(paper).with_name(corrections.NAME)


def existing(paper: str) -> Path:
    path = place(paper)
    if not path.is_file():
        stop(Exit.UNREADABLE, f"{paper}: has no {path.name} beside it; claimcheck claims edit writes one")
    return path


def parsed(path: Path) -> "Corrections":
    """The file's corrections; each fault on a line of its own, and exit 2, where it has any."""
    from claimcheck.corrections import Invalid, load

    try:
        return load(path)
    except Invalid as error:
        refuse(error.faults)


def refuse(faults: tuple[str, ...]) -> NoReturn:
    for line in faults[:-1]:
        typer.echo(f"claimcheck: {cleaned(line)}", err=True)
    stop(Exit.USAGE, faults[-1])


def read(paper: str, *, corrected: bool = True) -> "Dossier":
    from claimcheck.document import Unreadable
    from claimcheck.gather import gather

    try:
        return gather(paper, corrected=corrected)
    except Unreadable as error:
        stop(Exit.UNREADABLE, str(error))


def appended(path: Path, paper: str, entry: "Entry") -> bytes:
    """The file's bytes with one more entry at the end, its lines ended as the file's are."""
    from claimcheck.corrections import written

    before = path.read_bytes() if path.is_file() else b""
    if not before.strip():
        before = FORM.format(paper=Path(paper).name, quoted=json.dumps(Path(paper).name, ensure_ascii=False)).encode()
    end = b"\r\n" if b"\r\n" in before else b"\n"
    return before.rstrip() + 2 * end + written(entry).encode().replace(b"\n", end)


def write(path: Path, content: bytes, paper: str) -> None:
    """The corrections under their name, if they are valid; and a word on what they now do."""
    from claimcheck.corrections import Invalid, is_source, parse
    from claimcheck.files import write_atomically

    try:
        parse(content, path.name)
    except Invalid as error:
        refuse(error.faults)
    try:
        write_atomically(path, content)
    except OSError as error:
        stop(Exit.DISK, f"{path}: {error.strerror}; corrections are kept beside the paper, so copy it to a folder that can be written")
    typer.echo(f"wrote {cleaned(path)}")
    if not is_source(Path(paper).name):
        for line in read(paper).unapplied:
            typer.echo(f"fits nothing in this reading: {cleaned(line)}", err=True)


def print_json(path: Path, said: "Corrections", dossier: "Dossier") -> None:
    from claimcheck.dossier import SCHEMA

    document = {
        "schema": SCHEMA,
        "file": str(path),
        "corrections": said.model_dump(mode="json", exclude_defaults=True),
        "claims": [{"number": h.claim, "what": h.what, "sentence": dossier.claim(h.claim).sentence} for h in dossier.by_hand],
        "dropped": list(dossier.dropped),
        "unapplied": list(dossier.unapplied),
    }
    typer.echo(json.dumps(document, ensure_ascii=False))


# One correction from options


def added(paper: str, sentence: str, settings: list[str], why: str) -> "Entry":
    from claimcheck.corrections import Add

    fields = fields_of(settings)
    if sentence.isdecimal():
        sentence = chosen(paper, sentence, "--add")[0].sentence
    return valid(Add, {"sentence": sentence, "why": why, "assertions": [fields]}, "--add")


def fixed(paper: str, which: str, settings: list[str], why: str) -> "Entry":
    from claimcheck.corrections import Fix

    claim, assertion = chosen(paper, which, "--fix")
    if not settings:
        stop(Exit.USAGE, "--fix needs what to set: --set FIELD=VALUE")
    return valid(Fix, {"sentence": claim.sentence, "assertion": assertion or 1, "set": fields_of(settings), "why": why}, "--fix")


def dropped(paper: str, which: str, why: str) -> "Entry":
    from claimcheck.corrections import Drop

    claim, assertion = chosen(paper, which, "--drop")
    return valid(Drop, {"sentence": claim.sentence, "assertion": assertion, "why": why}, "--drop")


def valid(kind: "type[Entry]", data: dict[str, Any], option: str) -> "Entry":
    """The entry, put through the same gate as the file."""
    from pydantic import ValidationError

    from claimcheck.corrections import faults, with_marks

    try:
        return kind.model_validate(with_marks({"add": [data]})["add"][0])
    except ValidationError as error:
        refuse(tuple(faults(error, option)))


def fields_of(settings: list[str]) -> dict[str, Any]:
    pairs = [setting.partition("=") for setting in settings]
    for name, equals, _ in pairs:
        if not equals or not name.strip():
            stop(Exit.USAGE, f"--set {name!r}: give FIELD=VALUE, for example --set dataset=CIFAR-10")
    return {name.strip(): value.strip() for name, _, value in pairs}


def chosen(paper: str, which: str, option: str) -> "tuple[Claim, int | None]":
    """The claim, as the paper reads with the corrections there are, and the assertion of it, that "3" or "3.2" names."""
    number, dot, assertion = which.partition(".")
    if not number.isdecimal() or (dot and not assertion.isdecimal()):
        stop(Exit.USAGE, f"{option} {which!r}: give the number of a claim, or of an assertion as 3.2")
    claims = {claim.number: claim for claim in read(paper).claims}
    if int(number) not in claims:
        stop(Exit.USAGE, f"{option} {which!r}: {paper} has no claim {number}; claimcheck extract lists them")
    claim = claims[int(number)]
    if dot and not 1 <= int(assertion) <= len(claim.assertions):
        stop(Exit.USAGE, f"{option} {which!r}: claim {number} has {len(claim.assertions)} assertions")
    return claim, as_found(paper, claim, int(assertion)) if dot else None


def as_found(paper: str, claim: "Claim", shown: int) -> int:
    """The number of an assertion in the reading before any correction: those that were dropped still count there."""
    from claimcheck.corrections import bare, load

    path = place(paper)
    said = load(path) if path.is_file() else None
    gone = {d.assertion for d in said.drop if bare(claim.sentence).startswith(bare(d.sentence))} if said else set()
    found = next((c for c in read(paper, corrected=False).claims if c.number == claim.number), None)
    left = [n for n in range(1, len(found.assertions if found else ()) + 1) if n not in gone]
    if shown > len(left):
        stop(Exit.USAGE, f"assertion {claim.number}.{shown} was added by hand; change it in {path}")
    return left[shown - 1]


# In an editor


def edited(path: Path, paper: str) -> None:
    """Let a person change the file in their editor, as often as it takes to be valid; the file is replaced only then."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        stop(Exit.USAGE, "not on a terminal, so no editor can be opened; give --add, --fix or --drop")
    before = path.read_bytes() if path.is_file() else FORM.format(paper=Path(paper).name, quoted=json.dumps(Path(paper).name)).encode()
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / path.name
        draft.write_bytes(before)
        while True:
            run_editor(draft)
            content = draft.read_bytes()
            if content == before and path.is_file():
                typer.echo(f"{cleaned(path)}: unchanged")
                return
            wrong = faults_in(content, path.name)
            if not wrong:
                write(path, content, paper)
                return
            for line in wrong:
                typer.echo(f"claimcheck: {cleaned(line)}", err=True)
            if not typer.confirm("Edit again?", default=True):
                kept = path.with_name(f"{path.name}.rejected")
                kept.write_bytes(content)
                stop(Exit.USAGE, f"{path} is as it was; your text is in {kept}")


def faults_in(content: bytes, name: str) -> tuple[str, ...]:
    from claimcheck.corrections import Invalid, parse

    try:
        parse(content, name)
    except Invalid as error:
        return error.faults
    return ()


def run_editor(draft: Path) -> None:
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        done = subprocess.run([*shlex.split(command), str(draft)], check=False)
    except (OSError, ValueError) as error:
        stop(Exit.USAGE, f"the editor {command!r} cannot be started ({error}); set $EDITOR, or give --add, --fix or --drop")
    if done.returncode:
        stop(Exit.USAGE, f"the editor {command!r} ended with {done.returncode}; nothing was changed")

"""A folder of papers, read in parallel: each file in a limited child of its own, each result a file, so that a stopped run goes on.

One bad file is one typed outcome. Nothing of a paper stays in this process, so memory does not grow with their number.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from claimcheck.document import Unreadable
from claimcheck.readers.limits import Limits, Server


@dataclass(frozen=True)
class Read:
    """How one file went."""

    path: Path
    status: str
    """`read`, `kept` from an earlier run, or the reason it could not be read."""

    detail: str = ""
    seconds: float = 0.0


def read_folder(folder: Path, out: Path, workers: int = 0, limits: Limits | None = None) -> Iterator[Read]:
    """Read every file under `folder` that a reader knows, writing `<sha256>.json` of each to `out`; yields outcomes as they come."""
    from claimcheck import readers  # the registry imports the formats; this module is not one

    suffixes = {suffix for reader in readers.READERS for suffix in reader.SUFFIXES}
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in suffixes and path.is_file())
    yield from read_all(paths, out, workers, limits)


def read_all(paths: Sequence[Path], out: Path, workers: int = 0, limits: Limits | None = None) -> Iterator[Read]:
    """Read the files at `paths`; see `read_folder`."""
    out.mkdir(parents=True, exist_ok=True)
    count = workers or os.cpu_count() or 1
    idle: SimpleQueue[Server] = SimpleQueue()
    servers = [Server(("pymupdf", "claimcheck.readers", "claimcheck.readers.pdf_child", "claimcheck.readers.batch")) for _ in range(count)]
    for server in servers:
        idle.put(server)

    def one(path: Path) -> Read:
        server = idle.get()
        try:
            return _read(path, out, server, limits or Limits())
        finally:
            idle.put(server)

    try:
        with ThreadPoolExecutor(count) as pool:
            for done in as_completed([pool.submit(one, path) for path in paths]):
                yield done.result()
    finally:
        for server in servers:
            server.close()


def _read(path: Path, out: Path, server: Server, limits: Limits) -> Read:
    start = time.perf_counter()
    try:
        data = path.read_bytes()
    except OSError as error:
        return Read(path, "not_readable", error.strerror or str(error))
    target = out / f"{hashlib.sha256(data).hexdigest()}.json"
    if target.exists():
        return Read(path, *_kept(target))
    outcome = server.call("claimcheck.readers.batch:read_into", data, {"name": path.name, "target": str(target)}, limits)
    if outcome.status != "ok":
        result = {"status": {"memory": "too_big"}.get(outcome.status, outcome.status), "detail": outcome.detail}
        _write(target, json.dumps({"unreadable": result}))
    else:
        result = outcome.result
    return Read(path, result["status"], result["detail"], time.perf_counter() - start)


def _kept(target: Path) -> tuple[str, str]:
    """The status of an earlier run: a failure is as good as it was, since the bytes are the same."""
    with target.open(encoding="utf-8") as file:
        if file.read(14) == '{"unreadable":':
            file.seek(0)
            failed = json.load(file)["unreadable"]
            return failed["status"], failed["detail"]
    return "kept", ""


def read_into(data: bytes, name: str, target: str) -> dict[str, Any]:
    """In the limited child: read the bytes and write the Document, or why there is none, to `target`."""
    from claimcheck import readers
    from claimcheck.readers import pdf, pdf_child

    try:
        if not data.strip():
            raise Unreadable("empty", f"{name}: the file is empty")
        reader = readers.choose(data, name)
        if reader is pdf:  # this is a limited child already
            result = pdf_child.read(data, name)
            if "refused" in result:
                raise Unreadable(result["refused"], result["detail"])
            text = json.dumps(result["document"] | {"sha256": hashlib.sha256(data).hexdigest()})
        else:
            text = reader.read(data, name).model_dump_json()
    except Unreadable as refusal:
        failed = {"status": refusal.reason, "detail": str(refusal)}
        _write(Path(target), json.dumps({"unreadable": failed}))
        return failed
    _write(Path(target), text)
    return {"status": "read", "detail": ""}


def _write(target: Path, text: str) -> None:
    part = target.with_suffix(f".{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(target)

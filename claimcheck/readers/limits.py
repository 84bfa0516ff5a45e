"""A child process that may fail in any way: memory, processor time and wall time are limited, and its printing goes nowhere.

A server process is started once and imports what the work needs; for each job it forks a child that takes the limits upon itself.
So a job costs a fork, not an interpreter's start, and the next job starts clean whatever the last one did.
"""

import atexit
import importlib
import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from typing import IO, Any


@dataclass(frozen=True)
class Limits:
    """What one job may use."""

    memory: int = 2 << 30
    """Bytes of address space."""

    processor: int = 30
    """Seconds of processor time."""

    wall: float = 44.0
    """Seconds."""

    result: int = 48 << 20
    """Bytes the job may give back."""


@dataclass(frozen=True)
class Outcome:
    """How a job ended: `ok` with its result, or `timeout`, `memory`, `crash`, `too_big`, `error` with a word on it."""

    status: str
    result: Any = None
    detail: str = ""


_GRACE = 10.0
"""Seconds beyond the wall limit after which the server itself is given up."""


class Server:
    """The server process and the pipes to it. One job at a time; start another for another core."""

    def __init__(self, preload: tuple[str, ...] = ()) -> None:
        self.preload = preload
        self.process: subprocess.Popen[bytes] | None = None
        self.lock = threading.Lock()

    def call(self, function: str, data: bytes, options: dict[str, Any], limits: Limits = Limits()) -> Outcome:
        """Run `module:function(data, **options)` in a limited child. Its result must be JSON."""
        with self.lock:
            try:
                process = self._running()
                assert process.stdin is not None
                assert process.stdout is not None
                header = json.dumps({"function": function, "options": options, "limits": asdict(limits)}).encode()
                _send(process.stdin, header)
                _send(process.stdin, data)
                answer = _receive(process.stdout, limits.wall + _GRACE)
            except (OSError, EOFError, TimeoutError) as error:
                self.close()
                return Outcome("timeout" if isinstance(error, TimeoutError) else "crash", detail=str(error))
            return Outcome(**json.loads(answer))

    def close(self) -> None:
        """Stop the server; the next call starts another."""
        process, self.process = self.process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue
        process.kill()
        process.wait()

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None:
            self.close()
            code = f"import sys; sys.path[:] = {sys.path!r}; from claimcheck.readers.limits import serve; serve({list(self.preload)!r})"
            self.process = subprocess.Popen(
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            atexit.register(self.close)
        return self.process


def serve(preload: list[str]) -> None:
    """The server's loop: a job in, an outcome out, until standard input closes."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):  # libraries print to the descriptors themselves; nothing of it may reach the answers
        os.dup2(silence, descriptor)
    for module in preload:
        importlib.import_module(module)
    while True:
        try:
            job = json.loads(_receive(requests, None))
            data = _receive(requests, None)
        except EOFError:
            return
        _send(answers, _limited(job, data))


def _limited(job: dict[str, Any], data: bytes) -> bytes:
    """The outcome of one job, as JSON; the child's own answer is passed on unread."""
    limits = Limits(**job["limits"])
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        _child(job, data, limits, write_end)
    os.close(write_end)
    result, timed_out = _gather(read_end, limits, child)
    _, status = os.waitpid(child, 0)
    if timed_out:
        outcome = Outcome("timeout", detail=f"more than {limits.wall:.0f} s")
    elif len(result) > limits.result:
        outcome = Outcome("too_big", detail=f"more than {limits.result >> 20} MB of text")
    elif os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        spent = number in (signal.SIGXCPU, signal.SIGKILL)
        outcome = Outcome("timeout" if spent else "crash", detail=f"ended by {signal.Signals(number).name}")
    elif result.endswith(b"}"):
        return result
    else:
        outcome = Outcome("crash", detail="ended without an answer")
    return json.dumps(asdict(outcome)).encode()


def _child(job: dict[str, Any], data: bytes, limits: Limits, write_end: int) -> None:
    """Never returns: does the job under its limits and leaves."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.processor, limits.processor + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    module, _, name = job["function"].partition(":")
    try:
        try:
            outcome = Outcome("ok", getattr(importlib.import_module(module), name)(data, **job["options"]))
            answer = json.dumps(asdict(outcome)).encode()
        except MemoryError:
            answer = b'{"status": "memory"}'
        except Exception as error:  # whatever a library raises on a hostile file is an outcome, not a fault of ours
            memory = "alloc" in str(error) and "fail" in str(error)
            answer = json.dumps({"status": "memory" if memory else "error", "detail": f"{type(error).__name__}: {error}"[:500]}).encode()
        with os.fdopen(write_end, "wb") as pipe:
            pipe.write(answer)
    finally:
        os._exit(0)


def _gather(descriptor: int, limits: Limits, child: int) -> tuple[bytes, bool]:
    """What the child writes until it closes the pipe; True if its time ran out."""
    pieces: list[bytes] = []
    length, deadline = 0, time.monotonic() + limits.wall
    timed_out = False
    while length <= limits.result:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            timed_out = True
            break
        piece = os.read(descriptor, 1 << 20)
        if not piece:
            break
        pieces.append(piece)
        length += len(piece)
    os.close(descriptor)
    if timed_out or length > limits.result:
        os.kill(child, signal.SIGKILL)
    return b"".join(pieces), timed_out


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(struct.pack(">Q", len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes], wall: float | None) -> bytes:
    """One length-prefixed message. EOFError if the pipe closes first, TimeoutError after `wall` seconds."""
    deadline = None if wall is None else time.monotonic() + wall
    (length,) = struct.unpack(">Q", _exactly(pipe, 8, deadline))
    return _exactly(pipe, length, deadline)


def _exactly(pipe: IO[bytes], length: int, deadline: float | None) -> bytes:
    pieces, left = [], length
    descriptor = pipe.fileno()
    while left:
        if deadline is not None and not select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise TimeoutError("no answer in time")
        piece = os.read(descriptor, min(left, 1 << 20))
        if not piece:
            raise EOFError("the limited process has ended")
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)

import copy
import os
from dataclasses import replace
from itertools import pairwise

import pytest

from repro.ahead import WorkersAhead, made_ahead
from repro.datasets import DataMissing
from repro.evaluate import evaluate
from repro.pretrain import Engine, Trainer
from repro.sweep import reading_workers
from tests.repro.test_pretrain import tiny


def test_workers_make_things_in_order_and_elsewhere():
    made = list(made_ahead(lambda number: (number, os.getpid()), range(20), 2))
    assert [number for number, _ in made] == list(range(20))
    makers = {maker for _, maker in made}
    assert len(makers) == 2
    assert os.getpid() not in makers


def test_without_workers_things_are_made_here_when_they_are_asked_for():
    made = []
    coming = made_ahead(made.append, range(3), 0)
    assert made == []
    next(coming)
    assert made == [0]


def test_what_a_worker_raises_comes_in_its_turn_with_its_own_words():
    def make(number: int) -> int:
        if number == 2:
            raise DataMissing("clip 5 cannot be read")
        return number

    coming = made_ahead(make, range(4), 2)
    assert [next(coming), next(coming)] == [0, 1]
    with pytest.raises(DataMissing, match=r"^clip 5 cannot be read$"):
        next(coming)


def test_steps_are_the_same_whoever_reads_their_clips():
    here, elsewhere = Trainer(tiny("fwm_hw_ld")), Trainer(tiny("fwm_hw_ld"), engine=Engine(workers=2))
    for _ in range(3):
        one, other = here.advance(), elsewhere.advance()
        assert {**one, "seconds": 0} == {**other, "seconds": 0}


def test_workers_begin_again_where_a_checkpoint_is():
    straight, restored = Trainer(tiny()), Trainer(tiny(), engine=Engine(workers=2))
    state = copy.deepcopy(straight.state())
    losses = [straight.advance()["loss"] for _ in range(3)]
    assert [restored.advance()["loss"] for _ in range(2)] == losses[:2]
    restored.restore(state)
    assert [restored.advance()["loss"] for _ in range(3)] == losses


def test_ranks_are_taken_in_turn():
    places = [(0, 0), (1, 0), (0, 1), (1, 1)]
    ahead = WorkersAhead(lambda *place: place, lambda *place: places[places.index(place) :], 2, pin=False)
    assert [ahead.take(*place, following) for place, following in pairwise([*places, None])] == places


def test_probes_score_the_same_whoever_reads_their_clips():
    run = replace(tiny(), probe_epochs={"motion8": 1})
    encoder = Trainer(run).probed_encoder
    assert evaluate(encoder, run) == evaluate(encoder, run, workers=2)


def test_runs_on_gpus_share_the_cores_out(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(16)))
    assert [reading_workers("cuda", jobs) for jobs in (1, 4, 8, 16, 40)] == [8, 3, 1, 0, 0]
    assert reading_workers("cpu", 1) == 0

"""Video-text alignment: what belongs together is found, and nothing else helps."""

from dataclasses import replace

import pytest
import torch

from repro.align import align, train_towers
from repro.experiments import experiment
from repro.pretrain import initial_networks
from repro.probes.alignment import Vocabulary, recall, zero_shot
from tests.repro.tiny import SIZE


def test_words_are_numbered_and_unknown_ones_are_one():
    vocabulary = Vocabulary.of(["a red disc", "a blue disc"])
    assert vocabulary.encode(["red disc", "green disc moves"]).tolist() == [[5, 4, 0], [1, 4, 1]]
    assert len(vocabulary) == 6


def test_recall_counts_own_pairs_among_the_nearest():
    videos = torch.eye(4)
    assert recall(videos, videos, 1, "abcd") == (100.0, 100.0)
    assert recall(videos, videos.roll(1, 0), 1, "abcd") == (0.0, 0.0)
    near = torch.tensor([[1.0, 0.0], [0.9, 0.1]])
    assert recall(near, near, 2, "ab") == (100.0, 100.0)


def test_an_encoder_that_maps_all_clips_to_one_place_finds_nothing():
    assert recall(torch.ones(5, 2), torch.eye(2)[[0, 1, 0, 1, 0]], 1, "abcde") == (0.0, 0.0)


def test_a_clip_whose_caption_reads_the_same_is_as_right():
    assert recall(torch.eye(2)[[0, 0, 1]], torch.eye(2)[[0, 0, 1]], 1, ["left", "left", "right"]) == (100.0, 100.0)
    assert recall(torch.eye(2)[[0, 0, 1]], torch.eye(2)[[0, 0, 1]], 1, ["left", "right", "up"]) == pytest.approx((100 / 3, 100 / 3))


def test_zero_shot_names_the_class_with_the_nearest_captions():
    texts, labels = torch.tensor([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0]]), torch.tensor([0, 0, 1])
    assert zero_shot(torch.tensor([[2.0, 0.1], [0.1, 1.0]]), texts, labels).tolist() == [0, 1]


def test_towers_learn_what_captions_say_of_the_clips():
    generator = torch.Generator().manual_seed(0)
    said = torch.randint(5, (400,), generator=generator)
    words = torch.stack([torch.full((400,), 2), said + 3], 1)
    tokens = torch.randn(400, 6, 16, generator=generator) + 3 * torch.eye(16)[said].unsqueeze(1)
    towers = train_towers(tokens[:300], words[:300], 8, 10, seed=0)
    with torch.inference_mode():
        named = zero_shot(towers.video(tokens[300:]), towers.text(words[:300]), said[:300])
    assert (named == said[300:]).float().mean() > 0.9


def test_the_same_seed_gives_the_same_towers():
    tokens, words = torch.randn(40, 3, 16, generator=torch.Generator().manual_seed(1)), torch.randint(1, 9, (40, 5))
    one, other = (train_towers(tokens, words, 9, 1, seed=0) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_an_encoder_is_aligned_with_and_without_its_frames():
    run = replace(experiment("mixed_baseline", scale="smoke"), model=SIZE)
    results = align(initial_networks(run).encoder, run, epochs=3, rates=(0.0, 0.75))
    assert set(results) == {0.0, 0.75}
    assert results[0.0].samples == 1000
    assert set(results[0.0].zero_shot) == {"appearance", "motion", "order"}
    assert results[0.0].video_to_text[5] >= results[0.0].video_to_text[1]
    assert results[0.0] != results[0.75]


def test_an_unknown_set_of_captions_is_said():
    with pytest.raises(Exception, match="no captions 'ssv'"):
        align(initial_networks(experiment("mixed_baseline", scale="smoke")).encoder, experiment("mixed_baseline", scale="smoke"), "ssv")

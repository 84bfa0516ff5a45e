"""`claimcheck data` on miniature trees in the true layouts, intact and damaged: the diagnosis, the exit code, the lists."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from claimcheck.data import app
from tests.repro import trees

NAMES = ("ucf101", "ssv2", "diving48", "imagenet100")


def claimcheck_data(*words):
    return CliRunner().invoke(app, [*map(str, words), *(["--workers", "1"] if "--help" not in words else [])])


def diagnosis(name, folder, *words):
    """Exit code, state, and the kinds of problems other than that the tree is small."""
    done = claimcheck_data("check", name, folder, "--json", *words)
    found = json.loads(done.stdout)
    return done.exit_code, found["state"], {part["kind"] for part in found["problems"]} - {"unofficial_size"}


def pick(folder, pattern, number=0):
    return sorted(folder.glob(pattern))[number]


def relabel(path, old, new):
    path.write_text(path.read_text().replace(old, new, 1))


VIDEO = {"ucf101": "UCF-101/*/*.avi", "ssv2": "20bn*/*.webm", "diving48": "rgb/*.mp4", "imagenet100": "train/*/*.JPEG"}
LIST = {
    "ucf101": "ucfTrainTestlist/trainlist01.txt",
    "ssv2": "labels/train.json",
    "diving48": "Diving48_V2_train.json",
    "imagenet100": "val/n02869837",
}
DAMAGE = {
    ("missing_list", "ucf101"): lambda folder: (folder / LIST["ucf101"]).unlink(),
    ("missing_list", "ssv2"): lambda folder: (folder / LIST["ssv2"]).unlink(),
    ("missing_list", "diving48"): lambda folder: (folder / LIST["diving48"]).unlink(),
    ("missing_class", "imagenet100"): lambda folder: shutil.rmtree(folder / LIST["imagenet100"]),
    **{("missing", name): lambda folder, p=VIDEO[name]: pick(folder, p, 1).unlink() for name in NAMES[:3]},
    ("missing_folder", "imagenet100"): lambda folder: shutil.rmtree(folder / "train"),
    **{("empty", name): lambda folder, p=VIDEO[name]: pick(folder, p, 1).write_bytes(b"") for name in NAMES},
    ("wrong_label", "ucf101"): lambda folder: relabel(folder / LIST["ucf101"], ".avi 1", ".avi 2"),
    ("wrong_label", "ssv2"): lambda folder: relabel(folder / LIST["ssv2"], "Holding [", "Folding ["),
    ("wrong_label", "diving48"): lambda folder: relabel(folder / LIST["diving48"], '"label": 1', '"label": 99'),
    ("wrong_label", "imagenet100"): lambda folder: pick(folder, "train/n01558993/*").rename(folder / "train/n02869837/n01558993_0.JPEG"),
    **{
        ("truncated", name): lambda folder, p=VIDEO[name]: trees.truncate(pick(folder, p, 1), 0.8)
        for name in ("ucf101", "ssv2", "imagenet100")
    },
    ("unreadable", "diving48"): lambda folder: trees.truncate(pick(folder, VIDEO["diving48"], 1), 0.8),
    **{("damaged_list", name): lambda folder, p=LIST[name]: trees.truncate(folder / p, 0.45) for name in ("ssv2", "diving48")},
    ("damaged_list", "ucf101"): lambda folder: (folder / LIST["ucf101"]).write_bytes(b"\xff\xfe\x00"),
}


@pytest.fixture(scope="module")
def intact(tmp_path_factory):
    root = tmp_path_factory.mktemp("intact")
    return {name: getattr(trees, name)(root / name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_an_intact_tree_is_fit(intact, name):
    assert diagnosis(name, intact[name]) == (0, "ok", set())


@pytest.mark.parametrize(("kind", "name"), DAMAGE)
def test_each_damage_has_its_diagnosis(intact, tmp_path, kind, name):
    folder = shutil.copytree(intact[name], tmp_path / name)
    DAMAGE[kind, name](folder)
    assert diagnosis(name, folder) == (7, "data_invalid", {kind})


def test_a_quick_look_finds_missing_files_and_opens_none(intact, tmp_path):
    folder = shutil.copytree(intact["ssv2"], tmp_path / "ssv2")
    trees.truncate(pick(folder, VIDEO["ssv2"], 0))
    assert diagnosis("ssv2", folder, "--quick") == (0, "ok", set())
    pick(folder, VIDEO["ssv2"], 1).unlink()
    assert diagnosis("ssv2", folder, "--quick") == (7, "data_invalid", {"missing"})


def test_for_people_problems_come_one_a_line_with_counts_and_names(intact, tmp_path):
    folder = shutil.copytree(intact["ucf101"], tmp_path / "ucf101")
    for path in folder.glob("UCF-101/YoYo/*.avi"):
        path.unlink()
    done = claimcheck_data("check", "ucf101", folder)
    assert "  missing: 3 listed files are not there: UCF-101/YoYo/v_YoYo_g08_c01.avi, " in done.stdout
    assert "usable: train 4 of 6, test 2 of 3" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("data_invalid: ")


def test_names_in_lists_cannot_drive_the_terminal(intact, tmp_path):
    folder = shutil.copytree(intact["diving48"], tmp_path / "diving48")
    relabel(folder / LIST["diving48"], "-trainYIZ", "\\u001b[2J")
    assert "\x1b" not in claimcheck_data("check", "diving48", folder).stdout


def test_an_unknown_name_and_a_folder_that_is_not_there(tmp_path):
    unknown, absent = claimcheck_data("check", "ucf", tmp_path), claimcheck_data("check", "ucf101", tmp_path / "none")
    assert (unknown.exit_code, absent.exit_code) == (2, 3)
    assert "did you mean 'ucf101'?" in unknown.output
    assert "docs/datasets.md" in absent.output


def test_prepare_writes_the_lists_and_says_how_large_a_cache_would_be(intact, tmp_path):
    done = claimcheck_data("prepare", "ucf101", intact["ucf101"], "--out", tmp_path / "ucf101")
    assert done.exit_code == 0
    assert "decoded, the training clips take 0.002 GB as they are" in done.stderr
    assert {path.name for path in (tmp_path / "ucf101").iterdir()} == {"train.csv", "test.csv", "skipped.tsv", "ingest.json"}
    assert (tmp_path / "ucf101" / "test.csv").read_text().splitlines()[2].endswith("/UCF-101/YoYo/v_YoYo_g01_c01.avi 2")


def test_prepare_lists_every_file_it_skips(intact, tmp_path):
    folder = shutil.copytree(intact["ucf101"], tmp_path / "real")
    trees.truncate(pick(folder, VIDEO["ucf101"], 1), 0.8)
    done = claimcheck_data("prepare", "ucf101", folder, "--out", tmp_path / "ucf101")
    (line,) = (tmp_path / "ucf101" / "skipped.tsv").read_text().splitlines()[1:]
    assert done.exit_code == 7
    assert line.split("\t")[1] == "truncated"


def test_prepare_with_a_cache_leaves_it_beside_the_lists(intact, tmp_path):
    done = claimcheck_data("prepare", "diving48", intact["diving48"], "--out", tmp_path / "diving48", "--cache", "--short-side", "24")
    assert done.exit_code == 0
    index = json.loads((tmp_path / "diving48" / "cache" / "cache.json").read_text())
    assert (index["clips"], index["short_side"], index["bytes"]) == (4, 24, 4 * 30 * 24 * 32 * 3)


def test_the_dataset_itself_is_never_written_to(intact):
    folder = intact["diving48"]
    assert claimcheck_data("prepare", "diving48", folder, "--out", folder).exit_code == 2


def test_generated_sets_are_written_as_files(tmp_path):
    words = ("generate", "motion8", "--out", tmp_path, "--clips", "train=1", "--clips", "test=1", "--clips", "pretrain=0", "--json")
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0
    assert [path.split("/")[-1] for path in json.loads(done.stdout)["lists"]] == ["train.csv", "test.csv"]
    assert (tmp_path / "train" / "00000.mp4").stat().st_size > 1000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("motion9",), "did you mean 'motion8'?"),
        (("motion8", "--clips", "test"), "give SPLIT=N"),
        (("motion8", "--clips", "x=1"), "no split x"),
    ],
)
def test_what_cannot_be_generated_is_said_in_a_line(tmp_path, words, said):
    done = CliRunner().invoke(app, ["generate", *words, "--out", str(tmp_path)])
    assert done.exit_code == 2
    assert said in done.output
    assert not list(tmp_path.iterdir())

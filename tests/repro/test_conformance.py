import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from repro.conformance.__main__ import main
from repro.conformance.check import CHECKS, STATISTICS, check_case, check_folder
from repro.conformance.golden import Golden

FOLDER = Path(__file__).parents[1] / "golden"
INDEX = json.loads((FOLDER / "INDEX.json").read_text())


@pytest.mark.parametrize("name", INDEX["files"])
def test_every_array_passes(name):
    rows = list(check_folder(FOLDER, name))
    assert [f"{row.array}: {row.error} {row.note}" for row in rows if not row.passed] == []
    expected = sum(array["role"] == "expected" for array in INDEX["files"][name]["arrays"].values())
    assert len(rows) >= expected


def copy(tmp_path: Path, name: str, *more: str) -> Path:
    """A folder with the file `name`, the files it takes weights from, and an index of them."""
    index = json.loads(json.dumps(INDEX))
    index["files"] = {key: index["files"][key] for key in (name, *more)}
    (tmp_path / "INDEX.json").write_text(json.dumps(index))
    for key in index["files"]:
        shutil.copy(FOLDER / key, tmp_path / key)
    return tmp_path


def alter_array(folder: Path, name: str, key: str, change) -> None:
    with np.load(folder / name) as archive:
        arrays = dict(archive)
    arrays[key] = change(arrays[key])
    np.savez(folder / name, **arrays)


def alter_setting(folder: Path, name: str, case: str, setting: str, value: object) -> None:
    index = json.loads((folder / "INDEX.json").read_text())
    index["files"][name]["cases"][case]["settings"][setting] = value
    (folder / "INDEX.json").write_text(json.dumps(index))


def failing(folder: Path, name: str, case: str) -> bool:
    (found,) = [entry for entry in Golden(folder).cases(name) if entry.name == case]
    return not all(row.passed for row in check_case(found))


def test_the_command_line_passes_an_intact_folder(tmp_path, capsys):
    assert main([str(copy(tmp_path, "schedules.npz"))]) == 0
    assert "9 of 9 passed" in capsys.readouterr().out


def test_one_changed_number_is_exit_code_one_and_one_failing_row(tmp_path, capsys):
    folder = copy(tmp_path, "schedules.npz")
    alter_array(folder, "schedules.npz", "paper/lr", lambda array: array * np.where(np.arange(len(array)) == 3, 1.001, 1))
    assert main([str(folder), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [row["array"] for row in report["rows"] if not row["passed"]] == ["paper/lr"]


def test_a_number_that_is_no_number_fails(tmp_path):
    folder = copy(tmp_path, "schedules.npz")
    alter_array(folder, "schedules.npz", "paper/lr", lambda array: array * np.nan)
    assert main([str(folder)]) == 1


def test_a_wrong_shape_fails(tmp_path):
    folder = copy(tmp_path, "schedules.npz")
    alter_array(folder, "schedules.npz", "paper/lr", lambda array: array[:, None])
    assert failing(folder, "schedules.npz", "paper/lr")


def test_a_gradient_where_none_may_arrive_fails(tmp_path):
    folder = copy(tmp_path, "losses_aux.npz")
    alter_setting(folder, "losses_aux.npz", "hw_ld_term", "value_has_gradient", True)
    assert failing(folder, "losses_aux.npz", "hw_ld_term")


def test_a_missing_gradient_fails(tmp_path):
    folder = copy(tmp_path, "losses_aux.npz")
    alter_setting(folder, "losses_aux.npz", "ld", "value_has_gradient", False)
    assert failing(folder, "losses_aux.npz", "ld")


def test_changed_mask_statistics_fail(tmp_path):
    folder = copy(tmp_path, "masks.npz")
    index = json.loads((folder / "INDEX.json").read_text())
    index["files"]["masks.npz"]["statistics"]["standard_B1"]["block1"]["context"]["mean"] += 25
    (folder / "INDEX.json").write_text(json.dumps(index))
    assert failing(folder, "masks.npz", "standard_B1/block1")


def test_an_expected_array_that_no_case_computes_fails(tmp_path):
    folder = copy(tmp_path, "schedules.npz")
    index = json.loads((folder / "INDEX.json").read_text())
    del index["files"]["schedules.npz"]["cases"]["paper/lr"]
    (folder / "INDEX.json").write_text(json.dumps(index))
    assert main([str(folder)]) == 1


def test_an_unknown_kind_of_case_fails_and_names_the_nearest(tmp_path, capsys):
    folder = copy(tmp_path, "schedules.npz")
    alter_setting(folder, "schedules.npz", "paper/lr", "kind", "warmup_cosin")
    assert main([str(folder)]) == 1
    assert "did you mean 'warmup_cosine'" in capsys.readouterr().out


@pytest.mark.parametrize(
    "damage", [lambda data: b"PK not really", lambda data: data[:-200], lambda data: data[:300] + b"x" * 300 + data[600:]]
)
def test_a_damaged_file_fails_with_its_name(tmp_path, capsys, damage):
    folder = copy(tmp_path, "schedules.npz")
    (folder / "schedules.npz").write_bytes(damage((folder / "schedules.npz").read_bytes()))
    assert main([str(folder)]) == 1
    assert "schedules.npz cannot be read" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, "{", "[]", "{}", '{"schema": 1, "files": {}}', '{"schema": 2}', '{"schema": 2, "files": {}}'])
def test_a_folder_of_something_else_is_exit_code_two(tmp_path, capsys, content):
    if content is not None:
        (tmp_path / "INDEX.json").write_text(content)
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_a_file_name_that_matches_nothing_is_exit_code_two(tmp_path):
    assert main([str(copy(tmp_path, "schedules.npz")), "--only", "schedulse"]) == 2


SETTINGS = [
    ("encoder_a.npz", "out_masked0_levels", "rope_base", 100.0),
    ("encoder_a.npz", "out_masked0_levels", "interpolate_rope", False),
    ("encoder_a.npz", "out_masked0_levels", "rope_reference_side", 14),
    ("encoder_a.npz", "out_masked0_levels", "level_blocks", [1, 5, 8, 11]),
    ("encoder_a.npz", "out_masked0_levels", "norm_eps", 0.1),
    ("encoder_a.npz", "out_masked0_levels", "heads", 4),
    ("encoder_a.npz", "out_masked0_levels", "mlp_ratio", 2),
    ("encoder_a.npz", "out_masked0_levels", "depth", 11),
    ("encoder_a.npz", "out_masked0_levels", "training", False),
    ("encoder_a.npz", "out_masked0_levels", "activation", "gelu_tanh"),
    ("encoder_a.npz", "out_masked0_levels", "rope", False),
    ("predictor.npz", "maskidx1_video", "group_index", 2),
    ("predictor.npz", "maskidx1_video", "modality", "image"),
    ("predictor.npz", "maskidx1_video", "heads", 6),
    ("predictor.npz", "maskidx1_video", "crop", 32),
    ("losses_main.npz", "target_normalisation", "norm_eps", 0.1),
    ("losses_main.npz", "target_normalisation", "level_width", 16),
    ("losses_main.npz", "distance_0", "grid", {"T": 4, "H": 2, "W": 8}),
    ("losses_main.npz", "loss_pred_p1", "exponent", 2.0),
    ("losses_main.npz", "loss_context_weighted_p1", "distance_weights", False),
    ("losses_main.npz", "loss_pred_p1", "lambda_applied", 0.5),
    ("losses_aux.npz", "hw_t1", "theta", 0.5),
    ("losses_aux.npz", "hw_t1", "coeff", 0.5),
    ("losses_aux.npz", "hw_t1", "loss_exponent", 2.0),
    ("losses_aux.npz", "fwm_both", "app_ratio", 0.25),
    ("losses_aux.npz", "fwm_both", "orth_coeff", 1.0),
    ("losses_aux.npz", "ltc", "margin", 1.0),
    ("losses_aux.npz", "spectral", "frequency_weight", [0.2, 1.0]),
    ("losses_aux.npz", "ld", "coeff", 2.0),
    ("losses_aux.npz", "fwm_hw_ld_term", "theta", 0.2),
    ("losses_aux.npz", "fwm_hw_ld_term", "error_reweighting", False),
    ("losses_aux.npz", "hamiltonian", "dt", 0.2),
    ("losses_aux.npz", "velgate", "percentile", 0.7),
    ("losses_aux.npz", "kin_huber", "huber_delta", 0.2),
    ("losses_aux.npz", "kin_split", "split_ratio", 1.0),
    ("losses_aux.npz", "kin_accel", "order", 1),
    ("losses_aux.npz", "kin_anneal_e50", "anneal_epoch", 40),
    ("losses_aux.npz", "sigreg_step1", "directions_seed", 2),
    ("losses_aux.npz", "sigreg_step1", "num_slices", 512),
    ("losses_aux.npz", "sigreg_stat1d", "t_max", 2.0),
    ("losses_aux.npz", "sigreg_stat1d", "nodes", 9),
    ("masks.npz", "block_size/block0", "aspect_ratio", [1.0, 1.5]),
    ("masks.npz", "block_size/block0", "steps", [1, 200]),
    ("masks.npz", "small_motion_map", "grid", {"T": 3, "H": 3, "W": 2}),
    ("masks.npz", "origin_probs/s2_4x6x4", "gamma", 3.0),
    ("masks.npz", "origin_probs/s2_4x6x4", "block", [4, 4, 6]),
    ("masks.npz", "standard_B1/block0", "num_blocks", 7),
    ("masks.npz", "future_predictive_B8/block0", "full_complement", False),
    ("masks.npz", "future_predictive_B8/block0", "max_temporal_keep", 0.75),
    ("masks.npz", "motion_guided_B8/block0", "gamma", 1.0),
    ("schedules.npz", "var/lr", "warmup_steps", 100),
    ("schedules.npz", "var/wd", "final_wd", 0.3),
    ("schedules.npz", "var/ema", "denominator", 900.0),
    ("schedules.npz", "lambda", "end_iteration", 20000),
    ("probes.npz", "att_logits", "heads", 4),
    ("probes.npz", "att_logits", "norm_eps", 0.1),
    ("probes.npz", "att_train", "lr", 0.01),
    ("probes.npz", "eval_frame_idx_L40", "frames", 8),
    ("probes.npz", "eval_video", "crop", 12),
    ("data.npz", "transform_b", "flip", False),
    ("data.npz", "transform_a", "crop_top_left_height_width", [3, 5, 30, 40]),
    ("data.npz", "sampler/rank0_epoch3", "epoch", 2),
    ("data.npz", "sampler/rank0_epoch3", "dataset_weights", [0.2, 0.2, 0.6]),
    ("data.npz", "crop_stats", "area_fraction", [0.5, 1.0]),
    ("data.npz", "frame_idx/L100_step2_fpsNone_video12_n16_end40", "window_end", 41),
]


@pytest.mark.parametrize(("name", "case", "setting", "value"), SETTINGS)
def test_a_changed_setting_changes_the_verdict(tmp_path, name, case, setting, value):
    folder = copy(tmp_path, name)
    alter_setting(folder, name, case, setting, value)
    assert failing(folder, name, case)


RUN_SETTINGS = [
    ("fwm_ld_ctx", "fwm_app_ratio", 0.25),
    ("fwm_ld_ctx", "ld_value_has_gradient", False),
    ("fwm_hw_ld_ctx", "hw_theta", 0.2),
    ("baseline_ctx", "context_lambda", {"per_step": [0.5, 0.4, 0.5]}),
    ("baseline_ctx", "distance_weights", False),
    ("baseline", "ema", {"enabled": True, "start": 0.999, "end": 0.999}),
    ("kinematic_no_ema", "coefficients", {"prediction": 1.0, "kinematic": 0.5}),
]


@pytest.mark.parametrize(("case", "setting", "value"), RUN_SETTINGS)
def test_a_changed_setting_of_a_run_changes_the_verdict(tmp_path, case, setting, value):
    folder = copy(tmp_path, "run3.npz", "encoder_a.npz", "predictor.npz")
    alter_setting(folder, "run3.npz", case, setting, value)
    assert failing(folder, "run3.npz", case)


def test_every_kind_of_check_is_used_by_the_folder():
    kinds = {case.kind for case in Golden(FOLDER).cases()}
    assert kinds == set(CHECKS) | set(STATISTICS)


@pytest.mark.parametrize("name", ["predictor.npz", "losses_main.npz", "losses_aux.npz", "probes.npz"])
def test_everything_of_a_case_moves_to_the_device_asked_for(name):
    """On the device without numbers every case must come as far as the comparison, or stop where numbers are needed; none may mix devices."""
    notes = {row.note for row in check_folder(FOLDER, name, device="meta") if not row.passed}
    assert notes
    assert all("Cannot copy out of meta tensor" in note or "nonzero" in note for note in notes)

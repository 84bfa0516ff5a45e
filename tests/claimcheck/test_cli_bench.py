"""`claimcheck bench`: figures on stdout, one line and an exit code for what is missing."""

import pytest

from tests.claimcheck.test_cli import claimcheck, printed


def test_figures_as_one_json_document(tmp_path):
    found = printed("bench", "numbers", cwd=tmp_path)
    assert (list(found), found["bench"]) == (["schema", "bench", "n", "metrics"], "numbers")
    assert found["schema"] == "claimcheck/v1"
    assert found["metrics"]["strings"] >= 500


def test_figures_as_a_table_without_json(tmp_path):
    done = claimcheck("bench", "numbers", cwd=tmp_path)
    rows = dict(line.split(maxsplit=1) for line in done.stdout.decode().splitlines())
    assert rows["numbers"].startswith("n = ")
    assert 0 < float(rows["strings_exact"]) <= 1


def test_unknown_benchmark_names_those_there_are(tmp_path):
    done = claimcheck("bench", "xyz", "--json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert all(name in done.stderr for name in (b"cells", b"numbers", b"twins"))


def test_misspelled_benchmark_names_the_nearest(tmp_path):
    done = claimcheck("bench", "scitb", cwd=tmp_path)
    assert done.returncode == 2
    assert b"did you mean 'scitab'?" in done.stderr


@pytest.mark.parametrize("made", [True, False])
def test_missing_data_are_named_in_one_line(tmp_path, made):
    folder = tmp_path / "here"
    if made:
        folder.mkdir()
    done = claimcheck("bench", "cells", "--data", folder, "--json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (3, b"")
    (line,) = done.stderr.decode().splitlines()
    assert str(folder) in line
    assert "--data" in line


@pytest.mark.parametrize("inside", [True, False])
def test_data_may_be_the_set_or_the_folder_that_holds_it(tmp_path, monkeypatch, inside):
    from claimcheck import benchmarks

    own = tmp_path / "axcell"
    own.mkdir()
    given = []
    monkeypatch.setitem(benchmarks.BENCHMARKS, "cells", lambda data: (given.append(data), (1, {}))[1])
    benchmarks.run("cells", own if inside else tmp_path)
    assert given == [own]

import os
import signal
import subprocess
import sys
import threading

import numpy
import pytest

import tardigrad as td
from conftest import small_scenario
from tardigrad import toml


def test_a_callback_gets_every_row_of_curves(tmp_path):
    rows = []
    results = td.run(small_scenario(), out=tmp_path / "out", on_evaluation=rows.append, threads=1)
    assert [row["accuracy_mean"] for row in rows] == list(results.curves["accuracy_mean"])
    td.run(small_scenario(), out=tmp_path / "out", on_evaluation=rows.append, force=True)
    assert len(rows) == 2 * len(results.curves)


def test_an_exception_in_a_callback_ends_the_run(tmp_path):
    def prune(row):
        raise ValueError(f"pruned {row['algorithm']}")

    with pytest.raises(ValueError, match="pruned divshare"):
        td.run(small_scenario(time=dict(duration="1000s")), out=tmp_path / "out", on_evaluation=prune)
    assert len(td.load(tmp_path / "out").curves) > 0


def test_an_interrupt_ends_the_run_and_the_results_are_there(tmp_path):
    def interrupt(_):
        if not interrupted:
            interrupted.append(True)
            threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()

    interrupted = []
    with pytest.raises(td.Interrupted) as caught:
        td.run(small_scenario(time=dict(duration="1000s")), out=tmp_path / "out", on_evaluation=interrupt, progress=True)
    assert len(caught.value.results.curves) > 0


def test_the_programs_mistakes_are_one_exception(tmp_path):
    with pytest.raises(td.Error, match="did you mean 'uplink'") as caught:
        td.run(small_scenario(network=dict(uplinc="20Mbps")), out=tmp_path / "out")
    assert caught.value.code == 2
    with pytest.raises(td.Error, match="cannot read the scenario file"):
        td.run(tmp_path / "none.toml", out=tmp_path / "out", progress=True)


def test_set_takes_values_of_python(tmp_path):
    results = td.run(small_scenario(), out=tmp_path / "out", threads=1,
                     set={"network.uplink": "30Mbps", "time.duration": "1s", "evaluation.samples": numpy.int64(20)})
    assert results.scenario["network"]["uplink"] == "30Mbps"
    assert results.scenario["evaluation"]["samples"] == 20


def test_arrays_are_data(tmp_path):
    random = numpy.random.default_rng(1)
    train, test = ((random.random((count, 1, 6, 6), dtype=numpy.float32), numpy.arange(count) % 3) for count in (64, 9))
    scenario = td.scenario(nodes=dict(count=8, model="logistic-regression"), data=(train, test), name="arrays",
                           time=dict(duration="1s"), evaluation=dict(every="500ms", samples="all"),
                           training=dict(batch_size=4, local_steps=2, learning_rate=0.1),
                           compute=dict(step_time="20ms"), algorithms=["divshare"])
    assert scenario.check()
    results = td.run(scenario, out=tmp_path / "out")
    assert results.scenario["data"]["train"].startswith(str(tmp_path / "inputs"))
    saved = scenario.save(tmp_path / "saved" / "mine.toml")
    assert len(td.run(saved, out=tmp_path / "again").curves) == len(results.curves)


def test_labels_must_fit_inputs():
    with pytest.raises(ValueError, match="a label for each input"):
        td.scenario(nodes={}, data=((numpy.zeros((2, 3), "float32"), [0]), ([], [])), algorithms=[])


def test_the_module_is_the_program():
    done = subprocess.run([sys.executable, "-m", "tardigrad", "list", "algorithms"], capture_output=True, text=True)
    assert done.returncode == 0 and "divshare" in done.stdout
    assert subprocess.run([sys.executable, "-m", "tardigrad", "nonsense"], capture_output=True).returncode == 2


def test_a_program_that_is_named_must_be_one():
    done = subprocess.run([sys.executable, "-m", "tardigrad", "list"], capture_output=True, text=True,
                          env={**os.environ, "TARDIGRAD_PROGRAM": "/none"})
    assert done.returncode == 1
    assert done.stderr == "tardigrad: TARDIGRAD_PROGRAM is /none, which is no program\n"


def test_toml_texts():
    import tomllib

    table = {"name": 'a "b"\n', "seeds": [1, 2], "x": {"y": True, "z": 0.5, "s": [{"nodes": {"list": [0]}}]},
             "algorithm": [{"kind": "divshare"}, {"kind": "swift"}]}
    assert tomllib.loads(toml.document(table)) == table
    with pytest.raises(TypeError, match="got NoneType"):
        toml.value(None)

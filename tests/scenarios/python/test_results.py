import re
import shutil
import subprocess
import sys

import pytest

import tardigrad as td
from tardigrad import figures, program


def test_curves_have_the_files_columns_and_those_of_the_targets_figure(small_run):
    curves = td.load(small_run).curves
    assert set(curves["algorithm"]) == {"divshare", "swift-push"}
    assert set(curves["seed"]) == {1, 2}
    assert len(curves) == 2 * 2 * 5
    assert (curves["mean"] == curves["accuracy_mean"]).all()
    assert (curves["round"] == curves["rounds"] / 8).all()


def test_the_averaged_model_is_no_node(small_run):
    evaluations = td.load(small_run).evaluations
    assert evaluations[evaluations["averaged"]]["node"].isna().all()
    assert set(evaluations["node"].dropna()) == set(range(8))
    of_nodes = evaluations[~evaluations["averaged"]].groupby(["algorithm", "seed", "time_s"])["accuracy"].mean()
    curves = td.load(small_run).curves.set_index(["algorithm", "seed", "time_s"])["accuracy_mean"]
    assert (of_nodes - curves).abs().max() < 1e-8


def test_rounds_links_summary_and_comparison_agree(small_run):
    results = td.load(small_run)
    summary = results.summary["divshare"][2]
    of_run = results.rounds[(results.rounds["algorithm"] == "divshare") & (results.rounds["seed"] == 2)]
    assert len(of_run) == summary["rounds"]
    uplinks = results.links[(results.links["kind"] == "uplink") & (results.links["algorithm"] == "divshare")]
    assert uplinks[uplinks["seed"] == 2]["bytes"].sum() == summary["bytes_sent"]
    row = results.comparison.set_index(["algorithm", "seed"]).loc["divshare", 2]
    assert row["final_accuracy_mean"] == summary["final_accuracy"]["mean"]


def test_a_growing_run_is_read_up_to_its_last_whole_row(small_run, tmp_path):
    shutil.copytree(small_run, tmp_path / "growing")
    curves = tmp_path / "growing" / "curves.csv"
    curves.write_bytes(curves.read_bytes()[:-20])
    (tmp_path / "growing" / "comparison.csv").unlink()
    assert len(td.load(tmp_path / "growing").curves) == 19
    assert len(td.load(tmp_path / "growing").comparison) == 4


def test_a_folder_of_runs_tells_them_apart(small_run, tmp_path):
    for name in ("a", "b"):
        shutil.copytree(small_run, tmp_path / name)
    results = td.load(tmp_path)
    assert results.runs == ["a", "b"]
    assert list(results.curves["run"].unique()) == ["a", "b"]
    assert results.summary["b"]["divshare"][1]["seed"] == 1


def test_a_finished_sweep_has_its_keys_as_columns(small_run, tmp_path):
    shutil.copytree(small_run, tmp_path / "uplink=30Mbps")
    (tmp_path / "sweep.csv").write_text("network.uplink,scenario,algorithm\n30Mbps,uplink=30Mbps,divshare\n")
    assert set(td.load(tmp_path).curves["network.uplink"]) == {"30Mbps"}


@pytest.mark.parametrize("name, says", [("none", "there is no such folder"), ("file", "it is a file"), ("", "holds no results")])
def test_a_folder_without_results_is_one_clear_line(tmp_path, name, says):
    (tmp_path / "file").write_text("")
    with pytest.raises(td.Error, match=says) as caught:
        td.load(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_damaged_file_is_named(small_run, tmp_path):
    shutil.copytree(small_run, tmp_path / "run")
    (tmp_path / "run" / "divshare" / "s1" / "summary.json").write_text("{")
    with pytest.raises(td.Error, match="s1/summary.json: cannot be read"):
        td.load(tmp_path / "run").summary


def test_a_shade_is_over_seeds(small_run):
    results = td.load(small_run)
    table = figures.drawn(results, "accuracy", "time_s")
    last = table[(table["algorithm"] == "divshare") & (table["time_s"] == 2)].iloc[0]
    of_seeds = results.comparison[results.comparison["algorithm"] == "divshare"]["final_accuracy_mean"]
    assert last["mean"] == pytest.approx(of_seeds.mean())
    assert last["std"] == pytest.approx(of_seeds.std())


def test_a_plot_has_a_line_for_each_algorithm_in_the_reports_colours(small_run):
    axes = td.load(small_run).plot("loss", x="bytes")
    assert [line.get_label() for line in axes.get_lines()] == ["divshare", "swift-push"]
    page = (small_run / "report.html").read_text()
    assert re.findall(r"--c\d: (#\w+)", page)[:8] == list(figures.COLOURS)
    assert [line.get_color() for line in axes.get_lines()] == list(figures.COLOURS[:2])


def test_an_unknown_figure_is_one_line(small_run):
    with pytest.raises(td.Error, match="expected one of accuracy, loss"):
        td.load(small_run).plot("acuracy")


def test_figures_are_the_same_bytes_each_time(small_run, tmp_path):
    first, second = (td.load(small_run).figures(tmp_path / name) for name in ("first", "second"))
    assert len(first) == 12
    for one, other in zip(first, second):
        assert one.read_bytes() == other.read_bytes(), one
    assert b"/FontFile2" in (tmp_path / "first" / "accuracy-over-time.pdf").read_bytes()


def test_tensorboard_gets_all_curves(small_run):
    class Writer(list):
        def add_scalar(self, tag, value, step):
            self.append((tag, value, step))

        def flush(self):
            pass

    writer = Writer()
    td.to_tensorboard(td.load(small_run), writer)
    assert len(writer) == 2 * 2 * 2 * 5
    assert {step for _, _, step in writer} == {0, 500, 1000, 1500, 2000}


def test_importing_loads_nothing_heavy():
    code = "import sys, tardigrad; print([m for m in ('pandas', 'numpy', 'matplotlib', 'torch') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_statistics_over_seeds_are_those_of_the_comparison(small_run):
    results = td.load(small_run)
    statistics = results.statistics
    rounds = statistics[statistics.figure == "rounds"].set_index("algorithm")
    by_algorithm = results.comparison.groupby("algorithm").rounds
    assert rounds["mean"].to_dict() == by_algorithm.mean().to_dict()
    assert rounds["std"].round(6).to_dict() == by_algorithm.std().round(6).to_dict()
    assert rounds.seeds.eq(2).all()
    assert "seed" not in set(statistics.figure)


def test_a_tuned_sweep_is_what_it_reports(tmp_path):
    scenario = td.scenario(name="tuned", time=dict(duration="1s"), nodes=dict(count=4, model="quadratic"),
                           training=dict(local_steps=2), compute=dict(step_time="20ms"), network=dict(uplink="20Mbps"),
                           evaluation=dict(every="500ms"),
                           algorithms=[dict(kind="divshare", recipients=2)]).save(tmp_path / "tuned.toml")
    program.output_of(["sweep", str(scenario), "--set", "training.learning_rate=0.001,0.1", "--best-of",
                       "training.learning_rate", "--tuning-seeds", "101", "--seeds", "1", "--out", str(tmp_path / "out")])
    reported = td.load(tmp_path / "out").comparison
    assert reported.seed.tolist() == [1]
    assert reported["training.learning_rate"].tolist() == [0.1]
    assert td.load(tmp_path / "out" / "tuning").comparison.seed.tolist() == [101, 101]

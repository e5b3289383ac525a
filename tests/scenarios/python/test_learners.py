"""Learners in Python: processes of their own behind the program."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tardigrad as td
from conftest import small_scenario
from tardigrad import program

EXAMPLES = Path(__file__).resolve().parents[3] / "scenarios" / "python" / "examples"

HEAD = """
import os
import signal
import time
import numpy as np
import tardigrad as td

class Mine(td.Learner):
    def layout(self):
        return [("a", (2, 3)), ("b", (4,))]
    def initial_model(self):
        return np.arange(10)
    def local_state(self, node):
        return {"rounds": np.zeros((), np.int64), "momentum": np.zeros(10, np.float32), "none": np.zeros((0, 3))}
    def train(self, node, model, state, steps, offset, factor):
        for _ in range(steps):
            state["momentum"] *= np.float32(0.5)
            state["momentum"] += model - np.float32(node)
            model -= np.float32(self.training.learning_rate) * state["momentum"]
        state["rounds"] += 1
        return float(np.abs(model).max())
    def evaluate(self, model, node):
        return 0.5, float(np.square(model - 3).mean())
"""


@pytest.fixture
def written(tmp_path):
    """Writes a file with a class `Mine`, with these methods instead of its own."""

    def write(body=""):
        lines = "".join(f"    {line}\n" for line in body.strip("\n").split("\n"))
        (tmp_path / "mine.py").write_text(HEAD + lines)
        return {"python": f"{tmp_path}/mine.py:Mine"}

    return write


def small(model, **sections):
    return small_scenario(nodes=dict(count=8, model=model), data=None,
                          **{"evaluation": dict(every="500ms"), "algorithms": ["divshare", "swift-push"], **sections})


def run(model, tmp_path, sections={}, **settings):
    return td.run(small(model, **sections), out=tmp_path / "out", force=True, **{"threads": 1, **settings})


def bytes_of(folder):
    """What a run leaves, without the summary and the report, which have times of the machine."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.csv"))}


def test_results_are_the_same_bytes_for_any_number_of_processes(written, tmp_path):
    model = written()
    one = run(model, tmp_path / "one")
    three = run(model, tmp_path / "three", threads=3)
    assert bytes_of(one.path) == bytes_of(three.path)
    assert len(bytes_of(one.path)) >= 7
    assert one.evaluations.accuracy.eq(0.5).all()
    assert one.evaluations.loss.nunique() > 8


def test_a_node_keeps_its_state_whatever_happens_between_its_rounds(written, tmp_path):
    counted = written("""
def train(self, node, model, state, steps, offset, factor):
    state["rounds"] += 1
    return float(state["rounds"])
""")
    rounds = run(counted, tmp_path, threads=2).rounds
    assert (rounds.training_loss == rounds["round"] + 1).all()


def test_the_scenario_s_training_reaches_the_learner(written, tmp_path):
    shown = written("""
def train(self, node, model, state, steps, offset, factor):
    assert offset is None and factor == 1.0 and steps == 2
    return self.training.learning_rate + self.training.batch_size + 100 * self.nodes + 1000 * self.seed
""")
    rounds = run(shown, tmp_path, seeds=[3], set={"training.learning_rate": 0.25}).rounds
    assert rounds.training_loss.eq(3808.25).all()


def test_gradients_are_corrected_by_algorithms_that_ask_for_it(written, tmp_path):
    corrected = dict(algorithms=[dict(kind="k-gt", topology="ring")])
    plain = """
plain_steps = True
def train(self, node, model, state, steps, offset, factor):
    rate, loss = np.float32(0.2), 0.0
    for _ in range(steps):
        gradient = np.float32(factor) * (model - np.float32(node))
        model -= rate * (gradient if offset is None else gradient + offset)
    return loss, float(rate) * steps
def evaluate(self, model, node):
    return 0.0, float(np.square(model - np.float32(3.5)).mean())
"""
    last = run(written(plain), tmp_path, corrected, set={"time.duration": "20s", "evaluation.every": "10s"}).evaluations
    assert last[last.time_s == 20].loss.max() < 1e-3  # the common optimum, not the nodes' own
    with pytest.raises(td.Error, match="expected plain_steps = True"):
        small(written(), **corrected).check()


@pytest.mark.parametrize("body, said", [
    ("def train(self, *rest):\n    return {}['x']", r"mine.py:\d+: KeyError: 'x'"),
    ("def evaluate(self, model, node):\n    return 1 / 0", "ZeroDivisionError: division by zero"),
    ("def evaluate(self, model, node):\n    model[0] = 1", "ValueError: assignment destination is read-only"),
    ("def train(self, *rest):\n    return 'much'", "Mine.train: the loss is no number: 'much'"),
    ("def evaluate(self, model, node):\n    return 0.5", "evaluate: expected accuracy and loss"),
    ("def initial_model(self):\n    return np.zeros(9)", "initial_model: expected the 10 numbers of layout, got 9"),
    ("def layout(self):\n    return []", "expected a model of 1 to 2000000000 parameters"),
    ("def layout(self):\n    return [('a', (0,))]", "expected a model of 1 to 2000000000 parameters"),
    ("def layout(self):\n    return [('a', (1 << 40,))]", "expected a model of 1 to 2000000000 parameters"),
    ("def layout(self):\n    return 3", "Mine.layout: expected a list of names and shapes"),
    ("def local_state(self, node):\n    return {'a': np.array([object()])}", "'a' is no array of numbers"),
    ("def __init__(self, settings):\n    raise OSError('no data here')", "OSError: no data here"),
    ("def __init__(self, settings):\n    os._exit(3)", "the learner's process ended with exit code 3 while it began"),
    ("def train(self, node, *rest):\n    os.kill(os.getpid(), signal.SIGSEGV)",
     r"the learner's process ended by a signal: Segmentation fault while node \d trained"),
    ("def train(self, node, *rest):\n    os._exit(0)", r"ended with exit code 0 while node \d trained"),
    ("def train(self, node, *rest):\n    os._exit(200)", r"ended with exit code 200 while node \d trained"),
    ("x = = 1", "SyntaxError"),
    ("def layout(self):\n    return [(3, 'a')]", r"Mine.layout: expected a list of names and shapes, such as"),
    ("def initial_model(self):\n    return [1, 2, 3, np.inf, 5, 6, 7, 8, 9, 10]",
     "Mine.initial_model: expected finite numbers, got inf at 3"),
    ("train = td.Learner.train", "Mine has no method train"),
    ("def evaluate(self, model, node):\n    return 50.0, 1.0",
     "Mine.evaluate: the accuracy is 50.0, expected a share from 0 to 1"),
    ("def evaluate(self, model, node):\n    return np.nan, 1.0", "Mine.evaluate: the accuracy is nan"),
    ("def evaluate(self, model, node):\n    return 0.5, -1.0", "Mine.evaluate: the loss is -1.0, expected 0 or more"),
    ("def local_state(self, node):\n    return None", "Mine.local_state: expected a dict of arrays, got None"),
    ("def train(self, *rest):\n    raise ValueError('\\udc80')", r"mine.py:\d+: ValueError: \?"),
    ("def train(self, node, model, state, *rest):\n    del state['none']\n    return 1.0",
     r"Mine.train: state\['none'\] was removed: local_state says which arrays there are"),
    ("def train(self, node, model, state, *rest):\n    state['new'] = np.zeros(3)\n    return 1.0",
     r"Mine.train: state\['new'\] was added"),
    ("def train(self, node, model, state, *rest):\n    state['momentum'] = np.zeros(9)\n    return 1.0",
     r"Mine.train: state\['momentum'\] is an array of float64 \(9,\), expected float32 \(10,\) as in local_state"),
    ("def train(self, *rest):\n    raise SystemExit('enough')", r"mine.py:\d+: SystemExit: enough"),
    ("def train(self, *rest):\n    raise KeyboardInterrupt", r"mine.py:\d+: KeyboardInterrupt"),
    ("class Odd(Exception):\n    def __str__(self):\n        return 1 / 0\ndef train(self, *rest):\n    raise Mine.Odd",
     r"mine.py:\d+: Odd: what it says cannot be shown: ZeroDivisionError in __str__"),
    ("td.run('small.toml')", r"mine.py:\d+: Error: a file with an algorithm or a learner runs nothing"),
    ("def train(self, node, *rest):\n    if os.fork() == 0:\n        time.sleep(5)\n        os._exit(0)\n    os._exit(7)",
     r"ended with exit code 7 while node \d trained"),
])
def test_what_goes_wrong_in_a_learner_ends_the_run_with_one_line(written, tmp_path, body, said):
    with pytest.raises(td.Error, match=said) as problem:
        run(written(body), tmp_path)
    assert "\n" not in str(problem.value)


OPTIONS = """
from typing import List
class Other(Mine):
    hidden: int = 16
    rate: float = 1
    wide: bool = False
    name: str = "usual"
    sizes: List[float] = [1, 2]
    def __init__(self, settings):
        super().__init__(settings)
        self.weights = self.hidden
    def layout(self):
        return [("a", (self.weights,))]
    def initial_model(self):
        return np.zeros(self.hidden)
    def local_state(self, node):
        return {}
    def train(self, node, model, *rest):
        model += 1
        return self.rate + 10 * self.wide + 100 * len(self.name) + 1000 * sum(self.sizes)
"""


def with_options(written, tmp_path, **options):
    written()
    with open(tmp_path / "mine.py", "a") as file:
        file.write(OPTIONS)
    return {"python": f"{tmp_path}/mine.py:Other", **options}


def test_options_of_a_learner_are_set_by_the_scenario_before_it_begins(written, tmp_path):
    usual = run(with_options(written, tmp_path), tmp_path / "usual")
    assert usual.rounds.training_loss.eq(3501).all()
    options = dict(hidden=19, rate=0.5, wide=True, name="ab", sizes=[4, 5.5])
    chosen = run(with_options(written, tmp_path, **options), tmp_path / "chosen", threads=2)
    assert chosen.rounds.training_loss.eq(9710.5).all()
    assert "hidden = 19" in (tmp_path / "chosen" / "out" / "scenario.toml").read_text()


def test_a_check_shows_all_options_of_a_learner(written, tmp_path):
    said = small(with_options(written, tmp_path, hidden=19)).check()
    assert 'hidden = 19, name = "usual", rate = 1, sizes = [1, 2], wide = false }' in said
    assert "19 parameters" in said


def test_an_option_of_a_learner_is_swept_over(written, tmp_path):
    model = with_options(written, tmp_path)
    scenario = small(model, time=dict(duration="1s")).save(tmp_path / "small.toml")
    done = subprocess.run(program.command(["sweep", str(scenario), "--set", "nodes.model.hidden=15,17", "--out",
                                           str(tmp_path / "swept")]), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    saved = sorted(path.read_text() for path in (tmp_path / "swept").rglob("scenario.toml"))
    assert ["hidden = 15" in saved[0], "hidden = 17" in saved[1]] == [True, True]


@pytest.mark.parametrize("options, said", [
    (dict(hiden=3), "Other has no option 'hiden': it has hidden, rate, wide, name, sizes"),
    (dict(hidden=3.5), "Other.hidden: expected an integer, got 3.5"),
    (dict(hidden=True), "Other.hidden: expected an integer, got True"),
    (dict(wide=1), "Other.wide: expected true or false, got 1"),
    (dict(name=[1]), r"Other.name: expected a text, got \[1.0\]"),
])
def test_a_wrong_option_of_a_learner_is_named(written, tmp_path, options, said):
    with pytest.raises(td.Error, match=said) as problem:
        small(with_options(written, tmp_path, **options)).check()
    assert "\n" not in str(problem.value)


def test_an_option_needs_a_usual_value(written):
    with pytest.raises(td.Error, match="Mine.size: expected a default, as in size: int = 1"):
        small(written("size: int")).check()


def test_an_array_put_in_the_place_of_a_node_s_own_is_kept(written, tmp_path):
    replaced = written("""
def train(self, node, model, state, steps, offset, factor):
    state["rounds"] = state["rounds"] + 1
    return float(state["rounds"])
""")
    rounds = run(replaced, tmp_path, threads=2).rounds
    assert (rounds.training_loss == rounds["round"] + 1).all()


def test_losses_that_are_not_finite_are_a_run_that_diverged(written, tmp_path):
    results = run(written("def evaluate(self, model, node):\n    return 0.0, float('inf')"), tmp_path)
    assert results.comparison.diverged_s.eq(0).all()


def test_a_process_does_what_it_does_at_its_end(written, tmp_path):
    left = written(f"""
def __init__(self, settings):
    import atexit
    super().__init__(settings)
    atexit.register(lambda: open(f"{tmp_path}/{{os.getpid()}}.end", "w"))
""")
    run(left, tmp_path, threads=2)
    assert len(list(tmp_path.glob("*.end"))) == 2


def test_a_file_that_changes_between_the_processes_is_refused(written, tmp_path):
    changing = written(f"""
def __init__(self, settings):
    super().__init__(settings)
    with open("{tmp_path}/mine.py", "a") as file:
        file.write("# changed")
def train(self, *rest):
    time.sleep(0.01)
    return 1.0
""")
    with pytest.raises(td.Error, match="mine.py:Mine: the file has changed since the run began"):
        run(changing, tmp_path, threads=2)


def test_a_pipe_is_no_learner(tmp_path):
    import os

    os.mkfifo(tmp_path / "mine.py")
    with pytest.raises(td.Error, match="mine.py: is no file"):
        small({"python": f"{tmp_path}/mine.py:Mine"}).check()


@pytest.mark.parametrize("key, value", [("clip_norm", 1.0), ("optimizer", "adamw"), ("drop_last", True),
                                        ("learning_rate_schedule", dict(kind="cosine", rounds=4)),
                                        ("backend", "libtorch")])
def test_what_a_learner_is_not_told_of_is_refused(written, key, value):
    training = dict(batch_size=8, local_steps=2, learning_rate=0.1, **{key: value})
    with pytest.raises(td.Error, match=f"training.{key}: a learner in Python is not told of it"):
        small(written(), training=training).check()


def test_a_run_that_failed_leaves_what_was_there(written, tmp_path):
    late = written("""
def train(self, node, model, state, steps, offset, factor):
    state["rounds"] += 1
    if state["rounds"] == 20:
        raise RuntimeError("late")
    return 1.0
""")
    with pytest.raises(td.Error, match="late"):
        run(late, tmp_path)
    assert len(td.load(tmp_path / "out").rounds) > 100


def test_a_model_that_is_not_changed_in_place_is_noticed(written, tmp_path):
    still = written("def train(self, node, model, *rest):\n    model = model - 1\n    return 1.0")
    done = subprocess.run(program.command(["run", str(small(still).save(tmp_path / "small.toml")), "--out",
                                           str(tmp_path / "out")]), capture_output=True, text=True)
    assert done.returncode == 0
    assert "Mine.train changed nothing in its first call: a model is changed in place" in done.stderr


@pytest.mark.parametrize("kind, said", [
    ("mine.py:Other", "has no learner 'Other': it has Mine"),
    ("mine.py", "expected"),
    ("mine.txt:Mine", 'expected the name of a learner, or "file.py:Class"'),
    ("nothing.py:Mine", "nothing.py: cannot be read: No such file"),
])
def test_a_learner_that_is_not_there_is_named(written, tmp_path, kind, said):
    written()
    with pytest.raises(td.Error, match=said):
        small({"python": f"{tmp_path}/{kind}"}).check()


def test_hosts_run_it_to_the_same_bytes(written, tmp_path):
    model = with_options(written, tmp_path, hidden=19, rate=0.5)
    for kind in (written(), model):
        with_options(written, tmp_path)
        alone = run(kind, tmp_path / "alone")
        together = run(kind, tmp_path / "together", local_hosts=2)
        assert bytes_of(alone.path) == bytes_of(together.path)


ON_HOSTS = """
if b"host" in open(f"/proc/{os.getppid()}/cmdline", "rb").read().split(b"\\0"):
    import a_module_that_is_not_there
"""


def test_what_a_host_lacks_is_named_with_the_host(written, tmp_path):
    model = written()
    with open(tmp_path / "mine.py", "a") as file:
        file.write(ON_HOSTS)
    with pytest.raises(td.Error, match="host [12] .*ModuleNotFoundError: No module named 'a_module_that_is_not_there'"):
        run(model, tmp_path, local_hosts=2)


def test_a_host_may_refuse_it(written, tmp_path):
    host = subprocess.Popen(program.command(["host", "--listen", "127.0.0.1:0", "--no-python", "--token", "t"]),
                            stdout=subprocess.PIPE, text=True)
    try:
        address = host.stdout.readline().split()[-1]
        with pytest.raises(td.Error, match="this host runs no learner or algorithm in Python"):
            run(written(), tmp_path, hosts=address, token="t")
    finally:
        host.terminate()
        host.wait()


def test_a_learner_has_no_data_of_the_program_and_chooses_its_tests(written):
    with pytest.raises(td.Error, match="data.set: expected"):
        small_scenario(nodes=dict(count=8, model=written())).check()
    with pytest.raises(td.Error, match='evaluation.samples: expected "all"'):
        small(written(), evaluation=dict(every="1s", samples=10)).check()


def test_a_killed_run_goes_on_to_the_same_bytes(written, tmp_path):
    slow = written("""
def train(self, node, model, state, steps, offset, factor):
    time.sleep(0.002)
    state["momentum"] += model - np.float32(node)
    model -= np.float32(0.1) * state["momentum"]
    return 1.0
""")
    scenario = small(slow).save(tmp_path / "small.toml")
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    command = program.command(["run", str(scenario), "--threads", "2", "--out"])
    subprocess.run([*command, str(whole)], check=True, capture_output=True)
    first = subprocess.Popen([*command, str(broken), "--checkpoint-every", "200ms"], stderr=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL)
    while not (broken / "checkpoint").exists() and first.poll() is None:
        time.sleep(0.01)
    first.send_signal(signal.SIGKILL)
    assert first.wait() == -signal.SIGKILL
    subprocess.run(program.command(["run", "--resume", str(broken)]), check=True, capture_output=True)
    assert bytes_of(broken) == bytes_of(whole)


def test_a_learner_that_changed_is_not_gone_on_with(written, tmp_path):
    slow = written("def train(self, *rest):\n    time.sleep(0.01)\n    return 1.0")
    out = tmp_path / "out"
    running = subprocess.Popen(program.command(["run", str(small(slow).save(tmp_path / "small.toml")), "--out", str(out),
                                                "--checkpoint-every", "200ms"]), stderr=subprocess.DEVNULL)
    while not (out / "checkpoint").exists() and running.poll() is None:
        time.sleep(0.01)
    running.kill()
    running.wait()
    written("def train(self, *rest):\n    return 2.0")
    resumed = subprocess.run(program.command(["run", "--resume", str(out)]), capture_output=True, text=True)
    assert resumed.returncode == 2 and "another scenario" in resumed.stderr


def test_no_process_of_a_learner_outlives_the_program(written, tmp_path):
    endless = written(f"""
def train(self, *rest):
    open("{tmp_path}/pid", "w").write(str(os.getpid()))
    os.rename("{tmp_path}/pid", "{tmp_path}/there")
    while True:
        time.sleep(0.01)
""")
    running = subprocess.Popen(program.command(["run", str(small(endless).save(tmp_path / "small.toml")), "--threads", "1",
                                                "--out", str(tmp_path / "out")]), stderr=subprocess.DEVNULL)
    while not (tmp_path / "there").exists():
        time.sleep(0.01)
    learner = int((tmp_path / "there").read_text())
    running.kill()
    running.wait()
    while Path(f"/proc/{learner}/stat").exists() and Path(f"/proc/{learner}/stat").read_text().split(") ")[1][0] != "Z":
        time.sleep(0.01)


def test_an_interrupt_ends_a_learner_that_never_returns(written, tmp_path):
    endless = written(f"""
def train(self, *rest):
    open("{tmp_path}/there", "w")
    while True:
        time.sleep(0.01)
""")
    running = subprocess.Popen(program.command(["run", str(small(endless).save(tmp_path / "small.toml")), "--threads", "1",
                                                "--out", str(tmp_path / "out")]), stderr=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL)
    while not (tmp_path / "there").exists():
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=600) == 130


def test_the_example_in_numpy_learns(tmp_path):
    sys.path.insert(0, str(EXAMPLES))
    from softmax_regression import FOLDER, SoftmaxRegression

    if not FOLDER.exists():
        pytest.skip("dataset-fashion-mnist is not installed")
    results = td.run(small(SoftmaxRegression, algorithms=["divshare", "k-gt"]), out=tmp_path / "out", threads=2)
    final = results.curves[results.curves.time_s == 2]
    assert len(final) == 2
    assert (final.accuracy_mean > 0.6).all()


TORCH = """
import numpy as np
import torch
import tardigrad as td

class Mine(td.TorchLearner):
    def module(self):
        return torch.nn.Sequential(torch.nn.Linear(5, 16), torch.nn.Dropout(0.2), torch.nn.ReLU(), torch.nn.Linear(16, 3))
    def data(self):
        draws = np.random.default_rng(1)
        inputs = draws.normal(size=(200, 5)).astype(np.float32)
        labels = (inputs[:, 0] > 0).astype(np.int64) + (inputs[:, 1] > 0)
        return (inputs[:150], labels[:150]), (inputs[150:], labels[150:])
"""


@pytest.fixture
def with_torch(tmp_path):
    pytest.importorskip("torch", reason="PyTorch is missing")

    def write(body=""):
        (tmp_path / "mine.py").write_text(TORCH + "".join(f"    {line}\n" for line in body.strip("\n").split("\n")))
        return {"python": f"{tmp_path}/mine.py:Mine"}

    return write


@pytest.mark.parametrize("training", [dict(), dict(momentum=0.9, nesterov=True, weight_decay=0.01)])
def test_a_torch_module_learns_the_same_bytes_for_any_number_of_processes(with_torch, tmp_path, training):
    sections = {"training": dict(batch_size=8, local_steps=4, learning_rate=0.1, **training)}
    one = run(with_torch(), tmp_path / "one", sections)
    three = run(with_torch(), tmp_path / "three", sections, threads=3)
    assert bytes_of(one.path) == bytes_of(three.path)
    last = one.curves[one.curves.time_s == 2]
    assert (last.accuracy_averaged > 0.5).all()  # a third of the answers is right by chance


def test_steps_of_a_torch_module_are_those_of_the_scenario(with_torch, tmp_path):
    """One step on the whole shard from known weights: x -= rate * (factor * (g + decay x) + offset)."""
    torch = pytest.importorskip("torch")
    import numpy as np

    from tardigrad import source_files
    from tardigrad.learner import Learner, Settings, Training

    with_torch("def loss(self, outputs, labels):\n    return outputs.pow(2).sum()")
    cls, _ = source_files.load(str(tmp_path / "mine.py"), "Mine", Learner, "learner")
    learner = cls(Settings(2, 1, Training(1000, 1, 0.5, 0.0, False, 0.1)))
    learner._module = torch.nn.Linear(5, 1, bias=False)
    learner._named = list(learner._module.named_parameters())
    shard = learner._inputs[torch.from_numpy(learner._shards[1])].numpy().astype(np.float64)
    start, offset = np.arange(5, dtype=np.float32), np.full(5, 2, np.float32)
    model = start.copy()
    loss, rates = learner.train(1, model, learner.local_state(1), 1, offset, 3.0)
    gradient = 2 * shard.T @ (shard @ start) + 0.1 * start
    assert np.allclose(model, start - 0.5 * (3 * gradient + offset), rtol=1e-4)
    assert np.isclose(loss, np.square(shard @ start).sum(), rtol=1e-4) and rates == 0.5


def test_statistics_beside_parameters_are_refused(with_torch):
    with pytest.raises(td.Error, match="the module keeps statistics beside its parameters"):
        small(with_torch("def module(self):\n    return torch.nn.BatchNorm1d(5)")).check()

"""Algorithms in Python, run by the program."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import tardigrad as td
from conftest import small_scenario
from tardigrad import program

pytestmark = pytest.mark.skipif(not program.find().endswith("tardigrad-python"),
                                reason="Python's headers or pybind11 were not found")

EXAMPLES = Path(__file__).resolve().parents[3] / "scenarios" / "python" / "examples"
sys.path.insert(0, str(EXAMPLES))

from ad_psgd_pushpull import AdPsgdPushPull  # noqa: E402
from d_psgd import DPsgd  # noqa: E402
from divshare import DivShare  # noqa: E402


def files_of(folder, algorithm):
    """What a run leaves, without the summary, which has times of the machine."""
    return {name: (folder / algorithm / "s1" / name).read_bytes()
            for name in ("evaluations.csv", "rounds.csv", "links.csv")}


@pytest.fixture
def written(tmp_path):
    """Writes a file with a class `Mine`, made of these methods behind others that do nothing special."""

    def write(body, head=""):
        text = f"import numpy as np\nimport tardigrad as td\nfrom typing import List, Literal\n{head}\n"
        text += "class Mine(td.Protocol):\n" + "".join(f"    {line}\n" for line in body.strip().split("\n"))
        (tmp_path / "mine.py").write_text(text)
        return f"{tmp_path}/mine.py:Mine"

    return write


LONELY = """
def on_trained(self, local, actions):
    actions.start_round(local.values)
"""


def check(kind, **options):
    return small_scenario(algorithms=[dict(kind=kind, **options)]).check()


def run(kind, tmp_path, options={}, **settings):
    return td.run(small_scenario(algorithms=[dict(kind=kind, name="mine", **options)]), out=tmp_path / "out", force=True,
                  **{"threads": 1, **settings})


@pytest.mark.parametrize("mine, built_in", [
    (DPsgd, dict(kind="d-psgd")),
    (DivShare(fragments=4, recipients=3), dict(kind="divshare", fragments=4, recipients=3)),
    (DivShare(fragments=3, recipients=2, flush=False), dict(kind="divshare", fragments=3, recipients=2, flush=False)),
    (AdPsgdPushPull(recipients=4), dict(kind="ad-psgd-pushpull", recipients=4)),
])
def test_an_example_leaves_the_same_bytes_as_the_built_in_algorithm(mine, built_in, tmp_path):
    scenario = small_scenario(algorithms=[dict(kind=mine, name="mine"), built_in])
    for threads in (1, 3):
        td.run(scenario, out=tmp_path / "out", threads=threads, force=True)
        assert files_of(tmp_path / "out", "mine") == files_of(tmp_path / "out", built_in["kind"])
    assert (tmp_path / "out" / "mine" / "s1" / "evaluations.csv").read_bytes().count(b"\n") > 8


def test_results_name_the_class_and_keep_its_file(tmp_path):
    results = td.run(small_scenario(algorithms=[DPsgd]), out=tmp_path / "out", threads=1)
    assert results.scenario["algorithm"][0]["kind"] == f"{EXAMPLES}/d_psgd.py:DPsgd"
    assert json.loads((tmp_path / "out/DPsgd/s1/summary.json").read_text())["kind"] == "d_psgd.py:DPsgd"
    assert (tmp_path / "out/d_psgd.py").read_bytes() == (EXAMPLES / "d_psgd.py").read_bytes()


def test_a_scenario_names_a_file_beside_it(written, tmp_path):
    written(LONELY)
    path = small_scenario(algorithms=["mine.py:Mine"]).save(tmp_path / "mine.toml")
    assert "Mine" in program.output_of(["check", str(path)])


def test_options_are_checked_as_all_others_are(written):
    kind = written("recipients: int = 2\nshare: float = 1\norder: Literal['old', 'new'] = 'old'\n"
                   "weights: List[float] = [1, 2]\nquiet: bool = False\nSTATE = 3" + LONELY)
    assert "recipients" in check(kind, recipients=3, share=0.5, order="new", weights=[3], quiet=True)
    for options, complaint in [(dict(recipents=3), "recipents.*did you mean 'recipients'"),
                               (dict(STATE=4), "STATE"),
                               (dict(recipients=1.5), "algorithm.0.recipients: expected an integer"),
                               (dict(order="newest"), 'algorithm.0.order: expected old or new, got "newest"'),
                               (dict(quiet=1), "algorithm.0.quiet: expected true or false")]:
        with pytest.raises(td.Error, match=complaint):
            check(kind, **options)


def test_options_and_what_is_known_of_the_run_are_attributes(written, tmp_path):
    kind = written("""
share: float = 1
def on_start(self, initial, actions):
    assert self.share == 0.5 and type(self.share) is float, self.share
    assert initial.shape == (self.parameters,) and initial.dtype == np.float32 and not initial.flags.writeable
    assert self.fragment == 0 and self.seed == 7 and self.graph().size == 8 and actions.now == 0
    assert self.graph().neighbours(0) == [1, 7] == self.graph().sources(0) and self.graph().weight(0, 1) == 1 / 3
    assert self.node not in self.graph().neighbours(self.node) and not self.graph().has_edge(0, 99)
    actions.start_round(initial, offset=np.zeros_like(initial), factor=0.5, steps=1)
def on_trained(self, local, actions):
    assert local.steps == (1 if local.round == 0 else 2) and local.learning_rates > 0 and actions.now > 0
    actions.start_round(local.values)
""")
    results = run(kind, tmp_path, dict(share=0.5), seeds=[7])
    assert len(results.rounds) > 8


def test_draws_depend_on_seed_purpose_entity_and_round_alone(written, tmp_path):
    kind = written("""
def on_start(self, initial, actions):
    draws = self.random("partner", 3)
    first = [draws.bits(), draws.uniform(), draws.normal(), draws.exponential(), draws.below(9), draws.sample(3, 9)]
    again = self.random("partner", 3)
    assert first == [again.bits(), again.uniform(), again.normal(), again.exponential(), again.below(9),
                     again.sample(3, 9)]
    bits = [self.random(*other).bits() for other in
            (("partner", 3), ("partner", 4), ("recipients", 3), ("partner", 3, 12345))]
    assert len(set(bits)) == 4 and bits[0] == first[0]
    assert self.random("partner", 0, 5).normals(4).dtype == np.float32
    assert sorted(self.random("partner").choice(["a", "b"], 2)) == ["a", "b"]
    actions.start_round(initial)
""" + LONELY)
    run(kind, tmp_path)


@pytest.mark.parametrize("body, complaint", [
    ("def on_trained(self, local, actions):\n    return 1 / 0",
     r"mine: mine.py:7: ZeroDivisionError: division by zero \(in Mine.on_trained of node \d\)"),
    ("def on_start(self, initial, actions):\n    raise KeyError('x')", r"mine.py:7: KeyError: 'x' \(in Mine.on_start of "),
    ("def on_trained(self, local, actions):\n    pass", "nobody can go on since"),
    ("waits = True\ndef on_trained(self, local, actions):\n    actions.await_(self.graph().neighbours(self.node))",
     "nobody can go on since"),
    ("def on_trained(self, local, actions):\n    actions.await_([0])", "mine.py:7: ValueError: await_: the class must say waits"),
    ("def on_trained(self, local, actions):\n    actions.start_round(local.values.astype(np.float64))",
     "mine.py:7: TypeError: values: expected an array of float32, got float64"),
    ("def on_trained(self, local, actions):\n    actions.start_round(local.values[1:])",
     r"mine.py:7: ValueError: values: expected an array of shape \(7850,\), got \(7849,\)"),
    ("def on_trained(self, local, actions):\n    actions.start_round([1.0])",
     "mine.py:7: TypeError: values: expected a NumPy array of float32, got list"),
    ("def on_trained(self, local, actions):\n    local.values[0] = 1", "mine.py:7: ValueError: .*read-only"),
    ("def on_trained(self, local, actions):\n    actions.send((self.node + 4) % 8, local.values, local.round)",
     r"mine.py:7: ValueError: node \d is no neighbour of node \d in round 0"),
    ("def on_trained(self, local, actions):\n    actions.send(9, local.values, local.round)", "node 9 is no neighbour"),
    ("def on_trained(self, local, actions):\n    actions.send('a', local.values, local.round)",
     "mine.py:7: TypeError: send.*: expected .*to: int"),
    ("def on_trained(self, local, actions):\n    actions.start_round(local.values, factor=float('nan'))",
     "factor: expected a finite number"),
    ("def on_trained(self, local, actions):\n    self.random('mine')", "purpose: expected"),
    ("def on_trained(self, local, actions):\n    self.graph().degree(8)", "there is no node 8: nodes are 0 to 7"),
    ("def on_trained(self, local, actions):\n    raise SystemExit(3)", "mine.py:7: SystemExit: 3"),
    ("pass", "NotImplementedError: Mine has no on_trained"),
    ("def on_trained(self, local, actions):\n    actions.send(self.graph().neighbours(self.node)[0], None, local.round)\n"
     "    actions.start_round(local.values)", "NotImplementedError: Mine has no on_message"),
    ("kept = []\ndef on_trained(self, local, actions):\n    self.kept.append(actions)\n    actions.start_round(local.values)\n"
     "def on_start(self, initial, actions):\n    [other.now for other in self.kept]\n    self.kept.append(actions)\n"
     "    actions.start_round(initial)", "actions are of use only in the call that was given them"),
])
def test_a_failure_in_a_callback_is_one_line(body, complaint, written, tmp_path):
    with pytest.raises(td.Error, match=complaint) as caught:
        run(written(body), tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("body, head, complaint", [
    ("pass", "1 / 0", r"algorithm.0.kind: mine.py:4: ZeroDivisionError: division by zero"),
    ("pass", "import nothing_of_that_name", "mine.py:4: ModuleNotFoundError: No module named"),
    ("pass", "x = (", "mine.py:4: SyntaxError"),
    ("pass", "td.run('x.toml')", "mine.py:4: Error: a file with an algorithm or a learner runs nothing"),
    ("pass", "raise SystemExit", "mine.py:4: SystemExit"),
    ("def __init__(self):\n    self.x = 1", "", "Mine defines __init__: expected its state to begin in on_start"),
    ("waits = 'yes'", "", "Mine.waits: expected bool, got 'yes'"),
    ("topology = 'circle'", "", "Mine.topology: expected a kind of graph that needs no options, got \"circle\""),
    ("topology = 'random-regular'", "", "Mine.topology: expected a kind of graph that needs no options"),
    ("compression = 'all'", "", "Mine.compression: expected one of none, dense, any"),
    ("fragments = 0", "", "Mine.fragments: expected 1 to"),
    ("recipients: int = 'two'", "", "Mine.recipients: expected a bool, int"),
    ("recipients: int", "", "Mine.recipients: expected a default"),
    ("recipients: Unknown = 1", "from __future__ import annotations", "Mine: an annotation cannot be read"),
    ("def objection(self, graph):\n    return f'not on {graph.size} nodes'", "", "not on 8 nodes"),
])
def test_what_is_wrong_with_a_file_is_one_line_before_the_run(body, head, complaint, written):
    if head.startswith("from __future__"):
        kind = written(body)
        path = Path(kind.partition(":")[0])
        path.write_text(head + "\n" + path.read_text())
    else:
        kind = written(body, head)
    with pytest.raises(td.Error, match=complaint) as caught:
        check(kind)
    assert "\n" not in str(caught.value)


def test_a_file_or_class_that_is_not_there_is_named(written, tmp_path):
    kind = written(LONELY)
    for wrong, complaint in [(kind.replace("mine.py", "none.py"), "none.py: cannot be read: No such file"),
                             (kind + "r", "mine.py has no algorithm 'Miner': it has Mine"),
                             (f"{tmp_path}/mine.toml:Mine", "expected the name of an algorithm, or \"file.py:Class\"")]:
        with pytest.raises(td.Error, match=complaint):
            check(wrong)


def test_a_wait_has_a_limit_of_its_own(written, tmp_path):
    kind = written("""
waits = True
def on_trained(self, local, actions):
    self.begun, self.values = actions.now, local.values
    actions.await_(self.graph().neighbours(self.node), at_most=0.25)
def on_wait_over(self, actions):
    assert abs(actions.now - self.begun - 0.25) < 1e-9
    actions.start_round(self.values)
""")
    rounds = run(kind, tmp_path).rounds
    assert len(rounds) > 8
    assert (rounds.end_s - rounds.trained_s).round(9).eq(0.25).all()
    with pytest.raises(td.Error, match="at_most: expected more than 0 s"):
        run(written("""
waits = True
def on_trained(self, local, actions):
    actions.await_([0], at_most=-1)
"""), tmp_path)


def test_under_the_real_clock_many_threads_call_it(written, tmp_path):
    real = dict(time=dict(duration="1s", clock="real"))
    td.run(small_scenario(algorithms=[dict(kind=DPsgd, name="mine")], **real), out=tmp_path / "out", threads=2)
    assert (tmp_path / "out/mine/s1/rounds.csv").read_bytes().count(b"\n") > 8
    kind = written("def on_trained(self, local, actions):\n    1 / (local.round < 3)\n    actions.start_round(local.values)")
    with pytest.raises(td.Error, match="mine.py:7: ZeroDivisionError"):
        td.run(small_scenario(algorithms=[kind], **real), out=tmp_path / "out", threads=2, force=True)


def test_a_resumed_run_leaves_the_same_bytes(tmp_path):
    scenario = small_scenario(algorithms=[
        dict(kind=DPsgd, name="d"), dict(kind=AdPsgdPushPull(recipients=3), name="p"),
        dict(kind=DivShare(recipients=3), name="v")])
    td.run(scenario, out=tmp_path / "whole", threads=1)

    class Enough(Exception):
        pass

    def stop(row):
        if row["algorithm"] == "v" and row["time_s"] >= 1:
            raise Enough

    with pytest.raises(Enough):
        td.run(scenario, out=tmp_path / "parts", threads=1, on_evaluation=stop, checkpoint_every="200ms")
    program.output_of(["run", "--resume", str(tmp_path / "parts")])
    for name in ("d", "p", "v"):
        assert files_of(tmp_path / "parts", name) == files_of(tmp_path / "whole", name)


def stopped(kind, tmp_path):
    """A run that was stopped, with a checkpoint."""

    class Enough(Exception):
        pass

    def stop(_):
        raise Enough

    with pytest.raises(Enough):
        td.run(small_scenario(time=dict(duration="1000s"), algorithms=[kind]), out=tmp_path / "out", threads=1,
               on_evaluation=stop, checkpoint_every="1s")
    return tmp_path / "out"


def test_a_changed_file_is_refused_before_anything_is_unpickled(written, tmp_path):
    folder = stopped(written(LONELY), tmp_path)
    written(LONELY + "    # another\n")
    with pytest.raises(td.Error, match="or a file named there has changed"):
        program.output_of(["run", "--resume", str(folder)])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_another_users_state_is_not_unpickled(written, tmp_path):
    folder = stopped(written(LONELY), tmp_path)
    os.chown(folder / "checkpoint", 65534, 65534)
    with pytest.raises(td.Error, match="checkpoint: belongs to another user, and the state of algorithms in Python is code"):
        program.output_of(["run", "--resume", str(folder)])


def test_a_state_that_cannot_be_saved_is_named(written, tmp_path):
    kind = written("def on_start(self, initial, actions):\n    self.later = lambda: 1\n    actions.start_round(initial)" + LONELY)
    with pytest.raises(td.Error, match="Mine: its state cannot be saved: self.later: Can't (pickle|get local object)"):
        run(kind, tmp_path, checkpoint_every="500ms")


def test_hosts_run_it_to_the_same_bytes(written, tmp_path):
    alone = run(written(LONELY), tmp_path / "alone")
    together = run(written(LONELY), tmp_path / "together", local_hosts=2)
    files = sorted(path.relative_to(alone.path) for path in alone.path.rglob("*.csv"))
    assert len(files) > 3
    assert all((alone.path / file).read_bytes() == (together.path / file).read_bytes() for file in files)


def test_the_program_without_python_says_which_program_to_use(written):
    path = small_scenario(algorithms=[written(LONELY)]).save(Path(written(LONELY).partition(":")[0]).parent / "s.toml")
    plain = Path(program.find()).parent / "tardigrad"
    done = subprocess.run([plain, "check", path], capture_output=True, text=True)
    assert done.returncode == 2 and "kind: this program runs no algorithm in Python: use tardigrad-python" in done.stderr


def test_a_python_without_numpy_is_one_line(written, tmp_path):
    path = small_scenario(algorithms=[written(LONELY)]).save(tmp_path / "s.toml")
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "numpy.py").write_text("raise ImportError('No module named numpy')")
    done = subprocess.run(program.command(["check", str(path)]), capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(tmp_path / "none")})
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert done.stderr.endswith("NumPy and the package tardigrad cannot be loaded: ImportError: No module named numpy\n")


def test_a_class_of_no_file_is_refused():
    class Inner(DPsgd):
        pass

    with pytest.raises(TypeError, match="Inner must be at the top of a .py file"):
        small_scenario(algorithms=[Inner])
    with pytest.raises(TypeError, match="DivShare has no option 'recipents'"):
        DivShare(recipents=3)
    with pytest.raises(TypeError, match="expected the name of an algorithm"):
        small_scenario(algorithms=[3])


def test_the_algorithm_of_the_readme_runs(tmp_path):
    blocks = (EXAMPLES.parent / "README.md").read_text().split("```python\n")
    source = next(block for block in blocks if "class PushGossip" in block).partition("```")[0]
    (tmp_path / "push_gossip.py").write_text(source)
    results = run(f"{tmp_path}/push_gossip.py:PushGossip", tmp_path, dict(recipients=3))
    assert results.summary["mine"][1]["messages_sent"] > 8 and len(results.curves) > 2

"""Runs a scenario by the program, as a child process."""

from __future__ import annotations

import csv
import io
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any, Callable, Dict, Iterable, List, Mapping, Optional, Union

from tardigrad import program, toml
from tardigrad.errors import Error, Interrupted
from tardigrad.results import Folder, Results, load
from tardigrad.scenarios import Scenario

Row = Dict[str, Union[str, int, float]]

_INTERRUPTED = 130
_LOOK_EVERY_S = 0.1


def run(scenario: Union[Folder, Scenario], *, set: Mapping[str, Any] = {}, seeds: Iterable[int] = (),
        out: Optional[Folder] = None, force: bool = False, on_evaluation: Optional[Callable[[Row], None]] = None,
        progress: Optional[bool] = None, **options: Any) -> Results:
    """Runs a scenario, a file or a `Scenario`, under all its algorithms, and returns the results.

    `set`: keys of the scenario and their values, as `--set` takes them: {"network.uplink": "30Mbps"}.
    `seeds`: run once with each; none: those of the scenario.
    `out`: folder for the results, results/<name of the scenario> if left out. `force` replaces earlier ones there.
    `on_evaluation`: called with each new row of curves.csv, a dict, while the run goes on. An exception in it ends the
    run and is raised.
    `progress`: the program's progress bar, and its table at the end; if left out, on a terminal and in a notebook.
    `options`: any other option of `tardigrad run`, with underscores: threads=2, local_hosts=3, checkpoint_every="20s".

    Raises `Error` with the program's line if the run fails, and `Interrupted` with the results so far after Ctrl-C.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(out) if out is not None else Path("results") / _name_of(scenario, set)
        path = scenario.saved_for(folder, Path(place)) if isinstance(scenario, Scenario) else Path(scenario)
        arguments = ["run", str(path), "--out", str(folder)]
        for name, value in set.items():
            arguments += ["--set", f"{name}={value if isinstance(value, str) else toml.value(value)}"]
        arguments += ["--seeds", ",".join(str(seed) for seed in seeds)] if seeds else []
        arguments += ["--force"] if force else []
        for name, value in options.items():
            option = "--" + name.replace("_", "-")
            arguments += [option] if value is True else [] if value in (None, False) else [f"{option}={value}"]
        return _Run(arguments, folder, on_evaluation, progress).results()


def _name_of(scenario: Union[Folder, Scenario], set: Mapping[str, Any]) -> str:
    import tomllib

    if "name" in set:
        return str(set["name"])
    if isinstance(scenario, Scenario):
        return scenario.name
    try:
        name = tomllib.loads(Path(scenario).read_text()).get("name")
    except (OSError, ValueError):
        name = None  # the program says what is wrong
    return name if isinstance(name, str) else Path(scenario).stem


def _in_notebook() -> bool:
    return "ipykernel" in sys.modules and "IPython" in sys.modules and (
        getattr(sys.modules["IPython"].get_ipython(), "kernel", None) is not None)


class _Bar:
    """Shows what the program writes on its stderr: on a terminal as it is, in a notebook its present line."""

    def __init__(self) -> None:
        self._display: Any = None
        self._text = ""
        if _in_notebook():
            from IPython.display import display

            self._display = display({"text/plain": ""}, raw=True, display_id=True)

    def show(self, said: str) -> None:
        if self._display is None:
            sys.stderr.write(said)
            sys.stderr.flush()
            return
        self._text += said.replace("\x1b[K", "").replace("\r\n", "\n")
        lines = [line.split("\r")[-1] for line in self._text.split("\n")]
        self._display.update({"text/plain": "\n".join(lines)}, raw=True)


class _GrowingCurves:
    """The rows of curves.csv as they come. What an earlier run has left there is not read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._before = self._state()
        self._columns: List[str] = []
        self._read = 0

    def new_rows(self) -> List[Row]:
        if self._before is not None and self._state() == self._before:
            return []
        self._before = None
        try:
            with open(self._path, "rb") as file:
                file.seek(self._read)
                content = file.read()
        except OSError:
            return []
        content = content[:content.rfind(b"\n") + 1]
        self._read += len(content)
        rows = list(csv.reader(io.StringIO(content.decode(errors="replace"))))
        if rows and not self._columns:
            self._columns = rows.pop(0)
        return [{name: _number(text) for name, text in zip(self._columns, row)} for row in rows]

    def _state(self) -> Any:
        try:
            state = os.stat(self._path)
        except OSError:
            return None
        return state.st_ino, state.st_mtime_ns, state.st_size


def _number(text: str) -> Union[str, int, float]:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


class _Run:
    """One run from start to end."""

    def __init__(self, arguments: List[str], folder: Path, on_evaluation: Optional[Callable[[Row], None]],
                 progress: Optional[bool]) -> None:
        self._arguments = arguments
        self._folder = folder
        self._on_evaluation = on_evaluation
        self._curves = _GrowingCurves(folder / "curves.csv")
        shown = progress if progress is not None else sys.stderr.isatty() or _in_notebook()
        self._bar = _Bar() if shown else None
        self._said = ""
        self._failure: Optional[BaseException] = None  # of on_evaluation
        self._interrupts = 0

    def results(self) -> Results:
        with tempfile.TemporaryFile() as table:
            code = self._execute(table)
            if self._bar is not None and self._failure is None:
                table.seek(0)
                print(table.read().decode(errors="replace"), end="")
        if self._failure is not None:
            raise self._failure
        if self._interrupts > 0 or code == _INTERRUPTED:
            raise Interrupted(f"interrupted: the results so far are in {self._folder}", self._so_far())
        if code != 0:
            raise program.failure(self._said, code)
        return load(self._folder)

    def _so_far(self) -> Optional[Results]:
        try:
            return load(self._folder)
        except Error:
            return None

    def _execute(self, table: IO[bytes]) -> int:
        """Runs the program to its end; returns its exit code. On a terminal of its own it shows its progress bar."""
        reader, writer = pty.openpty() if self._bar is not None else os.pipe()
        try:
            child = self._start(table, writer)
        except BaseException:
            os.close(reader)
            raise
        finally:
            os.close(writer)
        try:
            self._follow(child, reader)
        finally:
            os.close(reader)
            if child.poll() is None:  # left by an error of ours
                child.kill()
                child.wait()
        return child.returncode

    def _start(self, table: IO[bytes], stderr: int) -> subprocess.Popen[bytes]:
        # In a session of its own, so that Ctrl-C reaches it once: through us. If we are killed it is interrupted.
        guard = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
        return subprocess.Popen([*guard, *program.command(self._arguments)], stdin=subprocess.DEVNULL, stdout=table,
                                stderr=stderr, start_new_session=True)

    def _follow(self, child: subprocess.Popen[bytes], reader: int) -> None:
        is_open = True
        while is_open or child.poll() is None:
            try:
                is_open = self._take(reader) if is_open else bool(child.wait(_LOOK_EVERY_S)) and False
                self._report(child)
            except subprocess.TimeoutExpired:
                pass
            except KeyboardInterrupt:
                self._interrupts += 1
                child.send_signal(signal.SIGINT)
        self._report(child)

    def _take(self, reader: int) -> bool:
        """What the program has written on stderr within the next moment; false at its end."""
        if not select.select([reader], [], [], _LOOK_EVERY_S)[0]:
            return True
        try:
            said = os.read(reader, 1 << 16).decode(errors="replace")
        except OSError:  # how a terminal ends
            return False
        self._said += said
        if self._bar is not None:
            self._bar.show(said)
        return bool(said)

    def _report(self, child: subprocess.Popen[bytes]) -> None:
        """Calls on_evaluation for each new row. What it raises ends the run."""
        if self._on_evaluation is None or self._failure is not None:
            return
        try:
            for row in self._curves.new_rows():
                self._on_evaluation(row)
        except Exception as problem:  # kept, and raised when the run has ended
            self._failure = problem
            if child.poll() is None:
                child.send_signal(signal.SIGINT)

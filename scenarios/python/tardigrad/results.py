"""Results of runs as pandas tables. Each is read when it is first asked for, as it is then."""

from __future__ import annotations

import io
import json
import os
import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Optional, Tuple, Union

from tardigrad import program
from tardigrad.errors import Error

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Folder = Union[str, "os.PathLike[str]"]

_FIGURES = ("mean", "std", "min", "max", "averaged")


def load(folder: Folder) -> Results:
    """The results in a folder: of a run, finished, interrupted or growing; of a sweep; or of a folder of those. Of a sweep
    with --best-of those that it reports: the runs on which values were chosen are in its folder `tuning`.

    Raises `Error` with one line if it holds none.
    """
    path = Path(folder)
    if not path.is_dir():
        raise Error(f"{path}: {'it is a file, expected a folder of results' if path.exists() else 'there is no such folder'}")
    runs = list(_runs_in(path))
    if not runs:
        raise Error(f"{path}: holds no results, neither of a run (scenario.toml and curves.csv) nor of a sweep")
    return Results(path, runs)


def _is_run(path: Path) -> bool:
    return (path / "scenario.toml").is_file() and (path / "curves.csv").is_file()


def _runs_in(path: Path) -> Iterator[Path]:
    """In order of name. A run's own folders are not looked into, nor is what a sweep has only chosen by."""
    if _is_run(path):
        yield path
        return
    tuning = path / "tuning" if (path / "sweep.csv").is_file() else None
    for below in sorted(entry for entry in path.iterdir() if entry.is_dir() and not entry.is_symlink()):
        if below != tuning:
            yield from _runs_in(below)


def _table(path: Path) -> pd.DataFrame:
    """A CSV file without the row that was being written when it was read."""
    import pandas as pd

    try:
        content = path.read_bytes()
        return pd.read_csv(io.BytesIO(content[:content.rfind(b"\n") + 1]))
    except (OSError, ValueError) as problem:
        raise Error(f"{path}: cannot be read: {str(problem).splitlines()[0]}") from None


class Results:
    """The results of one run, or of several in one folder (a sweep has a run for each of its points).

    Tables of several runs have the column `run` in front, the run's folder within `path`, and behind it the keys that
    a finished sweep has varied. Times are virtual seconds (of the wall under the real clock), sizes are bytes,
    accuracies are shares from 0 to 1. `tardigrad list columns` says what each column of the files is.
    """

    def __init__(self, path: Path, runs: List[Path]) -> None:
        self.path = path
        self._runs = runs

    def __repr__(self) -> str:
        return f"<tardigrad.Results of {self.path}: {', '.join(self.algorithms)}>"

    @property
    def runs(self) -> List[str]:
        """The names of the runs: their folders within `path`; "." for a run itself."""
        return [str(run.relative_to(self.path)) for run in self._runs]

    @property
    def algorithms(self) -> List[str]:
        """Names, in the order of the report's colours."""
        return sorted(set(self.curves["algorithm"]))

    @cached_property
    def curves(self) -> pd.DataFrame:
        """curves.csv: a row for each evaluation of each algorithm and seed.

        Besides the file's columns (accuracy_mean, loss_mean, ...) there are `round`, the rounds that a node had finished
        (mean over nodes), and `mean`, `std`, `min`, `max` and `averaged`, which are the columns of the figure that the
        target is about: of the loss with `target_loss`, else of the accuracy. Rows with `refined` = 1 are tests between
        two evaluations, to find the time to the target. Scenarios with servers have a column `server` as well.
        """
        return self._joined(self._curves_of)

    @cached_property
    def evaluations(self) -> pd.DataFrame:
        """evaluations.csv of all algorithms and seeds: accuracy and loss of each node.

        `averaged` is true for the average of all nodes' models and `server` for a server's model, whose `node` is
        missing (<NA>).
        """
        return self._joined(self._evaluations_of)

    @cached_property
    def rounds(self) -> pd.DataFrame:
        """rounds.csv of all algorithms and seeds: a row for each finished round of each node, servers behind them."""
        return self._joined(lambda run: self._of_seeds(run, "rounds.csv"))

    @cached_property
    def links(self) -> pd.DataFrame:
        """links.csv of all algorithms and seeds: a row for each uplink, downlink and link; of runs that have ended."""
        return self._joined(lambda run: self._of_seeds(run, "links.csv"))

    @cached_property
    def summary(self) -> Dict[str, Any]:
        """summary.json of the runs that have ended: summary[algorithm][seed] is a dict with the file's keys.

        Of several runs: summary[run][algorithm][seed].
        """
        summaries = {name: self._summaries_of(run) for name, run in zip(self.runs, self._runs)}
        return summaries["."] if self.runs == ["."] else summaries

    @cached_property
    def comparison(self) -> pd.DataFrame:
        """comparison.csv: a row for each algorithm and seed. For a growing run the program makes it from what is there."""
        return self._joined(lambda run: self._made_from(run, "comparison.csv"))

    @cached_property
    def statistics(self) -> pd.DataFrame:
        """statistics.csv: mean, standard deviation and 95 % interval over seeds of every measured column of
        `comparison`, and differences from the scenario's baseline, seed by seed."""
        return self._joined(lambda run: self._made_from(run, "statistics.csv"))

    @cached_property
    def scenario(self) -> Dict[str, Any]:
        """scenario.toml of the first run, with every default filled in."""
        return _scenario_of(self._runs[0])

    def plot(self, figure: str = "accuracy", x: str = "time_s", ax: Optional[Axes] = None) -> Axes:
        """Draws `figure` ("accuracy" or "loss") over `x` ("time_s", "bytes" or "round"); returns Matplotlib's axes.

        A line is the mean over nodes and seeds. The shade is one standard deviation to each side: over seeds where an
        algorithm has several, else over nodes. Colours are those of the report.
        """
        from tardigrad.figures import plot

        return plot(self, figure, x, ax)

    def figures(self, out: Folder) -> List[Path]:
        """Writes accuracy and loss over time and over bytes into the folder `out`, each as SVG, PDF (with its fonts)
        and the CSV file that was drawn. Returns the paths. The same results give the same bytes.
        """
        from tardigrad.figures import figures

        return figures(self, Path(out))

    def _joined(self, read: Any) -> pd.DataFrame:
        """The tables of all runs under each other, with the columns that tell the runs apart."""
        import pandas as pd

        if self.runs == ["."]:
            return read(self._runs[0])
        tables = []
        for name, run in zip(self.runs, self._runs):
            table = read(run)
            labels = {"run": name, **{key: own for key, own in self._swept(run).items() if key not in table}}
            front = pd.DataFrame({key: [own] * len(table) for key, own in labels.items()}, index=table.index)
            tables.append(pd.concat([front, table], axis="columns"))
        return pd.concat(tables, ignore_index=True)

    @staticmethod
    def _swept(run: Path) -> Dict[str, Any]:
        """The swept keys of a sweep's point: the columns of sweep.csv before those of comparison.csv."""
        if not (run.parent / "sweep.csv").is_file():
            return {}
        table = _table(run.parent / "sweep.csv")
        keys = list(table.columns)[:list(table.columns).index("scenario")] if "scenario" in table else []
        rows = table[table["scenario"] == run.name] if keys else table[:0]
        return {key: rows.iloc[0][key] for key in keys} if len(rows) else {}

    @staticmethod
    def _seeds(run: Path, file: str) -> Iterator[Tuple[str, int, Path]]:
        """Algorithm, seed and path of the files of this name, in order of name and seed."""
        found = []
        for path in run.glob(f"*/s*/{file}"):
            if path.parent.name[1:].isdigit():
                found.append((path.parent.parent.name, int(path.parent.name[1:]), path))
        return iter(sorted(found))

    def _of_seeds(self, run: Path, file: str) -> pd.DataFrame:
        import pandas as pd

        tables = []
        for algorithm, seed, path in self._seeds(run, file):
            table = _table(path)
            table.insert(0, "algorithm", algorithm)
            table.insert(1, "seed", seed)
            tables.append(table)
        if not tables:
            raise Error(f"{run}: has no {file} yet")
        return pd.concat(tables, ignore_index=True)

    @staticmethod
    def _curves_of(run: Path) -> pd.DataFrame:
        table = _table(run / "curves.csv")
        scenario = _scenario_of(run)
        figure = "loss" if "target_loss" in scenario.get("evaluation", {}) else "accuracy"
        table["round"] = table["rounds"] / scenario.get("nodes", {}).get("count", 1)
        for name in (*_FIGURES, "server"):
            if f"{figure}_{name}" in table:
                table[name] = table[f"{figure}_{name}"]
        return table

    def _evaluations_of(self, run: Path) -> pd.DataFrame:
        import pandas as pd

        table = self._of_seeds(run, "evaluations.csv")
        table["averaged"] = table["node"].astype(str) == "averaged"
        table["server"] = table["node"].astype(str) == "server"
        table["node"] = pd.to_numeric(table["node"], errors="coerce").astype("Int64")
        return table

    def _summaries_of(self, run: Path) -> Dict[str, Dict[int, Any]]:
        summaries: Dict[str, Dict[int, Any]] = {}
        for algorithm, seed, path in self._seeds(run, "summary.json"):
            try:
                summaries.setdefault(algorithm, {})[seed] = json.loads(path.read_text())
            except (OSError, ValueError) as problem:
                raise Error(f"{path}: cannot be read: {problem}") from None
        return summaries

    @staticmethod
    def _made_from(run: Path, file: str) -> pd.DataFrame:
        """A table that `report` writes, made anew where the run has none yet."""
        if (run / file).is_file():
            return _table(run / file)
        with tempfile.TemporaryDirectory() as out:
            program.output_of(["report", str(run), "--out", str(Path(out) / "report")])
            return _table(Path(out) / "report" / file)


def _scenario_of(run: Path) -> Dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads((run / "scenario.toml").read_text())
    except (OSError, ValueError) as problem:
        raise Error(f"{run / 'scenario.toml'}: cannot be read: {problem}") from None

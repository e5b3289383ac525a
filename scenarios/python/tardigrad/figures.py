"""Results as figures, with the report's colours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Iterator, List, Optional, Tuple

from tardigrad.errors import Error

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from tardigrad.results import Results

# The table that the report's page and the program's own figures are drawn by; on a light page.
_STYLES = json.loads(Path(__file__).with_name("styles.json").read_text(encoding="utf-8"))
COLOURS = tuple(_STYLES["light"])
_DASHES = tuple((0, tuple(dash)) if dash else "-" for dash in _STYLES["dashes_in_line_widths"])
_NAMES = _STYLES["axes"]
_AXES = {"time_s": f"{_NAMES['time']} (s)", "bytes": f"{_NAMES['bytes']} (bytes)", "round": _NAMES["rounds"]}
_FIGURES = _STYLES["figures"]


def drawn(results: Results, figure: str, x: str) -> pd.DataFrame:
    """What a figure shows: run (of several), algorithm, time_s, x, mean, std.

    A row is a moment at which every seed of its algorithm has an evaluation. `std` is over seeds (of the sample) where
    there are several, else over nodes.
    """
    curves = results.curves
    curves = curves[curves["refined"] == 0]
    who = [name for name in ("run", "algorithm") if name in curves]
    seeds = curves.groupby(who)["seed"].transform("nunique")
    at = curves.assign(seeds=seeds).groupby([*who, "time_s"])
    table = at.agg(x=(x, "mean"), mean=(f"{figure}_mean", "mean"), over_seeds=(f"{figure}_mean", "std"),
                   over_nodes=(f"{figure}_std", "mean"), present=("seed", "nunique"), seeds=("seeds", "first")).reset_index()
    table = table[table["present"] == table["seeds"]]
    table["std"] = table["over_seeds"].where(table["seeds"] > 1, table["over_nodes"])
    if x != "time_s":
        table[x] = table["x"]
    return table[[*who, "time_s", *([x] if x != "time_s" else []), "mean", "std"]].reset_index(drop=True)


def _lines(results: Results, table: pd.DataFrame) -> Iterator[Tuple[str, str, object, pd.DataFrame]]:
    """Label, colour, dash and rows of each line; colours and dashes are chosen as in the report."""
    algorithms = results.algorithms
    runs = sorted(set(table["run"])) if "run" in table else []
    for key, rows in table.groupby(["run", "algorithm"] if "run" in table else "algorithm"):
        *run, algorithm = key if isinstance(key, tuple) else (key,)
        colour = algorithms.index(algorithm)
        dash = runs.index(run[0]) if len(runs) > 1 else colour // len(COLOURS)
        label = f"{algorithm} ({run[0]})" if len(runs) > 1 else algorithm
        yield label, COLOURS[colour % len(COLOURS)], _DASHES[dash % len(_DASHES)], rows


def plot(results: Results, figure: str, x: str, ax: Optional[Axes]) -> Axes:
    """See `Results.plot`."""
    if figure not in _FIGURES:
        raise Error(f"figure is {figure!r}, expected one of {', '.join(_FIGURES)}")
    if x not in _AXES:
        raise Error(f"x is {x!r}, expected one of {', '.join(_AXES)}")
    if ax is None:
        import matplotlib.pyplot as pyplot

        ax = pyplot.subplots()[1]
    for label, colour, dash, rows in _lines(results, drawn(results, figure, x)):
        ax.plot(rows[x], rows["mean"], color=colour, linestyle=dash, label=label)
        low, high = rows["mean"] - rows["std"], rows["mean"] + rows["std"]
        ax.fill_between(rows[x], low.clip(lower=0), high.clip(upper=1) if figure == "accuracy" else high, color=colour,
                        alpha=_STYLES["shade"], linewidth=0)
    target = results.scenario.get("evaluation", {}).get("target" if figure == "accuracy" else "target_loss")
    if target is not None:
        ax.axhline(target, color="#1c2126", linewidth=1, linestyle=(0, (6, 4)))
    ax.set_xlabel(_AXES[x])
    ax.set_ylabel(_FIGURES[figure])
    ax.legend(frameon=False)
    return ax


def figures(results: Results, out: Path) -> List[Path]:
    """See `Results.figures`."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    out.mkdir(parents=True, exist_ok=True)
    written = []
    # TrueType within the PDF; an SVG's letters are paths, which need no font.
    with matplotlib.rc_context({"pdf.fonttype": 42, "svg.fonttype": "path", "svg.hashsalt": "tardigrad"}):
        for figure in _FIGURES:
            for x, name in (("time_s", "time"), ("bytes", "bytes")):
                page = Figure(figsize=(5, 3.4), layout="constrained")
                FigureCanvasAgg(page)
                plot(results, figure, x, page.subplots())
                stem = out / f"{figure}-over-{name}"
                page.savefig(stem.with_suffix(".svg"), metadata={"Date": None})
                page.savefig(stem.with_suffix(".pdf"), metadata={"CreationDate": None})
                drawn(results, figure, x).to_csv(stem.with_suffix(".csv"), index=False)
                written += [stem.with_suffix(ending) for ending in (".svg", ".pdf", ".csv")]
    return written

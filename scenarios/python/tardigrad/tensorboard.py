"""Results in TensorBoard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tardigrad.results import Results


def to_tensorboard(results: Results, writer: Any) -> None:
    """Gives all curves to a SummaryWriter (of PyTorch, tensorboardX, ...), by its `add_scalar` and `flush`.

    Tags are "accuracy/<algorithm>/s<seed>" and "loss/...", behind the run's name where there are several. A step is a
    millisecond of virtual time.
    """
    curves = results.curves
    for row in curves[curves["refined"] == 0].to_dict("records"):
        place = "/".join([*([row["run"]] if "run" in row else []), row["algorithm"], f"s{row['seed']}"])
        for figure in ("accuracy", "loss"):
            writer.add_scalar(f"{figure}/{place}", row[f"{figure}_mean"], round(1000 * row["time_s"]))
    writer.flush()

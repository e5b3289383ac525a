"""Learners of one's own: a class in a Python file that trains and tests the nodes' models, by any framework.

    import numpy as np
    import tardigrad as td

    class Mean(td.Learner):
        \"\"\"Every node's model moves towards the mean of the numbers that it has drawn.\"\"\"

        def layout(self):
            return [("point", (3,))]

        def initial_model(self):
            return np.zeros(3)

        def train(self, node, model, state, steps, offset, factor):
            target = np.float32(node)
            for _ in range(steps):
                model -= np.float32(self.training.learning_rate) * (model - target)     # in place
            return float(np.square(model - target).mean())

        def evaluate(self, model, node):
            return 0.0, float(np.square(model).mean())                                  # accuracy, loss

A scenario names it by `model = { python = "my_learner.py:Mean" }` in [nodes], relative to the scenario file, and has no
[data]. The learner runs in processes of its own, one for each thread of the run: its libraries never meet those of the
program. Each process makes one object of the class, which any node may meet: what belongs to a node is kept in `state`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

if TYPE_CHECKING:
    import numpy
    from numpy.typing import ArrayLike, NDArray

    Model = NDArray[numpy.float32]
    State = Dict[str, NDArray[Any]]


class Training(NamedTuple):
    """[training] of the scenario, for learners that follow it; `--set training.learning_rate=0.1` and sweeps reach it."""

    batch_size: int
    local_steps: int
    learning_rate: float
    momentum: float
    nesterov: bool
    weight_decay: float


class Settings(NamedTuple):
    """What a learner is told when it begins."""

    nodes: int
    """Nodes are 0 to nodes - 1."""
    seed: int
    """Of this run: all that is drawn should follow from it."""
    training: Training


class Learner:
    """The learner of a run. A subclass defines `layout`, `initial_model`, `train` and `evaluate`.

    Annotated class attributes are options, which a scenario may set beside the class's name, and `__init__` finds set:
    `hidden: int = 64`. Their types are bool, int, float, str, Literal["a", "b"] and List[float].

    Results are the same for any number of threads if every call depends on its arguments alone: what changes from round
    to round (the position in a shard, momentum, random numbers) is kept in `state`, and nowhere else. Beware of
    `random`, `numpy.random` without a generator of your own, and clocks.
    """

    plain_steps: bool = False
    """True if `train` does plain gradient descent, x -= rate * (factor * gradient + offset) at each step, and returns the
    sum of its rates with the loss. Needed by algorithms that correct gradients (k-gt, gt-dsgd, qg-dsgdm, ...)."""

    def __init__(self, settings: Settings) -> None:
        """Loads data, builds the network. Called once in every process."""
        self.nodes = settings.nodes
        self.seed = settings.seed
        self.training = settings.training

    def layout(self) -> Sequence[Tuple[str, Sequence[int]]]:
        """Name and shape of each tensor, in the order in which they stand in the flat model. Algorithms that work by
        tensor divide the model so."""
        raise NotImplementedError

    def initial_model(self) -> ArrayLike:
        """The model with which all nodes begin: as many numbers as `layout` says."""
        raise NotImplementedError

    def local_state(self, node: int) -> State:
        """What the node keeps between its rounds: arrays of any type and shape by name, which `train` changes in place.
        They belong to the node, whichever process trains it, and go into checkpoints."""
        return {}

    def shard_size(self, node: int) -> int:
        """The number of the node's training samples; algorithms may weigh by it."""
        return 1

    def train(self, node: int, model: Model, state: State, steps: int, offset: Optional[Model],
              factor: float) -> Union[float, Tuple[float, float]]:
        """Does `steps` local steps on `model` (float32, flat) in place: `model -= ...`, not `model = model - ...`.

        `offset` (read-only, or None) and `factor` are asked for by algorithms that correct gradients: each step
        descends along factor * gradient + offset. Returns the mean training loss; with `plain_steps`, also the sum of
        the steps' learning rates.
        """
        raise NotImplementedError

    def evaluate(self, model: Model, node: Optional[int]) -> Tuple[float, float]:
        """Accuracy (0 to 1) and loss of a node's model, or of the average of all models if `node` is None. `model` is
        read-only."""
        raise NotImplementedError


def settings_of(values: Mapping[str, Any]) -> Settings:
    """As the program writes them."""
    return Settings(values["nodes"], values["seed"], Training(**values["training"]))


def shapes_of(layout: Sequence[Tuple[str, Sequence[int]]]) -> List[Tuple[str, List[int]]]:
    """The layout in plain types. Raises TypeError or ValueError where it is none."""
    return [(str(name), [int(side) for side in shape]) for name, shape in layout]

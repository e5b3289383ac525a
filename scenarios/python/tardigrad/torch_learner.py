"""A learner for PyTorch modules, of any version and on any device that PyTorch has.

    import torch
    import tardigrad as td

    class Mine(td.TorchLearner):
        def module(self):
            return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10))

        def data(self):
            return (train_images, train_labels), (test_images, test_labels)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Optional, Sequence, Tuple

from tardigrad.learner import Learner, Settings

if TYPE_CHECKING:
    import numpy
    import torch

EVALUATED_AT_ONCE = 1024


class TorchLearner(Learner):
    """Minibatch gradient descent on a PyTorch module, by batch size, learning rate, momentum, Nesterov and weight decay of
    [training]. A subclass defines `module` and `data`; it may define `loss`, `right_answers` and `shards`.

    A node's shard is shuffled anew for every pass by seed, node and pass, and dropout is drawn so, too: results do not
    depend on the number of processes. A module with statistics of its own (batch normalisation) is refused, as they are
    no parameters that nodes could exchange: group normalisation has none.
    """

    device: str = "cpu"
    """Where it computes: "cuda", "mps" ... Operations there may differ from run to run; PyTorch's documentation on
    reproducibility says which."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        import torch

        torch.set_num_threads(1)  # the run has a process for each of its threads
        torch.manual_seed(self.seed)
        self._torch = torch
        self._module = self.module().to(self.device)
        if any(buffer.is_floating_point() for buffer in self._module.buffers()):
            raise ValueError("the module keeps statistics beside its parameters (batch normalisation), which nodes do not "
                             "exchange: expected one without, such as group normalisation")
        self._named = [(name, weight) for name, weight in self._module.named_parameters() if weight.requires_grad]
        self._initial = torch.cat([weight.detach().reshape(-1).float().cpu() for _, weight in self._named]).numpy().copy()
        train, test = self.data()
        self._inputs, self._labels = self._placed(train)
        self._test_inputs, self._test_labels = self._placed(test)
        self._shards = self.shards()
        # Weight decay is part of the gradient, but momentum makes a step more than one gradient.
        self.plain_steps = self.training.momentum == 0

    def module(self) -> torch.nn.Module:
        """The network, with its initial weights; PyTorch's random numbers follow from the seed of the run."""
        raise NotImplementedError(f"{type(self).__name__} has no method module")

    def data(self) -> Tuple[Sequence[Any], Sequence[Any]]:
        """Training and test set: each (inputs, labels), as tensors or arrays with samples first."""
        raise NotImplementedError(f"{type(self).__name__} has no method data")

    def loss(self, outputs: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """The mean loss of a batch."""
        return self._torch.nn.functional.cross_entropy(outputs, labels)

    def right_answers(self, outputs: torch.Tensor, labels: torch.Tensor) -> int:
        """How many of a batch are right; 0 where there is no such thing."""
        return int((outputs.argmax(dim=-1) == labels).sum())

    def shards(self) -> List[numpy.ndarray]:
        """For each node the numbers of its training samples: by itself equal parts of a random order."""
        import numpy as np

        return np.array_split(np.random.default_rng(self.seed).permutation(len(self._labels)), self.nodes)

    def layout(self) -> Sequence[Tuple[str, Sequence[int]]]:
        return [(name, tuple(weight.shape)) for name, weight in self._named]

    def initial_model(self) -> numpy.ndarray:
        return self._initial

    def local_state(self, node: int) -> Dict[str, numpy.ndarray]:
        import numpy as np

        state = {"position": np.zeros((), np.int64)}  # samples that it has been given so far
        if self.training.momentum > 0:
            state["momentum"] = np.zeros(self._initial.size, np.float32)
        return state

    def shard_size(self, node: int) -> int:
        return len(self._shards[node])

    def train(self, node: int, model: numpy.ndarray, state: Dict[str, numpy.ndarray], steps: int,
              offset: Optional[numpy.ndarray], factor: float) -> Tuple[float, float]:
        torch = self._torch
        weights = torch.from_numpy(model).to(self.device)  # on the CPU the model itself
        momentum = torch.from_numpy(state["momentum"]).to(self.device) if "momentum" in state else None
        shift = None if offset is None else torch.tensor(offset, device=self.device)
        torch.manual_seed(self._draw(node, int(state["position"])))
        self._use(weights)
        self._module.train()
        total = 0.0
        for inputs, labels in self._batches(node, state, steps):
            loss = self.loss(self._module(inputs), labels)
            gradients = torch.autograd.grad(loss, [weight for _, weight in self._named])
            with torch.no_grad():
                step = torch.cat([gradient.reshape(-1) for gradient in gradients])
                step.add_(weights, alpha=self.training.weight_decay)
                step.mul_(factor)
                if shift is not None:
                    step.add_(shift)
                weights.sub_(self._with_momentum(step, momentum), alpha=self.training.learning_rate)
            total += float(loss)
        if self.device != "cpu":
            model[:] = weights.cpu().numpy()
            if momentum is not None:
                state["momentum"][:] = momentum.cpu().numpy()
        return total / max(steps, 1), self.training.learning_rate * steps

    def evaluate(self, model: numpy.ndarray, node: Optional[int]) -> Tuple[float, float]:
        torch = self._torch
        self._use(torch.tensor(model, device=self.device))
        self._module.eval()
        right, loss, count = 0, 0.0, len(self._test_labels)
        with torch.no_grad():
            for begin in range(0, count, EVALUATED_AT_ONCE):
                inputs = self._test_inputs[begin:begin + EVALUATED_AT_ONCE]
                labels = self._test_labels[begin:begin + EVALUATED_AT_ONCE]
                outputs = self._module(inputs)
                right += self.right_answers(outputs, labels)
                loss += float(self.loss(outputs, labels)) * len(labels)
        return right / count, loss / count

    def _placed(self, samples: Sequence[Any]) -> Tuple[torch.Tensor, torch.Tensor]:
        inputs, labels = (self._torch.as_tensor(one).to(self.device) for one in samples)
        if len(inputs) != len(labels) or len(labels) == 0:
            raise ValueError(f"data: expected as many inputs as labels, and some, got {len(inputs)} and {len(labels)}")
        return inputs, labels

    def _use(self, weights: torch.Tensor) -> None:
        """Makes the module's parameters parts of this vector."""
        place = 0
        for _, weight in self._named:
            weight.data = weights[place:place + weight.numel()].view(weight.shape)
            place += weight.numel()

    def _with_momentum(self, step: torch.Tensor, momentum: Optional[torch.Tensor]) -> torch.Tensor:
        if momentum is None:
            return step
        momentum.mul_(self.training.momentum).add_(step)
        return step.add_(momentum, alpha=self.training.momentum) if self.training.nesterov else momentum

    def _batches(self, node: int, state: Dict[str, numpy.ndarray],
                 steps: int) -> Iterator[Tuple[torch.Tensor, torch.Tensor]]:
        """A pass that does not end with a whole batch has a smaller one at its end."""
        shard = self._shards[node]
        shuffled, of_pass = shard, -1
        for _ in range(steps):
            this_pass, begin = divmod(int(state["position"]), len(shard))
            if this_pass != of_pass:
                import numpy as np

                shuffled, of_pass = np.random.default_rng([self.seed, node, this_pass]).permutation(shard), this_pass
            chosen = self._torch.from_numpy(shuffled[begin:begin + self.training.batch_size]).to(self.device)
            state["position"] += len(chosen)
            yield self._inputs[chosen], self._labels[chosen]

    def _draw(self, node: int, position: int) -> int:
        import numpy as np

        return int(np.random.SeedSequence([self.seed, node, position]).generate_state(1)[0])

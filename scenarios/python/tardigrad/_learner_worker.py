"""The process of a learner: answers the program's questions, a line each. Vectors and states stand in shared memory.

    python3 -m tardigrad._learner_worker SOCKET MEMORY FILE.py:CLASS SETTINGS

The memory has the model, the offset and a node's state, each at a multiple of 64 bytes. A state is a line of JSON that
names its arrays, and the arrays behind it: the program keeps it as it is.
"""

from __future__ import annotations

import json
import math
import mmap
import os
import signal
import socket
import sys
from typing import Any, Callable, Dict, List, Optional, Tuple

from tardigrad import class_options, source_files
from tardigrad.learner import Learner, settings_of, shapes_of
from tardigrad.source_files import Unusable

try:
    import numpy as np
except ImportError as problem:
    NO_NUMPY = f"{sys.executable}: {problem}"
else:
    NO_NUMPY = ""

ALIGNMENT = 64


def aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


class Memory:
    """What both sides see; it only grows."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._mapped: Optional[mmap.mmap] = None

    def at_least(self, size: int) -> mmap.mmap:
        if self._mapped is None or len(self._mapped) < size:
            if os.fstat(self._descriptor).st_size < size:
                os.ftruncate(self._descriptor, size)
            # Views of the earlier mapping may be alive: it goes with them.
            self._mapped = mmap.mmap(self._descriptor, os.fstat(self._descriptor).st_size)
        return self._mapped


def written_state(state: Dict[str, np.ndarray]) -> Tuple[bytes, List[np.ndarray]]:
    """Its header, and its arrays in order. Raises `Unusable`."""
    arrays, entries = [], []
    for name, array in state.items():
        array = np.ascontiguousarray(array)
        if array.dtype.hasobject:
            raise Unusable(f"{name!r} is no array of numbers")
        arrays.append(array)
        entries.append([name, array.dtype.str, list(np.shape(state[name]))])
    header = json.dumps(entries).encode() + b"\n"
    return header.ljust(aligned(len(header)), b"\n"), arrays


def state_views(memory: mmap.mmap, at: int, size: int) -> Dict[str, np.ndarray]:
    """The arrays of a state, in place."""
    if size == 0:
        return {}
    end = memory.find(b"\n", at, at + size)
    entries = json.loads(memory[at:end])
    place = at + aligned(end + 1 - at)
    views = {}
    for name, dtype, shape in entries:
        count = math.prod(shape)
        views[name] = np.frombuffer(memory, dtype, count, place).reshape(shape)
        place += aligned(views[name].nbytes)
    return views


class Worker:
    """A learner and the memory that it shares with the program."""

    def __init__(self, learner: Learner, memory: Memory, source: bytes, options: Dict[str, Any]) -> None:
        self.options = options
        self.source = source
        self._learner = learner
        self._memory = memory
        for method in ("layout", "initial_model", "train", "evaluate"):
            if getattr(type(learner), method) is getattr(Learner, method):
                raise Unusable(f"{type(learner).__name__} has no method {method}")
        self.tensors = self._layout()
        self._parameters = sum(math.prod(shape) for _, shape in self.tensors)
        self._offset_at = aligned(4 * self._parameters)
        self._state_at = 2 * self._offset_at
        self._has_trained = False

    def _layout(self) -> List[Tuple[str, List[int]]]:
        layout = self._learner.layout()
        try:
            return shapes_of(layout)
        except (TypeError, ValueError):
            raise self._wrong("layout", f"expected a list of names and shapes, such as [('weight', (10, 784))], got "
                                        f"{layout!r}"[:300]) from None

    def _wrong(self, method: str, what: str) -> Unusable:
        return Unusable(f"{type(self._learner).__name__}.{method}: {what}")

    def _vector(self, at: int, is_written: bool) -> np.ndarray:
        view = np.frombuffer(self._memory.at_least(self._state_at), np.float32, self._parameters, at)
        view.flags.writeable = is_written
        return view

    def initial_model(self, _: Dict[str, Any]) -> Dict[str, Any]:
        model = np.asarray(self._learner.initial_model(), np.float32).reshape(-1)
        if model.size != self._parameters:
            raise self._wrong("initial_model", f"expected the {self._parameters} numbers of layout, got {model.size}")
        if not np.isfinite(model).all():
            at = int(np.argmin(np.isfinite(model)))
            raise self._wrong("initial_model", f"expected finite numbers, got {model[at]} at {at}")
        self._vector(0, True)[:] = model
        return {}

    def local_state(self, request: Dict[str, Any]) -> Dict[str, Any]:
        state = self._learner.local_state(request["node"])
        if not isinstance(state, dict):
            raise self._wrong("local_state", f"expected a dict of arrays, got {state!r}"[:300])
        try:
            header, arrays = written_state(state)
        except Unusable as problem:
            raise self._wrong("local_state", str(problem)) from None
        size = len(header) + sum(aligned(array.nbytes) for array in arrays)
        memory = self._memory.at_least(self._state_at + size)
        memory[self._state_at:self._state_at + len(header)] = header
        for view, array in zip(state_views(memory, self._state_at, size).values(), arrays):
            view[...] = array
        return {"bytes": size}

    def shard_size(self, request: Dict[str, Any]) -> Dict[str, Any]:
        size = self._learner.shard_size(request["node"])
        if not hasattr(size, "__index__") or not 0 <= int(size) < 1 << 53:
            raise self._wrong("shard_size", f"expected a number of samples, got {size!r}"[:300])
        return {"size": int(size)}

    def train(self, request: Dict[str, Any]) -> Dict[str, Any]:
        size = request["bytes"]
        state = state_views(self._memory.at_least(self._state_at + size), self._state_at, size)
        offset = self._vector(self._offset_at, False) if request["offset"] else None
        model = self._vector(0, True)
        before = None if self._has_trained else model.tobytes()
        kept = dict(state)
        result = self._learner.train(request["node"], model, state, request["steps"], offset,
                                     float.fromhex(request["factor"]))
        if before is not None and before == model.tobytes():
            print(f"{type(self._learner).__name__}.train changed nothing in its first call: a model is changed in place, as "
                  f"by model -= ... or model[:] = ...", file=sys.stderr, flush=True)
        self._has_trained = True
        self._keep(kept, state)
        if self._learner.plain_steps:
            if not (isinstance(result, tuple) and len(result) == 2):
                raise self._wrong("train", "with plain_steps, expected the loss and the sum of learning rates")
            loss, rates = result
        else:
            loss, rates = (result[0] if isinstance(result, tuple) else result), 0.0
        return {"bytes": size, "loss": self._number("train", "the loss", loss),
                "learning_rates": self._number("train", "the sum of learning rates", rates)}

    def _keep(self, kept: Dict[str, np.ndarray], state: Dict[str, np.ndarray]) -> None:
        """Copies arrays that were put in the place of a node's own. Which there are stays as it was."""
        for name in {**kept, **state}:
            if name not in state or name not in kept:
                how = "was removed" if name in kept else "was added"
                raise self._wrong("train", f"state[{name!r}] {how}: local_state says which arrays there are")
            own, new = kept[name], state[name]
            if new is own:
                continue
            if np.shape(new) != own.shape or not np.can_cast(np.asarray(new).dtype, own.dtype, "same_kind"):
                raise self._wrong("train", f"state[{name!r}] is an array of {np.asarray(new).dtype} {np.shape(new)}, "
                                           f"expected {own.dtype} {own.shape} as in local_state")
            own[...] = new

    def evaluate(self, request: Dict[str, Any]) -> Dict[str, Any]:
        result = self._learner.evaluate(self._vector(0, False), request["node"])
        if not (isinstance(result, tuple) and len(result) == 2):
            raise self._wrong("evaluate", "expected accuracy and loss")
        said = {"accuracy": self._number("evaluate", "the accuracy", result[0]),
                "loss": self._number("evaluate", "the loss", result[1])}
        if not 0 <= float(result[0]) <= 1:
            raise self._wrong("evaluate", f"the accuracy is {float(result[0])}, expected a share from 0 to 1")
        if float(result[1]) < 0:
            raise self._wrong("evaluate", f"the loss is {float(result[1])}, expected 0 or more")
        return said

    def _number(self, method: str, what: str, value: Any) -> str:
        """Exact, also of what is not finite, which JSON does not know."""
        try:
            return float(value).hex()
        except (TypeError, ValueError):
            raise self._wrong(method, f"{what} is no number: {value!r}"[:200]) from None


def begin(kind: str, settings: str, memory: Memory) -> Worker:
    if NO_NUMPY:
        raise Unusable(NO_NUMPY)
    path, _, name = kind.rpartition(":")
    own, source = source_files.load(path, name, Learner, "learner")
    said = json.loads(settings)
    options = class_options.chosen(own, Learner, said["options"])
    learner = own.__new__(own)
    for option, value in options.items():
        setattr(learner, option, value)  # `__init__` already has them
    learner.__init__(settings_of(said))  # type: ignore[misc]
    return Worker(learner, memory, source, options)


def answer(lines: Any, path: str, work: Callable[[], Dict[str, Any]]) -> Any:
    """Sends what the work returns, or what went wrong in it; returns the former's source."""
    try:
        said = work()
    except BaseException as problem:
        said = {"failed": source_files.failure(problem, path)}
    lines.write(json.dumps(said) + "\n")
    lines.flush()
    return said


def main(arguments: List[str]) -> int:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # comes when the program is gone, and ends whatever is computed
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    source_files.runs_nothing = True
    connection = socket.socket(fileno=int(arguments[0]))
    memory = Memory(int(arguments[1]))
    kind, settings = arguments[2:]
    path = kind.rpartition(":")[0]
    worker: List[Worker] = []

    def start() -> Dict[str, Any]:
        worker.append(begin(kind, settings, memory))
        finite = {name: value for name, value in worker[0].options.items() if value not in (math.inf, -math.inf)}
        return {"source": worker[0].source.hex(), "tensors": worker[0].tensors, "options": finite,
                "plain_steps": bool(worker[0]._learner.plain_steps)}

    with connection.makefile("rw", encoding="utf-8") as lines:
        answer(lines, path, start)
        if not worker:
            return 1
        for line in lines:
            request = json.loads(line)
            answer(lines, path, lambda: getattr(worker[0], request["do"])(request))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

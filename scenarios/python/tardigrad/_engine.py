"""What the program calls: opens files with algorithms, makes their protocols, and says what went wrong in them."""

from __future__ import annotations

import pickle
from typing import Any, Dict, Mapping, Tuple, Type

from tardigrad import class_options, source_files
from tardigrad.class_options import Option
from tardigrad.protocol import Protocol
from tardigrad.source_files import Unusable, failure

__all__ = ["Unusable", "described", "failure", "load", "made", "options_of", "restore", "saved"]

Class = Type[Protocol]

_SAYS = {name: type(getattr(Protocol, name)) for name in
         ("fragments", "topology", "compression", "waits", "needs_every_message", "needs_plain_steps",
          "follows_changing_graphs", "follows_directed_graphs")}
_COMPRESSIONS = ("none", "dense", "any")


def load(path: str, name: str) -> Tuple[Class, bytes]:
    """The algorithm of this name in the file, and the checksum of the file. Raises `Unusable`."""
    return source_files.load(path, name, Protocol, "algorithm")


def options_of(cls: Class) -> Dict[str, Option]:
    """By name, those of base classes first. Raises `Unusable`."""
    return class_options.options_of(cls, Protocol)


def described(cls: Class) -> Dict[str, Any]:
    """What the class says of itself, without its options, for the program. Raises `Unusable`."""
    if cls.__init__ is not Protocol.__init__:
        raise Unusable(f"{cls.__name__} defines __init__: expected its state to begin in on_start")
    says = {}
    for name, kind in _SAYS.items():
        value = getattr(cls, name)
        if type(value) is not kind:
            raise Unusable(f"{cls.__name__}.{name}: expected {kind.__name__}, got {value!r}")
        says[name] = value
    if says["compression"] not in _COMPRESSIONS:
        raise Unusable(f"{cls.__name__}.compression: expected one of {', '.join(_COMPRESSIONS)}")
    if not 1 <= says["fragments"] <= 1_000_000:
        raise Unusable(f"{cls.__name__}.fragments: expected 1 to 1000000")
    says["summary"] = (cls.__doc__ or "").strip().split("\n")[0]
    return says


def made(cls: Class, options: Mapping[str, Any], run: Any) -> Protocol:
    """A protocol of one node and fragment; `run` is None for one that is only asked before a run."""
    protocol = cls(**options)
    protocol._run = run
    return protocol


def saved(protocol: Protocol) -> bytes:
    """Its state for a checkpoint. Raises `Unusable`."""
    state = {name: value for name, value in vars(protocol).items() if name != "_run"}
    try:
        return pickle.dumps(state, protocol=5)
    except Exception as problem:
        raise Unusable(f"{type(protocol).__name__}: its state cannot be saved: {_culprit(state)}{problem}") from None


def _culprit(state: Mapping[str, Any]) -> str:
    for name, value in state.items():
        try:
            pickle.dumps(value, protocol=5)
        except Exception:
            return f"self.{name}: "
    return ""


def restore(protocol: Protocol, state: bytes) -> None:
    """Sets the state that was saved. It is code: its origin has been checked."""
    run = protocol._run
    vars(protocol).clear()
    vars(protocol).update(pickle.loads(state))
    protocol._run = run

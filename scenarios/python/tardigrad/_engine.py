"""What the program calls: opens files with algorithms, makes their protocols, and says what went wrong in them."""

from __future__ import annotations

import builtins
import functools
import pickle
import typing
from typing import Any, ClassVar, Dict, List, Literal, Mapping, NamedTuple, Tuple, Type

from tardigrad import source_files
from tardigrad.protocol import Protocol
from tardigrad.source_files import Unusable, failure

__all__ = ["Unusable", "described", "failure", "load", "made", "options_of", "restore", "saved"]

Class = Type[Protocol]

_TYPES = (bool, int, float, str)
_SAYS = {name: type(getattr(Protocol, name)) for name in
         ("fragments", "topology", "compression", "waits", "needs_every_message", "needs_plain_steps",
          "follows_changing_graphs", "follows_directed_graphs")}
_COMPRESSIONS = ("none", "dense", "any")


class Option(NamedTuple):
    """An option as the class says it."""

    usual: Any
    choices: List[str]


def load(path: str, name: str) -> Tuple[Class, bytes]:
    """The algorithm of this name in the file, and the checksum of the file. Raises `Unusable`."""
    return source_files.load(path, name, Protocol, "algorithm")


@functools.lru_cache(maxsize=None)
def options_of(cls: Class) -> Dict[str, Option]:
    """By name, those of base classes first. Raises `Unusable`."""
    try:
        hints = typing.get_type_hints(cls)
    except Exception as problem:
        raise Unusable(f"{cls.__name__}: an annotation cannot be read: {problem}") from None
    found = {}
    for base in reversed(cls.__mro__[:cls.__mro__.index(Protocol)]):
        for name in vars(base).get("__annotations__", {}):
            hint = hints[name]
            if not name.startswith("_") and hint is not ClassVar and typing.get_origin(hint) is not ClassVar:
                found[name] = _option(cls, name, hint)
    return found


def _option(cls: Class, name: str, hint: Any) -> Option:
    if not hasattr(cls, name):
        raise Unusable(f"{cls.__name__}.{name}: expected a default, as in {name}: int = 1")
    usual = getattr(cls, name)
    if typing.get_origin(hint) is Literal:
        choices = list(typing.get_args(hint))
        if all(isinstance(choice, str) for choice in choices) and usual in choices:
            return Option(usual, choices)
    elif hint is float and type(usual) in (int, float):
        return Option(float(usual), [])
    elif hint in _TYPES and type(usual) is hint:
        return Option(usual, [])
    elif hint in (list, List[float], builtins.list[float]) and all(type(one) in (int, float) for one in usual):
        return Option([float(one) for one in usual], [])
    raise Unusable(f"{cls.__name__}.{name}: expected a bool, int, float, str, Literal of texts or List[float], and a "
                   f"default of that type")


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

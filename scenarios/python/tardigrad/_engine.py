"""What the program calls: opens files with algorithms, makes their protocols, and says what went wrong in them."""

from __future__ import annotations

import builtins
import functools
import hashlib
import pickle
import sys
import traceback
import types
import typing
from pathlib import Path
from typing import Any, ClassVar, Dict, List, Literal, Mapping, NamedTuple, Tuple, Type

from tardigrad.protocol import Protocol

Class = Type[Protocol]

_TYPES = (bool, int, float, str)
_SAYS = {name: type(getattr(Protocol, name)) for name in
         ("fragments", "topology", "compression", "waits", "needs_every_message", "needs_plain_steps",
          "follows_changing_graphs", "follows_directed_graphs")}
_COMPRESSIONS = ("none", "dense", "any")


class Unusable(Exception):
    """One line about what is wrong with a file or a class."""


class Option(NamedTuple):
    """An option as the class says it."""

    usual: Any
    choices: List[str]


def load(path: str, name: str) -> Tuple[Class, bytes]:
    """The class of this name in the file, and the checksum of the file. Raises `Unusable`.

    The file is a module of its own: it is not on the path of imports, nor is its folder.
    """
    if not path.endswith(".py"):
        raise Unusable("expected the name of an algorithm, or \"file.py:Class\"")
    try:
        source = Path(path).read_bytes()
    except OSError as problem:
        raise Unusable(f"{path}: cannot be read: {problem.strerror}") from None
    checksum = hashlib.sha256(source).digest()
    module = _executed(path, source)
    own = [key for key, item in vars(module).items()
           if isinstance(item, type) and issubclass(item, Protocol) and item.__module__ == module.__name__]
    found = getattr(module, name, None)
    if not isinstance(found, type) or name not in own:
        there = f"it has {', '.join(own)}" if own else "it has no class that is derived from tardigrad.Protocol"
        raise Unusable(f"{path} has no algorithm {name!r}: {there}")
    return found, checksum


def _executed(path: str, source: bytes) -> types.ModuleType:
    """Once for each file and content, under a name by which what was pickled finds its classes again."""
    name = "tardigrad_file_" + hashlib.sha256(path.encode() + b"\0" + source).hexdigest()[:32]
    if name in sys.modules:
        return sys.modules[name]
    module = types.ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module  # while it is executed, so that its classes find themselves
    try:
        exec(compile(source, path, "exec"), module.__dict__)
    except BaseException as problem:
        del sys.modules[name]
        raise Unusable(failure(problem, path)) from None
    return module


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


def failure(problem: BaseException, path: str) -> str:
    """One line about an exception in a file: "gossip.py:23: ZeroDivisionError: division by zero"."""
    if isinstance(problem, Unusable):
        return str(problem)
    file = Path(path).name
    if isinstance(problem, SyntaxError) and problem.filename == path:
        return f"{file}:{problem.lineno}: {type(problem).__name__}: {problem.msg}"
    lines = [frame.lineno for frame in traceback.extract_tb(problem.__traceback__) if frame.filename == path]
    what = _what(problem)
    return f"{file}{f':{lines[-1]}' if lines else ''}: {type(problem).__name__}{f': {what}' if what else ''}"


def _what(problem: BaseException) -> str:
    """Its text as one line. What the bindings say of arguments is a table: its first form is what was expected."""
    lines = [line.strip() for line in str(problem).split("\n") if line.strip()]
    if not lines or "incompatible function arguments" not in lines[0]:
        return " ".join(lines)[:500]
    expected = next((line.partition(". ")[2] for line in lines if line.startswith("1. ")), "")
    return f"{lines[0].split('(')[0]}: expected {expected.replace('self: _tardigrad.', '')}"

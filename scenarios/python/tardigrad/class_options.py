"""Options of a class of a user's own: annotated class attributes, which a scenario may set."""

from __future__ import annotations

import builtins
import functools
import typing
from typing import Any, ClassVar, Dict, List, Literal, Mapping, NamedTuple

from tardigrad.source_files import Unusable

_TYPES = (bool, int, float, str)


class Option(NamedTuple):
    """An option as the class says it."""

    usual: Any
    choices: List[str]

    def value(self, given: Any) -> Any:
        """As the attribute is to have it. Raises TypeError, with what was expected, for a value of another type."""
        if self.choices:
            if given in self.choices:
                return given
            raise TypeError(f"one of {', '.join(self.choices)}")
        if isinstance(self.usual, list):
            if isinstance(given, list) and all(type(one) in (int, float) for one in given):
                return [float(one) for one in given]
            raise TypeError("a list of numbers")
        if type(self.usual) is float and type(given) is int:
            return float(given)
        if type(given) is type(self.usual):
            return given
        raise TypeError({bool: "true or false", int: "an integer", float: "a number", str: "a text"}[type(self.usual)])


@functools.lru_cache(maxsize=None)
def options_of(cls: type, root: type) -> Dict[str, Option]:
    """Those of a class that is derived from `root`, by name, those of base classes first. Raises `Unusable`."""
    try:
        hints = typing.get_type_hints(cls)
    except Exception as problem:
        raise Unusable(f"{cls.__name__}: an annotation cannot be read: {problem}") from None
    found = {}
    for base in reversed(cls.__mro__[:cls.__mro__.index(root)]):
        for name in vars(base).get("__annotations__", {}):
            hint = hints[name]
            if not name.startswith("_") and hint is not ClassVar and typing.get_origin(hint) is not ClassVar:
                found[name] = _option(cls, name, hint)
    return found


def chosen(cls: type, root: type, given: Mapping[str, Any]) -> Dict[str, Any]:
    """The values of all options of the class, with what a scenario gives. Raises `Unusable`."""
    options = options_of(cls, root)
    values = {name: option.usual for name, option in options.items()}
    for name, value in given.items():
        if name not in options:
            there = f"it has {', '.join(options)}" if options else "it has none"
            raise Unusable(f"{cls.__name__} has no option {name!r}: {there}")
        try:
            values[name] = options[name].value(value)
        except TypeError as problem:
            raise Unusable(f"{cls.__name__}.{name}: expected {problem}, got {value!r}") from None
    return values


def _option(cls: type, name: str, hint: Any) -> Option:
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

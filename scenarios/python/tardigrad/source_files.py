"""Files with code of a user's own: found, executed, and what went wrong in them."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import traceback
import types
from pathlib import Path
from typing import Tuple


runs_nothing = False
"""True in a process that reads files for what they define: a run that one begins would begin itself for ever."""


class Unusable(Exception):
    """One line about what is wrong with a file or a class."""


def load(path: str, name: str, base: type, what: str) -> Tuple[type, bytes]:
    """The class of this name in the file, which is derived from `base`, and the checksum of the file. `what` it is names
    it to the user. Raises `Unusable`.

    The file is a module of its own: it is not on the path of imports, nor is its folder.
    """
    if not path.endswith(".py"):
        article = "an" if what[0] in "aeiou" else "a"
        raise Unusable(f"expected the name of {article} {what}, or \"file.py:Class\"")
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # a pipe would be waited for
            raise Unusable(f"{path}: is no file")
        source = Path(path).read_bytes()
    except OSError as problem:
        raise Unusable(f"{path}: cannot be read: {problem.strerror}") from None
    module = _executed(path, source)
    own = [key for key, item in vars(module).items()
           if isinstance(item, type) and issubclass(item, base) and item.__module__ == module.__name__]
    found = getattr(module, name, None)
    if not isinstance(found, type) or name not in own:
        there = f"it has {', '.join(own)}" if own else f"it has no class that is derived from tardigrad.{base.__name__}"
        raise Unusable(f"{path} has no {what} {name!r}: {there}")
    return found, hashlib.sha256(source).digest()


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
    try:
        text = str(problem).encode(errors="replace").decode()
    except BaseException as another:
        text = f"what it says cannot be shown: {type(another).__name__} in __str__"
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not lines or "incompatible function arguments" not in lines[0]:
        return " ".join(lines)[:500]
    expected = next((line.partition(". ")[2] for line in lines if line.startswith("1. ")), "")
    return f"{lines[0].split('(')[0]}: expected {expected.replace('self: _tardigrad.', '')}"

"""Python values as TOML text, as scenario files and `--set` take them."""

from __future__ import annotations

import json
import math
import re
from numbers import Integral, Real
from typing import Any, Mapping

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+\Z")


def key(name: str) -> str:
    return name if _BARE_KEY.match(name) else json.dumps(name)


def value(of: Any) -> str:
    """A value on one line: text, truth, number, path, list or table.

    Raises TypeError for anything else, None included.
    """
    if hasattr(of, "item") and getattr(of, "shape", None) == ():  # a number of NumPy or PyTorch
        of = of.item()
    if isinstance(of, bool):
        return "true" if of else "false"
    if isinstance(of, Integral):
        return str(int(of))
    if isinstance(of, Real):
        return repr(float(of)) if math.isfinite(of) else str(float(of))
    if isinstance(of, str):
        return _quoted(of)
    if isinstance(of, Mapping):
        return "{ " + ", ".join(f"{key(name)} = {value(item)}" for name, item in of.items()) + " }" if of else "{}"
    if isinstance(of, (list, tuple, range)):
        return "[" + ", ".join(value(item) for item in of) + "]"
    if hasattr(of, "__fspath__"):
        return _quoted(of.__fspath__())
    raise TypeError(f"expected text, a number, a list or a dict, got {type(of).__name__}")


def _quoted(text: str) -> str:
    # JSON escapes what TOML does, except for DEL; TOML has no surrogates, so that other characters stay as they are.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _is_tables(of: Any) -> bool:
    return isinstance(of, (list, tuple)) and len(of) > 0 and all(isinstance(item, Mapping) for item in of)


def _section(header: str, path: str, table: Mapping[str, Any]) -> str:
    """A table with its keys; lists of tables in it come behind, each with a header of its own."""
    lines = [header]
    behind = []
    for name, item in table.items():
        if _is_tables(item):
            behind += [_section(f"[[{path}.{key(name)}]]", f"{path}.{key(name)}", one) for one in item]
        else:
            lines.append(f"{key(name)} = {value(item)}")
    return "\n".join(lines) + "\n" + "".join("\n" + text for text in behind)


def document(of: Mapping[str, Any]) -> str:
    """A whole file: plain values first, then a section for each table and each table of a list."""
    plain = {name: item for name, item in of.items() if not isinstance(item, Mapping) and not _is_tables(item)}
    parts = ["".join(f"{key(name)} = {value(item)}\n" for name, item in plain.items())] if plain else []
    for name, item in of.items():
        if isinstance(item, Mapping):
            parts.append(_section(f"[{key(name)}]", key(name), item))
        elif _is_tables(item):
            parts += [_section(f"[[{key(name)}]]", key(name), one) for one in item]
    return "\n".join(parts)

"""Scenarios from Python. Names and values are checked by the program alone, by `check` or when it runs."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, Mapping, Sequence, Tuple, Type, Union

from tardigrad import program, toml
from tardigrad.learner import Learner
from tardigrad.protocol import Protocol
from tardigrad.tensor_file import arrays_of, tensor_file

Algorithm = Union[str, Mapping[str, Any], Protocol, Type[Protocol]]


class Scenario:
    """A scenario file that is still in memory, with the files it names: arrays and a module."""

    def __init__(self, table: Dict[str, Any], files: Dict[Tuple[str, str], bytes]) -> None:
        self._table = table
        self._files = files  # by section and key; the value's name in the file is its path

    @property
    def name(self) -> str:
        """Names the folder of results."""
        return str(self._table["name"])

    def save(self, path: Union[str, os.PathLike[str]]) -> Path:
        """Writes the scenario file, and beside it the arrays and the module as <name>-<key>.pt. Returns its path."""
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        names = {}
        for place, content in self._files.items():
            names[place] = f"{target.stem}-{place[1]}.pt"
            (target.parent / names[place]).write_bytes(content)
        target.write_text(self._text(names))
        return target

    def saved_for(self, folder: Path, place: Path) -> Path:
        """Writes the scenario file into `place`, and arrays and module into the folder `inputs` beside the results in
        `folder`, which name them: under the checksum of what is in them, so that none is ever replaced by another.
        """
        names = {}
        for key, content in self._files.items():
            path = (folder.parent / "inputs" / f"{hashlib.sha256(content).hexdigest()[:16]}.pt").absolute()
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            names[key] = str(path)
        target = place / f"{self.name}.toml"
        target.write_text(self._text(names))
        return target

    def check(self) -> str:
        """What the scenario means, as `tardigrad check` says it; runs nothing. Raises `Error` if it is wrong."""
        with tempfile.TemporaryDirectory() as place:
            return program.output_of(["check", str(self.save(Path(place) / f"{self.name}.toml"))])

    def __str__(self) -> str:
        return self._text({place: f"{self.name}-{place[1]}.pt" for place in self._files})

    def _text(self, names: Mapping[Tuple[str, str], str]) -> str:
        table = {key: dict(item) if isinstance(item, Mapping) else item for key, item in self._table.items()}
        for (section, key), name in names.items():
            if key == "model":
                table[section][key] = {"torchscript": name}
            else:
                table[section][key] = name
        return toml.document(table)


def scenario(nodes: Mapping[str, Any], data: Any = None, algorithms: Sequence[Algorithm] = (), *, name: str = "from-python",
             **sections: Any) -> Scenario:
    """A scenario from the sections of a scenario file: `tardigrad list keys` has their keys.

    `nodes`: dict(count=16, model="gn-lenet"); a model that is an nn.Module is scripted and saved for the run, one that is a
    class derived from `Learner` trains in processes of its own.
    `data`: nothing for a `Learner`, or the name of a data set, the section's keys as a dict, or (train, test): each (inputs, labels) as arrays or
    tensors, or a data set of (input, label). Inputs are float32 or uint8 with samples first, labels whole numbers from 0.
    `algorithms`: each a kind, or its kind and options as a dict, or a `Protocol`, as a class or with options:
    ["divshare", dict(kind="swift-push", recipients=4), MyGossip, MyGossip(recipients=2), dict(kind=MyGossip, name="m")].
    `sections`: network=dict(uplink="20Mbps"), time=dict(duration="10s"), seed=1, ...

    Raises TypeError for values that no scenario file can hold, and for classes that are in no file.
    """
    files: Dict[Tuple[str, str], bytes] = {}
    own_nodes = dict(nodes)
    if _is_module(own_nodes.get("model")):
        files["nodes", "model"] = _scripted(own_nodes["model"])
    if isinstance(own_nodes.get("model"), type):
        own_nodes["model"] = {"python": own_nodes["model"]}
    if isinstance(own_nodes.get("model"), Mapping) and isinstance(own_nodes["model"].get("python"), type):
        own_nodes["model"] = {**own_nodes["model"], "python": _place_of(own_nodes["model"]["python"], Learner, "model")}
    own_data: Dict[str, Any] = {}
    if isinstance(data, str):
        own_data = {"set": data}
    elif isinstance(data, Mapping):
        own_data = dict(data)
    elif data is not None:
        train, test = data
        own_data = {"set": "tensors"}
        files["data", "train"] = tensor_file(list(arrays_of(train)))
        files["data", "test"] = tensor_file(list(arrays_of(test)))
    table = {"name": name, **sections, "nodes": own_nodes, **({"data": own_data} if own_data else {}),
             "algorithm": [_algorithm(one) for one in algorithms]}
    return Scenario(table, files)


def _algorithm(one: Algorithm) -> Dict[str, Any]:
    """The table of an algorithm."""
    if isinstance(one, Mapping):
        return {**_algorithm(one["kind"]), **{key: value for key, value in one.items() if key != "kind"}} if (
            "kind" in one) else dict(one)
    if isinstance(one, str):
        return {"kind": one}
    if isinstance(one, Protocol):
        return {"kind": _place_of(type(one), Protocol, "algorithm"), **vars(one)}
    return {"kind": _place_of(one, Protocol, "algorithm")}


def _place_of(cls: type, base: type, what: str) -> str:
    """The file and the name of a class, as the program finds it."""
    if not (isinstance(cls, type) and issubclass(cls, base)):
        raise TypeError(f"expected the name of {'an' if what[0] in 'aeiou' else 'a'} {what}, or a class derived from tardigrad.{base.__name__}, got {cls!r}")
    file = getattr(sys.modules.get(cls.__module__), "__file__", None)
    if file is None or not file.endswith(".py") or cls.__qualname__ != cls.__name__:
        raise TypeError(f"{cls.__name__} must be at the top of a .py file: in a notebook, %%writefile its cell and import it")
    return f"{os.path.abspath(file)}:{cls.__name__}"


def _is_module(model: Any) -> bool:
    """No object is a module before torch has been imported."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(model, torch.nn.Module)


def _scripted(model: Any) -> bytes:
    import io

    import torch

    file = io.BytesIO()
    torch.jit.save(torch.jit.script(model), file)
    return file.getvalue()

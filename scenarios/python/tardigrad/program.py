"""The program `tardigrad`: where it is, and how it is called."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, List, Optional, Sequence

from tardigrad import source_files
from tardigrad.errors import Error

VARIABLE = "TARDIGRAD_PROGRAM"


NAMES = ("tardigrad-python", "tardigrad")  # the one that runs algorithms in Python first


def _folders() -> Iterator[Path]:
    """In the order in which they are tried: the build that this package belongs to, then the program beside it."""
    try:
        from tardigrad._built import PROGRAM  # written by the build

        yield Path(PROGRAM).parent
    except ImportError:
        pass
    yield from (folder / "bin" for folder in Path(__file__).resolve().parents[3:6])
    yield Path(sys.prefix) / "bin"


def find() -> str:
    """The path of the program: of the environment variable TARDIGRAD_PROGRAM, else of the build or the installation
    that this package belongs to, else the one on PATH.

    Raises `Error` if there is none.
    """
    wanted = os.environ.get(VARIABLE)
    if wanted:
        if os.access(wanted, os.X_OK) and not os.path.isdir(wanted):
            return os.path.abspath(wanted)
        raise Error(f"{VARIABLE} is {wanted}, which is no program")
    for path in (folder / name for folder in _folders() for name in NAMES):
        if os.access(path, os.X_OK) and path.is_file():
            return str(path)
    for name in NAMES:
        on_path = shutil.which(name)
        if on_path:
            return on_path
    raise Error(f"the program tardigrad is not found: build it, put it on PATH, or name it by {VARIABLE}")


def command(arguments: Sequence[str]) -> List[str]:
    """What runs `tardigrad ARGUMENTS`, for `td.run` and for `python3 -m tardigrad` alike.

    Raises `Error` in a file that is being read for its algorithm or learner: it would run itself for ever.
    """
    if source_files.runs_nothing or "_tardigrad" in sys.builtin_module_names:
        raise Error("a file with an algorithm or a learner runs nothing: put the call behind if __name__ == '__main__'")
    # Algorithms in Python import what the Python that asks for them has.
    os.environ["TARDIGRAD_PYTHON"] = f"{sys.version_info.major}.{sys.version_info.minor}:{sys.executable}"
    return [find(), *arguments]


def complaint(said: str) -> str:
    """The last line in which the program complains, without its name; empty without any."""
    prefix = "tardigrad: "
    lines = [line[len(prefix):] for line in said.replace("\r", "\n").split("\n") if line.startswith(prefix)]
    return lines[-1].strip() if lines else ""


def failure(said: str, code: int) -> Error:
    """The error of a program that ended with this exit code after having said this on stderr."""
    line = complaint(said)
    if not line and code < 0:
        line = f"the program was ended by signal {-code}"
    return Error(line or f"the program ended with exit code {code}", code)


def output_of(arguments: Sequence[str], cwd: Optional[str] = None) -> str:
    """What `tardigrad ARGUMENTS` prints on stdout. Raises `Error` with its line if it fails."""
    done = subprocess.run(command(arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          errors="replace", check=False, cwd=cwd)
    if done.returncode != 0:
        raise failure(done.stderr, done.returncode)
    return done.stdout

"""What can go wrong, each in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from tardigrad.results import Results


class Error(RuntimeError):
    """One line that says what is wrong, most often the program's own.

    `code`: the program's exit code, 1 for a failure and 2 for wrong use; None if the program was not asked.
    """

    def __init__(self, line: str, code: Optional[int] = None) -> None:
        super().__init__(line)
        self.code = code


class Interrupted(KeyboardInterrupt):
    """A run was ended early, by Ctrl-C or a notebook's interrupt.

    `results`: those up to there; None if nothing had begun.
    """

    def __init__(self, line: str, results: Optional[Results] = None) -> None:
        super().__init__(line)
        self.results = results

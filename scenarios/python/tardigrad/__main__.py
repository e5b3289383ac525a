"""`python3 -m tardigrad run|check|sweep|host|list|report ...`: the program itself, with the same exit codes."""

from __future__ import annotations

import os
import sys
from typing import Sequence

from tardigrad import program
from tardigrad.errors import Error


def main(arguments: Sequence[str]) -> int:
    try:
        command = program.command(arguments)
    except Error as problem:
        print(f"tardigrad: {problem}", file=sys.stderr)
        return 1
    os.execv(command[0], command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

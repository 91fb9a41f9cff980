"""The process that cleans one file: orders on the first line of standard input, then the file itself.

The cleaned file goes to standard output; the last line of standard error says, as JSON, what was wrong.
It is given no setting and no secret of ours.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from importlib import import_module

from hiring.kernel.scrubbing.faults import Faulty

SECONDS = 40
MEMORY = 2 * 2**30
Mask = Callable[[str], str]


def main() -> None:
    """Do what the first line orders: `cleaner` and `mask` name a module each, `who` whom the mask hides."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    order = json.loads(sys.stdin.buffer.readline())
    cleaner = import_module(f"hiring.kernel.scrubbing.{order['cleaner']}")
    mask: Mask = import_module(order["mask"]).Mask.of(**order["who"]) if order["mask"] else str
    try:
        cleaned, fault = cleaner.scrubbed(sys.stdin.buffer.read(), mask), ""
    except Faulty as faulty:
        cleaned, fault = b"", str(faulty)
    sys.stdout.buffer.write(cleaned)
    sys.stdout.flush()
    print(json.dumps({"fault": fault}), file=sys.stderr)

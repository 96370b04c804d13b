"""ical.js, Thunderbird's and Nextcloud's parser, asked through node; it is there where `run.py
test` found node.

One process answers all questions of a run, because node takes longer to start than to read.
"""

import atexit
import json
import shutil
import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

HOME = Path(__file__).resolve().parent / "js"


def is_there() -> bool:
    """Say whether node is on this machine, and the library was installed for it."""
    return shutil.which("node") is not None and (HOME / "node_modules" / "ical.js").is_dir()


def meetings(data: bytes) -> list[tuple[datetime, datetime]]:
    """Return the meetings of a calendar part as UTC instants, in order. Raises AssertionError for
    one it cannot read.
    """
    asked = _reader()
    assert asked.stdin is not None and asked.stdout is not None
    asked.stdin.write(json.dumps(data.decode()) + "\n")
    asked.stdin.flush()
    told = json.loads(asked.stdout.readline())
    assert "error" not in told, told
    return [(_instant(start), _instant(end)) for start, end in told["meetings"]]


@cache
def _reader() -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        ["node", "read.mjs"], cwd=HOME, stdin=pipe, stdout=pipe, text=True, encoding="utf-8"
    )
    atexit.register(_end, process)
    return process


def _end(process: subprocess.Popen[str]) -> None:
    with process:
        process.kill()


def _instant(milliseconds: float) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)

"""Calendar programs that subscribe as people have them: vdirsyncer, khal and calcurse, each run as
its own process over a folder of its own.
"""

import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

SCRIPTS = Path(sys.executable).parent
DAYS = 7
PAIR = """
[pair {pair}]
a = "{pair}_here"
b = "{pair}_there"
collections = null
conflict_resolution = "b wins"
[storage {pair}_here]
type = "filesystem"
path = "{folder}/{name}"
fileext = ".ics"
[storage {pair}_there]
type = "http"
url = "{url}"
"""
CALENDAR = """
[[{name}]]
path = {folder}/{name}
"""
KHAL = """
[calendars]
{calendars}
[locale]
local_timezone = {zone}
default_timezone = {zone}
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""


class Missing(RuntimeError):
    """A program that this test needs is not on this machine."""


def vdirsync(folder: Path, addresses: dict[str, str]) -> dict[str, list[Path]]:
    """Fetch each address by vdirsyncer into a folder of its name; return the pieces it keeps."""
    config = [f'[general]\nstatus_path = "{folder}/status"\n']
    for number, (name, url) in enumerate(addresses.items()):
        (folder / name).mkdir()
        config.append(PAIR.format(pair=f"pair_{number}", name=name, folder=folder, url=url))
    (folder / "vdirsyncer").write_text("".join(config), encoding="utf-8")
    program = [str(SCRIPTS / "vdirsyncer"), "-c", str(folder / "vdirsyncer")]
    _run([*program, "discover"], folder)
    _run([*program, "sync"], folder)
    return {name: sorted((folder / name).glob("*.ics")) for name in addresses}


def khal_lists(folder: Path, name: str, *, first: date, zone: str) -> list[tuple[datetime, str]]:
    """Return what khal lists of what vdirsyncer keeps, from that day on for DAYS: start
    in UTC and title.
    """
    calendars = CALENDAR.format(name=name, folder=folder)
    config = folder / f"khal-{name}"
    config.write_text(KHAL.format(calendars=calendars, zone=zone, folder=folder), encoding="utf-8")
    form = "= {start-date} {start-time} {title}"
    words = ["list", "--format", form, first.isoformat(), f"{DAYS}d"]
    said = _run([str(SCRIPTS / "khal"), "-c", str(config), *words], folder, zone=zone)
    return _read(said, zone)


def calcurse_lists(
    folder: Path, calendar: bytes, *, first: date, zone: str
) -> list[tuple[datetime, str]]:
    """Return what calcurse lists of a calendar file, from that day on for DAYS: start in UTC and
    title.
    """
    program = shutil.which("calcurse")
    if program is None:
        raise Missing("calcurse is missing: apt-get install calcurse")
    file = folder / "feed.ics"
    file.write_bytes(calendar)
    ours = [program, "-D", str(folder / "calcurse")]
    _run([*ours, "-q", "-i", str(file)], folder, zone=zone)
    form = "= %(start:%Y-%m-%d %H:%M) %m\n"
    words = ["-Q", "--filter-type", "cal", "--from", f"{first:%m/%d/%Y}", "--days", str(DAYS)]
    formats = ["--format-apt", form]
    said = _run([*ours, *words, *formats, "--format-recur-apt", form], folder, zone=zone)
    return _read(said, zone)


def _read(said: str, zone: str) -> list[tuple[datetime, str]]:
    found = []
    for line in said.splitlines():
        if not line.startswith("= "):
            continue  # the heading of a day
        _, day, hour, title = line.split(maxsplit=3)
        start = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZoneInfo(zone))
        found.append((start.astimezone(UTC), title))
    return sorted(found)


def _run(command: list[str], folder: Path, zone: str = "UTC") -> str:
    surroundings = os.environ | {
        "HOME": str(folder),
        "TZ": zone,
        "LC_ALL": "C.UTF-8",
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "NO_PROXY": "127.0.0.1",
    }
    done = subprocess.run(
        command,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

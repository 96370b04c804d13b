"""The samples of deploy/, read as systemd, a container builder and a shell read them."""

import re
import shlex
from pathlib import Path
from typing import Any

import yaml

from installed import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
SETTING = re.compile(r"^#?([A-Z][A-Z_]+)=(.*)$", re.M)


def unit(path: Path) -> dict[str, list[str]]:
    """Return what a unit says, by the names of its lines."""
    said: dict[str, list[str]] = {}
    for line in path.read_text().splitlines():
        name, found, value = line.partition("=")
        if found and not line.startswith("#"):
            said.setdefault(name, []).append(value)
    return said


def command_of(path: Path) -> list[str]:
    """Return the words of `kinfold` that a unit runs, without the program."""
    (line,) = unit(path)["ExecStart"]
    words = shlex.split(line)
    if words[0] == "/bin/sh":
        words = shlex.split(words[2].removeprefix("exec "))
    return [word for word in words[1:] if not word.startswith("$BACKUP")]


def settings_of(text: str) -> dict[str, str]:
    """Return the settings that a file of settings names, those behind a # too."""
    return dict(SETTING.findall(text))


def compose() -> dict[str, Any]:
    """Return compose.yaml as a container program reads it."""
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def container() -> list[tuple[str, str]]:
    """Return the steps of the Containerfile: the word and what follows it."""
    text = (DEPLOY / "Containerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1].strip()) for line in lines]

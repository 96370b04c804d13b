"""The samples of deploy/ say nothing that is not there: commands, settings, figures, files."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from flask import Flask

from deploy_samples import DEPLOY, UNITS, command_of, compose, container, settings_of, unit
from installed import ROOT
from visitor import browser as browser_of

OURS = ("upgrade", "web", "worker")
"""The services of compose.yaml that are Kinfold."""
MOST_EXPOSED = 2.0
NOT_KINFOLDS = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "BACKUP_OPTIONS"}


def known_settings() -> set[str]:
    """Return the settings of the table in docs/settings.md."""
    return set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(), re.M))


def not_understood(app: Flask, words: list[str]) -> str | None:
    """Return why the command line does not understand some words, None when it does."""
    command: click.Command = app.cli
    with click.Context(command) as context:
        while isinstance(command, click.Group):
            found = command.get_command(context, words[0])
            if found is None:
                return f"no command {words[0]}"
            command, words = found, words[1:]
        try:
            command.make_context("kinfold", list(words))
        except click.UsageError as error:
            return str(error)
    return None


def commands() -> dict[str, list[str]]:
    """Return every command that a sample runs, by where it stands."""
    found = {path.name: command_of(path) for path in UNITS}
    services = compose()["services"]
    found |= {name: services[name]["command"] for name in OURS}
    found["Containerfile"] = json.loads(dict(container())["CMD"])
    return found


def test_every_command_of_a_sample_is_understood(sqlite_app: Flask) -> None:
    wrong = {where: not_understood(sqlite_app, words) for where, words in commands().items()}

    assert {where: why for where, why in wrong.items() if why} == {}


def test_option_that_is_not_there_is_found(sqlite_app: Flask) -> None:
    assert not_understood(sqlite_app, ["web", "run", "--port", "80"]) is not None


def test_every_setting_of_a_sample_is_one_of_ours() -> None:
    named = set(settings_of((DEPLOY / "systemd" / "kinfold.env").read_text()))
    for path in UNITS:
        named |= {line.partition("=")[0] for line in unit(path).get("Environment", [])}
    for name in OURS:
        named |= set(compose()["services"][name]["environment"])
    named |= {word.partition("=")[0] for word in dict(container())["ENV"].split()}

    assert named - known_settings() - NOT_KINFOLDS == set()


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_unit_is_exposed_to_little(path: Path) -> None:
    assert shutil.which("systemd-analyze"), "want systemd: run.py installs it as root on Debian"
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)

    (level,) = re.findall(r"Overall exposure level for \S+: ([0-9.]+)", said.stdout)
    assert float(level) < MOST_EXPOSED
    assert said.stderr == ""


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_unit_runs_as_its_own_user_with_one_folder_to_write(path: Path) -> None:
    said = unit(path)

    assert (said["User"], said["ProtectSystem"], said["UMask"]) == (
        ["kinfold"],
        ["strict"],
        ["0077"],
    )
    assert said["StateDirectory"][0].split()[0] == "kinfold"
    assert said["EnvironmentFile"] == ["/etc/kinfold/kinfold.env"]


def test_services_of_the_compose_file_name_each_other_and_their_volumes() -> None:
    said = compose()
    services: dict[str, Any] = said["services"]
    mounted = {
        volume.partition(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
    }
    awaited = {name for service in services.values() for name in service.get("depends_on", {})}

    assert (mounted, awaited - services.keys()) == (set(said["volumes"]), set())
    assert {name: services[name]["image"] for name in OURS} == dict.fromkeys(OURS, "kinfold")


@pytest.mark.parametrize("name", OURS)
def test_service_writes_nothing_but_its_state(name: str) -> None:
    service = compose()["services"][name]

    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["volumes"] == ["state:/var/lib/kinfold"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_image_is_made_of_what_is_there_and_runs_as_no_root() -> None:
    steps = container()
    copied = [what.split()[:-1] for word, what in steps if word == "COPY" and "--from" not in what]
    named = {path for paths in copied for path in paths}

    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
    assert dict(steps)["USER"] == "kinfold"
    assert named >= {"scheduler", "templates", "pyproject.toml", "hatch_build.py"}


def test_every_figure_that_is_watched_is_one_of_ours(sqlite_app: Flask) -> None:
    rules = yaml.safe_load((DEPLOY / "monitoring" / "alerts.yaml").read_text())
    board = json.loads((DEPLOY / "monitoring" / "dashboard.json").read_text())
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    asked += [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    named = {name for words in asked for name in re.findall(r"kinfold_\w+", words)}

    figures = browser_of(sqlite_app).get("/metrics").get_data(as_text=True)

    assert named - set(re.findall(r"^# TYPE (\w+)", figures, re.M)) == set()
    assert len(named) >= 5

"""What the house promises about itself: doors that say whom they are for, commands, settings,
migrations.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask

from conftest import settings
from scheduler import create_app
from scheduler.kernel.database import Base, db
from scheduler.web import Who
from scheduler.web.auth.access import allowed_for

ROOT = Path(__file__).resolve().parent.parent

PROMISED = (
    "db upgrade",
    "clinic load",
    "clinic export",
    "cohort plan",
    "cohort publish",
    "sessions export",
    "consent give",
    "consent revoke",
    "consent rehearse",
    "feed url",
    "worker run",
    "worker drain",
    "doctor",
    "backup",
    "restore",
    "api token",
    "api tokens",
    "api revoke",
)
"""Commands other programs rely on."""

READERS = {"said_secret", "_long_enough", "_kept_secret", "_address", "_seconds", "_server", "get"}
"""What scheduler/config.py reads a setting with."""


@pytest.mark.parametrize("demo", [False, True])
def test_every_route_says_who_may_use_it(sqlite_url: str, demo: bool) -> None:
    app = create_app(settings(sqlite_url, demo=demo))
    with app.app_context():
        said = {rule.rule: allowed_for(rule.endpoint) for rule in app.url_map.iter_rules()}

    assert [rule for rule, who in said.items() if not who] == []
    assert {one for who in said.values() for one in who or ()} <= set(Who)


def test_promised_commands_exist(sqlite_app: Flask) -> None:
    assert [name for name in PROMISED if name not in set(commands(sqlite_app.cli))] == []


def test_every_command_says_what_it_does(sqlite_app: Flask) -> None:
    found = commands(sqlite_app.cli)

    assert [name for name, command in found.items() if not command.help] == []


def test_migrations_make_what_the_models_say(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []


def test_every_setting_stands_in_its_table_and_the_reverse() -> None:
    secrets = ROOT / "scheduler" / "kernel" / "keys" / "secret_settings.py"
    read = {*settings_read(ROOT / "scheduler" / "config.py"), *settings_read(secrets)}

    assert set(settings_told(ROOT / "docs" / "settings.md")) == read
    assert {"DATABASE_URL", "TICK_SECONDS", "KINFOLD_INSTANCE", "KINFOLD_DEMO"} <= read


def test_logs_are_written_through_one_place() -> None:
    files = [
        path
        for path in sorted((ROOT / "scheduler").rglob("*.py"))
        if "migrations" not in path.parts
    ]
    around = [
        path.name
        for path in files
        if re.search(
            r"^ *(import logging|from logging|.*\bprint\(|.*\.logger\b)", path.read_text(), re.M
        )
    ]

    assert around == ["logs.py"]


def test_doors_alone_commit() -> None:
    """A deed is whole or not at all: nothing but the door that called it ends its transaction."""
    code = ROOT / "scheduler"
    files = [path for path in code.rglob("*.py") if re.search(r"\.commit\(", path.read_text())]

    assert {path.relative_to(code).parts[0] for path in files} == {"cli", "web", "worker"}


def commands(group: click.Group, before: str = "") -> dict[str, click.Command]:
    """Return every command under `group` by the words that call it."""
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= commands(command, f"{before}{name} ")
        else:
            found[f"{before}{name}"] = command
    return found


def settings_read(path: Path) -> Iterator[str]:
    """Return the name of every setting a file reads: the words in capitals handed to its
    readers.
    """
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            called = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            words = (
                one.value
                for one in node.args
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            )
            yield from (word for word in words if called in READERS and word.isupper())


def settings_told(path: Path) -> Iterator[str]:
    """Return the first cell of every row of the table of settings."""
    for line in path.read_text().splitlines():
        if line.startswith("| `"):
            name = line.split("`")[1]
            if name.isupper():
                yield name

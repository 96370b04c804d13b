"""The examples of docs/api.md do what they say, against a server."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from scheduler.web.api.door.api_routes import BOOK
from tests.web.api.caller import token_for
from tests.web.house import move_in
from warm import World
from watch import Watch

TEXT = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```$", TEXT, re.M | re.S)


@pytest.fixture
def house(sqlite_app: Flask, clock: Watch, world: World) -> Flask:
    """The practice on SQLite alone."""
    world.begin(move_in)
    return sqlite_app


def test_examples_run_as_they_stand(house: Flask, live_server: str) -> None:
    told = os.environ | {"BASE": live_server, "TOKEN": token_for("desk")}
    said = []
    for language, block in BLOCKS:
        shell = ["bash", "-euc", block] if language == "sh" else [sys.executable, "-c", block]
        done = subprocess.run(shell, env=told, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, (block, done.stderr)
        said.append(done.stdout)

    assert '"key": "jordan"' in said[0]
    assert said[1].splitlines()[1] == "2027-03-02T17:00 evening.fam.jordan.w1 ['jordan-mother']"
    assert '"language": "es"' in said[2]
    assert '"dry_run": true' in said[3]
    assert '"from": "2027-03-11"' in said[4]
    assert '"resourceType": "Bundle"' in said[6]


def test_table_names_every_address() -> None:
    told = set(re.findall(r"`(/[\w/…-]+)`", TEXT))
    missing = []
    for route in BOOK.routes:
        row = route.path.replace("<key>", "KEY").removesuffix("/KEY")
        named = {row, row.replace("KEY", "ID"), f"{row}/ID"}
        if not named & told:
            missing.append(route.path)

    assert missing == []

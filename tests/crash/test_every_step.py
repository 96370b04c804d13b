"""Killed before any step and started again: nothing lost, nothing without consent, nothing twice
but in one window.

Each scene is killed before every step with `--long`, before a sample of them every day. What
arrives is read by the test itself, from the bytes at the mail server. A father without consent
lives in every house.
"""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from conftest import KEY
from crash.scenes import SCENES
from fakes.post_office import Arrived, PostOffice, open_post_office
from fakes.postgres import Postgres, free_port
from scheduler.kernel.database import open_engine

STAGE = Path(__file__).parent / "stage.py"
DATABASE = "killed"


@dataclass
class Theatre:
    """A stage, its database, and the mail server that watches from outside."""

    process: subprocess.Popen[str]
    url: str
    office: PostOffice
    postgres: Postgres | None
    folder: Path

    def play(self, scene: str, part: str, kill_at: int = 0) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(
            json.dumps({"scene": scene, "part": part, "kill_at": kill_at}) + "\n"
        )
        self.process.stdin.flush()
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def empty(self, template: str) -> None:
        """Put the database back to what it was, and empty the post office."""
        self.office.messages.clear()
        if self.postgres is not None:
            self.postgres.run(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            self.postgres.run(f"CREATE DATABASE {DATABASE} TEMPLATE {template} STRATEGY FILE_COPY")
            return
        for rest in self.folder.glob("killed.db*"):
            rest.unlink()
        shutil.copy(self.folder / template, self.folder / "killed.db")

    def keep(self, template: str) -> None:
        """Keep the database as it is, to begin from again."""
        if self.postgres is not None:
            self.postgres.run(f"DROP DATABASE IF EXISTS {template}")
            self.postgres.run(f"CREATE DATABASE {template} TEMPLATE {DATABASE} STRATEGY FILE_COPY")
            return
        with open_engine(self.url, KEY).connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self.folder / "killed.db", self.folder / template)

    def ask(self, query: str) -> list[Any]:
        engine = open_engine(self.url, KEY) if self.postgres is None else create_engine(self.url)
        with engine.connect() as connection:
            rows = list(connection.execute(text(query)))
        engine.dispose()
        return rows


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def theatre(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[Theatre]:
    tmp_path = tmp_path_factory.mktemp("theatre")
    post_office, controller = open_post_office(free_port())
    server: Postgres | None = None
    url = f"sqlite:///{tmp_path / 'killed.db'}"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        url = server.url(DATABASE).replace("postgresql://", "postgresql+psycopg://")
    else:
        shutil.copy(sqlite_template, tmp_path / "template")
    process = subprocess.Popen(
        [sys.executable, STAGE, url, post_office.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    one = Theatre(process, url, post_office, server, tmp_path)
    yield one
    process.communicate()
    controller.stop()
    if server is not None:
        server.run(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def seen(letter: Arrived) -> tuple[str, ...]:
    """What a letter is to its reader, by our own reading: to whom, method, sequence, times,
    subject.
    """
    calendar = letter.calendar or b""
    found = [
        b"".join(re.findall(name + rb"[^\r\n]*", calendar)).decode()
        for name in (rb"METHOD:", rb"SEQUENCE:", rb"DTSTART[;:]", rb"RRULE:", rb"STATUS:")
    ]
    return (*letter.recipients, *found, str(letter.message["Subject"]))


def doubtful(theatre: Theatre) -> set[str]:
    """The message ids of the letters that were being handed over when the end came: only they may
    come twice.
    """
    rows = theatre.ask(
        "SELECT message_id FROM letters WHERE state = 'sending' AND phase = 'handing' OR "
        "ambiguous > 0"
    )
    return {row[0] for row in rows}


def judge(theatre: Theatre, wanted: Counter[tuple[str, ...]], doubt: set[str]) -> list[str]:
    """Everything that is wrong with what arrived."""
    arrived = theatre.office.messages
    wrong = [f"to {one.recipients}" for one in arrived if one.recipients == ["f@family.example"]]
    by_id: dict[str, set[bytes]] = {}
    times = Counter(str(one.message["Message-ID"]) for one in arrived)
    for one in arrived:
        by_id.setdefault(str(one.message["Message-ID"]), set()).add(one.content)
    wrong += [
        f"{each} came {many} times" for each, many in times.items() if many > 1 + (each in doubt)
    ]
    wrong += [
        f"{each} came in {len(bytes_)} forms" for each, bytes_ in by_id.items() if len(bytes_) > 1
    ]
    firsts = {str(one.message["Message-ID"]): seen(one) for one in arrived}
    if Counter(firsts.values()) != wanted:
        wrong.append(f"arrived {sorted(firsts.values())}, wanted {sorted(wanted)}")
    open_ = theatre.ask(
        "SELECT state, kind FROM letters WHERE state IN ('waiting', 'retry', 'sending')"
    )
    return wrong + [f"left behind: {row}" for row in open_ if row[1] != "reminder"]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("scene", SCENES)
def test_killed_before_every_step(
    theatre: Theatre, scene: str, trials: Callable[[int, int], int]
) -> None:
    theatre.empty("template")
    assert theatre.play(scene, "before")["status"] == 0
    theatre.keep("as_before")
    theatre.empty("as_before")
    doubt_before = doubtful(theatre)
    whole = theatre.play(scene, "deed")
    assert whole["status"] == 0
    wanted = Counter(seen(one) for one in theatre.office.messages)
    stride = max(1, whole["steps"] // trials(1, 100_000))
    faults, twice = [], 0
    for kill_at in range(1 if stride == 1 else 1 + stride // 2, whole["steps"] + 1, stride):
        theatre.empty("as_before")
        ended = theatre.play(scene, "deed", kill_at)
        doubt = doubt_before | doubtful(theatre)
        again = theatre.play(scene, "restart")
        faults += (
            [f"step {kill_at}: ended {ended}, then {again}"]
            if (ended["status"], again["status"]) != (-9, 0)
            else []
        )
        faults += [f"step {kill_at}: {fault}" for fault in judge(theatre, wanted, doubt)]
        twice += len(theatre.office.messages) - sum(wanted.values())
    engine = theatre.url.partition(":")[0]
    print(
        f"{engine}, {scene}: {whole['steps']} steps, one in {stride}, {twice} repeats in the window"
    )

    assert faults == []

"""From 0.1.0 (77153ed) to today while letters wait and the program of before serves: every letter
leaves once, and no page keeps anybody waiting.
"""

import json
import os
import re
import subprocess
import sys
import tarfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count, cycle
from pathlib import Path
from typing import Any

import pytest

from conftest import KEY
from engines import BOTH
from fakes.post_office import PostOffice
from fakes.postgres import free_port
from installed import ROOT
from scheduler.kernel.database import open_engine
from scheduler.kernel.schema import migrate

PROGRAM = Path(__file__).parent / "written_by" / "0.1.0.program.tar.xz"
SCRIPT = Path(__file__).parent / "program_of_before.py"
MESSAGE_ID = re.compile(rb"^Message-ID: *(?:\r\n )?(<[^>]+>)", re.I | re.M)
LONGEST = 2.0
"""Seconds that nobody may wait for a page; asked at the full size alone, on a quiet machine."""
PAUSE = 0.2
"""Seconds between an answer and what its reader asks for next."""
PAGES = ("/healthz", "/", "/desk/", "/desk/cohorts/evening", "/desk/letters")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """On SQLite every day, on both engines with `--long`."""
    engines = BOTH if metafunc.config.getoption("--long") else BOTH[:1]
    if "url" in metafunc.fixturenames:
        metafunc.parametrize("url", engines, indirect=True)


@dataclass
class Before:
    """The program of 0.1.0 in a folder of its own, with the settings of one installation."""

    folder: Path
    said: dict[str, str]

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Start a Python of ours in it."""
        with (self.folder / "errors").open("a") as errors:
            return subprocess.Popen(
                [sys.executable, *words],
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(self.folder), **self.said},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )


@pytest.fixture
def before(url: str, tmp_path: Path, post_office: PostOffice) -> Before:
    """The program of 0.1.0, its database empty."""
    folder = tmp_path / "before"
    with tarfile.open(PROGRAM) as archive:
        archive.extractall(folder, filter="data")
    said = {
        "DATABASE_URL": url.replace("postgresql+psycopg", "postgresql"),
        "DATABASE_KEY": KEY,
        "SECRET_KEY": "secret-of-the-tests",
        "KINFOLD_INSTANCE": str(tmp_path / "state"),
        "SMTP_URL": post_office.url,
        "TICK_SECONDS": "0.5",
        "LOG_LEVEL": "error",
    }
    return Before(folder, said)


@dataclass(frozen=True)
class Seen:
    """One answer: which page, when it was asked for and how many seconds it took."""

    path: str
    status: int
    began: float
    took: float

    def is_within(self, start: float, end: float) -> bool:
        """True if somebody waited for it at some moment of a span."""
        return self.began < end and self.began + self.took > start


@dataclass
class Visits:
    """What people saw meanwhile: each answer's status and seconds."""

    port: int
    secret: str
    seen: list["Seen"] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        """Read page after page."""
        headers = {"Cookie": f"kinfold={self.secret}"}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            for path in cycle(PAGES):
                if self.stop.wait(PAUSE):
                    return
                self._ask(line, "GET", path, headers)

    def write(self) -> None:
        """Ask for a code to sign in with, again and again: each is a row or two."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            line.request("GET", "/", headers={"Cookie": "kinfold-form="})
            answer = line.getresponse()
            token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
            assert token is not None
            headers = {
                "Cookie": answer.headers["Set-Cookie"].partition(";")[0],
                "Content-Type": "application/x-www-form-urlencoded",
            }
            for number in count():
                if self.stop.wait(PAUSE):
                    return
                body = f"csrf_token={token[1]}&address=nobody{number}@x.example&way=code"
                self._ask(line, "POST", "/", headers, body)

    def _ask(
        self, line: HTTPConnection, method: str, path: str, headers: dict[str, str], body: str = ""
    ) -> None:
        began = time.monotonic()
        line.request(method, path, body or None, headers)
        with line.getresponse() as answer:
            answer.read()
            took = time.monotonic() - began
            self.seen.append(Seen(path, answer.status, began, took))


@contextmanager
def visited(port: int, secret: str) -> Iterator[Visits]:
    """Let three people read and one write inside the block."""
    visits = Visits(port, secret)
    people = [threading.Thread(target=visits.read) for _ in range(3)]
    people.append(threading.Thread(target=visits.write))
    for person in people:
        person.start()
    try:
        yield visits
    finally:
        visits.stop.set()
        for person in people:
            person.join()


@contextmanager
def ended(process: "subprocess.Popen[str]") -> Iterator[None]:
    """End a process after the block, and wait for it."""
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)
        if process.stdout is not None:
            process.stdout.close()


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    """Wait until something is so. Raises AssertionError when it does not become so."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it did not become so"
        time.sleep(0.05)


def arrived(post_office: PostOffice) -> Counter[str]:
    """Return how often each letter came, by its Message-ID."""
    found: Counter[str] = Counter()
    for letter in list(post_office.messages):
        match = MESSAGE_ID.search(letter.content)
        assert match is not None
        found[match[1].decode()] += 1
    return found


def today(said: dict[str, str]) -> "subprocess.Popen[str]":
    """Start the worker of today."""
    words = [sys.executable, "-m", "scheduler", "worker", "run"]
    environment = {"PATH": os.environ["PATH"], **said}
    return subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.timeout(3600)
def test_every_waiting_letter_leaves_once_through_an_upgrade_while_the_program_of_before_serves(
    before: Before,
    url: str,
    post_office: PostOffice,
    trials: Callable[[int, int], int],
    pytestconfig: pytest.Config,
) -> None:
    many, port = trials(60, 10_000), free_port()
    patience = 240 + many / 10
    pages = before.start(str(SCRIPT), str(port), str(many))
    assert pages.stdout is not None
    with ended(pages):
        made: dict[str, Any] = json.loads(pages.stdout.readline())
        waiting = set(made["message_ids"])
        wait_until(lambda: answers(port), 60)
        with visited(port, made["secret"]) as visits:
            with ended(before.start("-m", "flask", "--app", "wsgi", "worker", "run")):
                wait_until(lambda: len(post_office.messages) > many // 4, patience)
            carried = len(post_office.messages)
            began = time.monotonic()
            engine = open_engine(url, KEY)
            migrate.upgrade(engine)
            engine.dispose()
            took = time.monotonic() - began
            with ended(today(before.said)):
                wait_until(lambda: len(post_office.messages) >= many, patience)
                wait_until(lambda: waiting <= arrived(post_office).keys(), 30)
    found = arrived(post_office)

    spans = {
        "before": (0.0, began),
        "while it is upgraded": (began, began + took),
        "after": (began + took, time.monotonic()),
    }
    slowest = {name: slowest_of(visits.seen, *span) for name, span in spans.items()}
    print(f"{many} waited, {carried} carried by the program of before, upgraded in {took:.2f} s")
    for name, answer in slowest.items():
        print(f"slowest of {len(visits.seen)} answers {name}: {answer}")
    assert waiting - found.keys() == set()
    assert {name: times for name, times in found.items() if times > 1} == {}
    strange = Counter((seen.path, seen.status) for seen in visits.seen if seen.status > 303)
    del strange["/", 429]  # who asks for codes as often as our writer is asked to wait
    assert strange == {}
    if pytestconfig.getoption("--long"):
        # What the program of before took without an upgrade is printed above, to compare with.
        del slowest["before"]
        assert {name: answer for name, answer in slowest.items() if answer.took > LONGEST} == {}


def slowest_of(seen: list[Seen], start: float, end: float) -> Seen:
    """Return the slowest of the answers within a span."""
    return max((one for one in seen if one.is_within(start, end)), key=lambda one: one.took)


def answers(port: int) -> bool:
    """True if somebody listens."""
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()

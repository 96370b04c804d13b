"""What strangers can do to the owner of an account, and what they learn of who is known.

    .venv/bin/python benchmarks/strangers.py [--engine sqlite] [--seconds 20] [--owner 100]
        [--requests 2000] [--only flood|times]

On the real server (`web run`, behind a proxy that is trusted). *Flood*: while strangers try to sign
in as staff (wrong passwords) and as a patient (wrong codes) 20 times a second, from one address and
from a thousand, the owner signs in: from a browser that is known, and from new ones; prints how
often the owner was refused, and the p95 of `/healthz` and of a calendar address meanwhile (limit 50
ms), beside that without a flood. The claim is about `--seconds 300`. *Times*: medians of asking for
a code with an address that is known, unknown, a relative's with and without consent, mixed, and how
far they lie apart (limit 5 %). Exit 1 when a limit is missed.
"""

import argparse
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import count
from pathlib import Path
from random import Random
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from conftest import settings  # noqa: E402
from fakes.postgres import Postgres, free_port  # noqa: E402
from scheduler import create_app, feeds  # noqa: E402
from scheduler.kernel.clock import now  # noqa: E402
from scheduler.kernel.database import db, open_engine  # noqa: E402
from scheduler.kernel.schema.migrate import upgrade  # noqa: E402
from scheduler.people import person_by_key  # noqa: E402
from tests.web.house import PASSWORD, codes, move_in  # noqa: E402

KEY = "0" * 64
SECRET = "a secret of the benchmark"
STAFF, PATIENT = "sam@hl.example", "jordan@patient.example"
A_SECOND = 20
MOST_MS = 50.0
MOST_APART = 0.05
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def main() -> int:
    """Measure on each engine; 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--owner", type=int, default=100, help="how often the owner signs in")
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--only", choices=["flood", "times"])
    said = parser.parse_args()
    missed = 0
    for engine in said.engine or ["sqlite", "postgresql"]:
        with a_house(engine) as house:
            if said.only != "times":
                missed += sum(flood(house, said.seconds, said.owner))
            if said.only != "flood":
                missed += times(house, said.requests)
    return 1 if missed else 0


@dataclass
class House:
    """A practice behind a server of its own."""

    engine: str
    port: int
    url: str
    feed: str
    places: Iterator[int] = field(default_factory=count)

    def new_place(self) -> str:
        """Return an address that nobody has come from yet."""
        number = next(self.places)
        return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@contextmanager
def a_house(engine: str) -> Iterator[House]:
    """Stand up a practice on an engine, with a server."""
    with tempfile.TemporaryDirectory(prefix="strangers-") as folder:
        if engine == "sqlite":
            with served(f"sqlite:///{folder}/kinfold.db", engine, folder) as house:
                yield house
            return
        with Postgres(durable=True) as server:
            server.run("CREATE DATABASE house")
            with served(server.url("house"), engine, folder) as house:
                yield house


@contextmanager
def served(url: str, engine: str, folder: str) -> Iterator[House]:
    """Fill a database and serve it as `web run` does."""
    whole = settings(url, database_key=KEY, secret_key=SECRET, base_url="http://127.0.0.1")
    opened = open_engine(whole.database_url, KEY)
    upgrade(opened)
    opened.dispose()
    app = create_app(whole)
    port = free_port()
    environment = os.environ | {
        "KINFOLD_INSTANCE": folder,
        "DATABASE_URL": url,
        "DATABASE_KEY": KEY,
        "SECRET_KEY": SECRET,
        "BASE_URL": "http://127.0.0.1",
        "TRUSTED_PROXIES": "127.0.0.1",
        "LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "web", "run"]
    with app.app_context():
        move_in()
        feed = feeds.make(person_by_key("jordan"), by="command", now=now())
        db.session.commit()
        process = subprocess.Popen(
            [*command, "--listen", f"127.0.0.1:{port}"],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        house = House(engine, port, url, f"/feeds/{feed}.ics")
        try:
            wait_for(house)
            yield house
        finally:
            process.terminate()
            process.wait()
            db.session.remove()
            db.engine.dispose()


def wait_for(house: House) -> None:
    """Wait until the server answers."""
    for _try in range(240):
        try:
            if Browser(house, "127.0.0.9").get("/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.25)
    raise RuntimeError("the server does not answer")


class Browser:
    """A browser behind the proxy, at an address."""

    def __init__(self, house: House, place: str, known: SimpleCookie | None = None) -> None:
        self.house = house
        self.place = place
        self.cookies = known or SimpleCookie()
        self.line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)

    def get(self, path: str) -> tuple[int, str]:
        """Ask for a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, token: str, **said: str) -> tuple[int, str]:
        """Send a form."""
        return self._ask("POST", path, urlencode(said | {"csrf_token": token}))

    def begin(self, address: str, way: str) -> str:
        """Name the address; return the token of the forms."""
        found = TOKEN.search(self.get("/")[1])
        assert found is not None
        self.post("/", found[1], address=address, way=way)
        return found[1]

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        headers = {
            "X-Forwarded-For": self.place,
            "Cookie": "; ".join(f"{name}={it.value}" for name, it in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request(method, path, body=body, headers=headers)
        answer = self.line.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.load(line)
        return answer.status, text


def flood(house: House, seconds: float, tries: int) -> Iterator[int]:
    """Measure the owner, health and calendar without strangers and with them; yield what missed."""
    yield watched(house, "nobody else", seconds / 4, None, tries // 4)
    for way in ("password", "code"):
        for places in (1, 1000):
            strangers = Strangers(house, way, places)
            name = f"{A_SECOND} a second by {way} from {places}"
            yield watched(house, name, seconds, strangers, tries)


class Strangers:
    """Tries at one account, 20 a second, from one place or many."""

    def __init__(self, house: House, way: str, places: int) -> None:
        self.house, self.way = house, way
        self.address = STAFF if way == "password" else PATIENT
        self.at = [house.new_place() for _ in range(places)]
        self.answers: Counter[int] = Counter()
        self.turn = count()
        self.late = 0

    def run(self, until: float) -> None:
        """Try until a moment, from several lines."""
        began = time.monotonic()
        lines = [threading.Thread(target=self._try, args=(began, until)) for _ in range(12)]
        for line in lines:
            line.start()
        for line in lines:
            line.join()

    def _try(self, began: float, until: float) -> None:
        browser = Browser(self.house, self.at[0])
        token = browser.begin("nobody@elsewhere.example", "password")
        token = browser.begin(self.address, self.way) if self.way == "password" else token
        if self.way == "code":
            browser.post("/", token, address=self.address, way="code")
        while True:
            number = next(self.turn)
            due = began + number / A_SECOND
            if due >= until:
                return
            time.sleep(max(0.0, due - time.monotonic()))
            self.late += time.monotonic() > due + 0.5
            browser.place = self.at[number % len(self.at)]
            path = f"/{self.way}"
            said = {self.way: f"{number % 1_000_000:06d}"}
            self.answers[browser.post(path, token, **said)[0]] += 1


def watched(
    house: House, name: str, seconds: float, strangers: Strangers | None, tries: int
) -> int:
    """Let the owner sign in meanwhile, and ask for health and calendar; say how it went."""
    until = time.monotonic() + seconds
    took: dict[str, list[float]] = {"/healthz": [], house.feed: []}
    lines = [threading.Thread(target=poll, args=(house, path, until, took[path])) for path in took]
    if strangers is not None:
        lines.append(threading.Thread(target=strangers.run, args=(until,)))
    for line in lines:
        line.start()
    ways = ("password", "code") if strangers is None else (strangers.way,)
    refused = {}
    for way in ways:
        refused[way] = owner(house, way, seconds / len(ways), tries)
    for line in lines:
        line.join()
    p95 = [percentile(values) for values in took.values()]
    told = "; ".join(f"owner by {way} {text}" for way, (_, text) in refused.items())
    said = dict(strangers.answers) if strangers is not None else {}
    late = f", {strangers.late} late" if strangers is not None and strangers.late else ""
    print(
        f"{house.engine:10s} {name:34s} {told}; p95 healthz {p95[0]:.0f} ms, feed {p95[1]:.0f} ms"
        f" (limit {MOST_MS:.0f}); strangers heard {said}{late}",
        flush=True,
    )
    return sum(count for count, _ in refused.values()) + sum(value > MOST_MS for value in p95)


def owner(house: House, way: str, seconds: float, tries: int) -> tuple[int, str]:
    """Sign in again and again, by turns from a known browser and from a new one somewhere else."""
    known = SimpleCookie()
    refused: Counter[str] = Counter()
    began = time.monotonic()
    for number in range(tries):
        time.sleep(max(0.0, began + number * seconds / tries - time.monotonic()))
        is_known = number % 2 == 0 and number > 0
        browser = Browser(house, house.new_place(), SimpleCookie(known) if is_known else None)
        status = signed_in(house, browser, way)
        if status != 303:
            refused[f"{'known' if is_known else 'new'} {status}"] += 1
        elif not known:
            kept = [it for name, it in browser.cookies.items() if name.endswith("browser")]
            for it in kept:
                known[it.key] = it.value
    count_refused = sum(refused.values())
    which = f" ({dict(refused)})" if refused else ""
    return count_refused, f"refused {count_refused} of {tries}{which}"


def signed_in(house: House, browser: Browser, way: str) -> int:
    """Do what the owner does; return the last answer."""
    if way == "password":
        token = browser.begin(STAFF, way)
        return browser.post("/password", token, password=PASSWORD)[0]
    token = browser.begin(PATIENT, way)
    for _try in range(100):
        mailed = codes(PATIENT)
        db.session.rollback()  # what is read here keeps nobody waiting
        if mailed:
            break
        time.sleep(0.1)
    return browser.post("/code", token, code=mailed[-1] if mailed else "")[0]


def poll(house: House, path: str, until: float, took: list[float]) -> None:
    """Ask for one address twice a second; keep how many milliseconds each took."""
    browser = Browser(house, house.new_place())
    while time.monotonic() < until:
        began = time.perf_counter()
        status = browser.get(path)[0]
        took.append((time.perf_counter() - began) * 1000)
        assert status == 200, (path, status)
        time.sleep(0.5)


def percentile(values: list[float]) -> float:
    """Return the 95th."""
    return sorted(values)[int(len(values) * 0.95)] if values else 0.0


def times(house: House, requests: int) -> int:
    """Ask for codes with four kinds of addresses, mixed; print medians and how far apart they
    lie.
    """
    kinds: dict[str, Callable[[int], str]] = {
        "known": lambda _: PATIENT,
        "unknown": lambda number: f"somebody{number}@elsewhere.example",
        "with consent": lambda _: person_by_key("jordan-mother").email,
        "without": lambda _: person_by_key("jordan-father").email,
    }
    plan = [name for name in kinds for _ in range(requests // len(kinds))]
    Random(7).shuffle(plan)
    took: dict[str, list[float]] = {name: [] for name in kinds}
    for number, name in enumerate(plan):
        browser = Browser(house, house.new_place())
        found = TOKEN.search(browser.get("/")[1])
        assert found is not None
        address = kinds[name](number)
        db.session.rollback()
        began = time.perf_counter()
        status = browser.post("/", found[1], address=address, way="code")[0]
        if number >= len(kinds) * 5:
            took[name].append((time.perf_counter() - began) * 1000)
        assert status == 303, status
        browser.line.close()
    medians = {name: statistics.median(values) for name, values in took.items()}
    apart = max(medians.values()) / min(medians.values()) - 1
    told = ", ".join(f"{name} {value:.2f} ms" for name, value in medians.items())
    print(f"{house.engine:10s} asking for a code: {told}; {apart:.1%} apart (limit 5%)", flush=True)
    return int(apart > MOST_APART)


if __name__ == "__main__":
    sys.exit(main())

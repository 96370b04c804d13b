"""What strangers can do to the owner of an account, and what they learn of who is known.

    .venv/bin/python benchmarks/strangers.py [--engine sqlite] [--seconds 20] [--owner 100]
        [--requests 2000] [--only flood|times]

On the real server and worker (`web run`, behind a proxy that is trusted, `worker run`). *Flood*:
strangers try to sign in 20 times a second, by turns as staff (wrong passwords) and as a patient
(wrong codes, asked for anew), from one address and from a thousand; meanwhile the owner of each
account signs in, by turns from a known browser and from a new one elsewhere. Refused is who gave
the right proof and was not let in, also not when trying once more after the seconds that the page
names (five at most). Prints that, how long a code was on its way, and the p95 of `/healthz` and of
a calendar address (limit 50 ms) beside that without a flood in the same run. The claim is about
`--seconds 300`. *Times*: medians of asking for a code, for a new password and of typing a wrong
code, with addresses that are known, unknown, a relative's with and without consent, mixed, and how
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
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from itertools import count
from pathlib import Path
from random import Random
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from flask import Flask  # noqa: E402
from sqlalchemy import select  # noqa: E402

from conftest import settings  # noqa: E402
from fakes.postgres import Postgres, free_port  # noqa: E402
from scheduler import create_app, feeds  # noqa: E402
from scheduler.kernel.clock import now  # noqa: E402
from scheduler.kernel.database import db, open_engine  # noqa: E402
from scheduler.kernel.schema.migrate import upgrade  # noqa: E402
from scheduler.outbox.models import Letter  # noqa: E402
from scheduler.people import person_by_key  # noqa: E402
from tests.web.house import PASSWORD, move_in  # noqa: E402
from visitor import text_of  # noqa: E402

KEY = "0" * 64
SECRET = "a secret of the benchmark"
STAFF, PATIENT = "sam@hl.example", "jordan@patient.example"
NOBODY = "somebody@elsewhere.example"
"""One address, asked for as often as those that are known: the first asking for any address costs
the counting of tries a row more.
"""
OWNERS = {"password": STAFF, "code": PATIENT}
A_SECOND = 20
LINES = 12
"""Lines that the strangers' tries come in by."""
AGAIN = 5
"""Seconds that a person waits who is told to try again."""
EVERY, FEED_EVERY = 0.5, 5.0
"""Seconds between two looks at health, and at a calendar address: nobody may ask it oftener."""
READING = 1.2
"""Seconds that a person needs at least to read a code and type it."""
RECENT = timedelta(minutes=2)
ASK_ANEW = 5
"""After how many wrong codes a stranger asks for another: no code bears more."""
MOST_MS = 50.0
MOST_APART = 0.05
CODE = re.compile(r"\b(\d{6})\b")
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
    app: Flask
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
    command = [sys.executable, "-m", "flask", "--app", "wsgi"]
    with app.app_context():
        move_in()
        feed = feeds.make(person_by_key("jordan"), by="command", now=now())
        db.session.commit()
        works = (
            [*command, "web", "run", "--listen", f"127.0.0.1:{port}"],
            [*command, "worker", "run"],
        )
        running = [begun(work, environment) for work in works]
        house = House(engine, port, url, f"/feeds/{feed}.ics", app)
        try:
            wait_for(house)
            yield house
        finally:
            for process in running:
                process.terminate()
                process.wait()
            db.session.remove()
            db.engine.dispose()


def begun(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a process of the house, whose words nobody reads."""
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)


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
        self.status, self.retry = 0, 0
        self.is_asked = False

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
        self.is_asked = self.post("/", found[1], address=address, way=way)[0] == 303
        return found[1]

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        headers = {
            "X-Forwarded-For": self.place,
            "Cookie": "; ".join(f"{name}={it.value}" for name, it in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.line.request(method, path, body=body, headers=headers)
        except BrokenPipeError:
            self.line.close()  # the server closed a line that nobody had used for a while
            self.line.request(method, path, body=body, headers=headers)
        answer = self.line.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.load(line)
        self.status, self.retry = answer.status, int(answer.headers.get("Retry-After", 60))
        return answer.status, text


def flood(house: House, seconds: float, tries: int) -> Iterator[int]:
    """Measure owners, health and calendar without strangers and with them; yield what missed."""
    yield watched(house, "nobody else", seconds / 4, None, tries // 4)
    for places in (1, 1000):
        strangers = Strangers(house, places)
        yield watched(house, f"{A_SECOND} a second from {places}", seconds, strangers, tries)


class Strangers:
    """Tries at two accounts by turns, 20 a second in all, from one place or many."""

    def __init__(self, house: House, places: int) -> None:
        self.house = house
        self.at = [house.new_place() for _ in range(places)]
        self.answers: Counter[str] = Counter()
        self.turn = count()
        self.late = 0

    def run(self, until: float) -> None:
        """Try until a moment, from several lines."""
        began = time.monotonic()
        lines = [threading.Thread(target=self._try, args=(began, until)) for _ in range(LINES)]
        for line in lines:
            line.start()
        for line in lines:
            line.join()

    def _try(self, began: float, until: float) -> None:
        browsers = {way: Browser(self.house, self.at[0]) for way in OWNERS}
        tokens = {way: browsers[way].begin(address, way) for way, address in OWNERS.items()}
        guesses = 0
        while True:
            number = next(self.turn)
            due = began + number / A_SECOND
            if due >= until:
                return
            time.sleep(max(0.0, due - time.monotonic()))
            self.late += time.monotonic() > due + 0.5
            way = tuple(OWNERS)[number % len(OWNERS)]
            browser = browsers[way]
            browser.place = self.at[number // len(OWNERS) % len(self.at)]
            guesses += way == "code"
            if way == "code" and guesses % ASK_ANEW == 0:
                browser.post("/code", tokens[way], again="1")
            guess = f"{number % 1_000_000:06d}"
            status = browser.post(f"/{way}", tokens[way], **{way: guess})[0]
            self.answers[f"{way} {status}"] += 1


def watched(
    house: House, name: str, seconds: float, strangers: Strangers | None, tries: int
) -> int:
    """Let the owners sign in meanwhile, and ask for health and calendar; say how it went."""
    until = time.monotonic() + seconds
    took: dict[str, list[float]] = {"/healthz": [], house.feed: []}
    lines = [threading.Thread(target=poll, args=(house, path, until, took[path])) for path in took]
    if strangers is not None:
        lines.append(threading.Thread(target=strangers.run, args=(until,)))
    for line in lines:
        line.start()
    owners = [Owner(house, way) for way in OWNERS]
    for owner in owners:
        lines.append(threading.Thread(target=owner.go_on, args=(seconds, tries)))
        lines[-1].start()
    for line in lines:
        line.join()
    p95 = [percentile(values) for values in took.values()]
    told = "; ".join(owner.told() for owner in owners)
    said = dict(sorted(strangers.answers.items())) if strangers is not None else {}
    late = f", {strangers.late} late" if strangers is not None and strangers.late else ""
    print(
        f"{house.engine:10s} {name:22s} {told}; p95 healthz {p95[0]:.0f} ms, feed {p95[1]:.0f} ms"
        f" (limit {MOST_MS:.0f}); strangers heard {said}{late}",
        flush=True,
    )
    slow = 0 if strangers is None else sum(value > MOST_MS for value in p95)
    return sum(owner.shut_out for owner in owners) + slow


class Owner:
    """Signs in again and again, by turns from a known browser and from a new one elsewhere."""

    def __init__(self, house: House, way: str) -> None:
        self.house, self.way = house, way
        self.known = SimpleCookie()
        self.home = house.new_place()
        self.heard: Counter[str] = Counter()
        self.tries = self.shut_out = self.second = 0
        self.waited: list[float] = []

    def go_on(self, seconds: float, tries: int) -> None:
        """Sign in so often within these seconds."""
        began = time.monotonic()
        for number in range(tries):
            time.sleep(max(0.0, began + number * seconds / tries - time.monotonic()))
            self._once(is_known=number % 2 == 0 and bool(self.known))

    def told(self) -> str:
        """Return how it went, in words."""
        heard = f" ({dict(self.heard)})" if self.heard else ""
        second = f", {self.second} let in at the second try" if self.second else ""
        code = f", code after {statistics.median(self.waited):.1f} s" if self.waited else ""
        return f"{self.way}: refused {self.shut_out} of {self.tries}{second}{heard}{code}"

    def _once(self, *, is_known: bool) -> None:
        known = SimpleCookie(self.known) if is_known else None
        browser = Browser(self.house, self.home if is_known else self.house.new_place(), known)
        self.tries += 1
        status, again = self._signed_in(browser)
        if status != 303:
            self.heard[f"{'known' if is_known else 'new'} {status}"] += 1
            if again is None or again() != 303:
                self.shut_out += 1
                return
            self.second += 1
        if not self.known:
            for name, kept in browser.cookies.items():
                if name.endswith("browser"):
                    self.known[kept.key] = kept.value

    def _signed_in(self, browser: Browser) -> tuple[int, Callable[[], int] | None]:
        """Do what the owner does; return the answer and, where the page says so, how to try once
        more.
        """
        before = set(self._letters()) if self.way == "code" else set()
        token = browser.begin(OWNERS[self.way], self.way)
        if not browser.is_asked:
            return browser.status, None
        proof = PASSWORD if self.way == "password" else self._code(before)

        def prove() -> int:
            return browser.post(f"/{self.way}", token, **{self.way: proof})[0]

        def again() -> int:
            time.sleep(browser.retry)
            return prove()

        return prove(), again if browser.retry <= AGAIN else None

    def _code(self, before: set[str]) -> str:
        """Return the code of the newest letter that was not there before, once it is read."""
        began = time.monotonic()
        while time.monotonic() < began + 60:
            if set(self._letters()) - before:
                self.waited.append(time.monotonic() - began)
                time.sleep(READING)
                return list(self._letters().values())[-1]
            time.sleep(0.2)
        return ""

    def _letters(self) -> dict[str, str]:
        """Return the codes that were mailed, oldest first, by letter."""
        mailed = select(Letter).where(Letter.kind == "code").order_by(Letter.created_at)
        codes = {}
        with self.house.app.app_context():
            for letter in db.session.scalars(mailed.where(Letter.created_at > now() - RECENT)):
                found = CODE.search(text_of(letter))
                codes[letter.id] = found[1] if found is not None else ""
            db.session.remove()
        return codes


def poll(house: House, path: str, until: float, took: list[float]) -> None:
    """Ask for one address again and again; keep how many milliseconds each took."""
    browser = Browser(house, house.new_place())
    while time.monotonic() < until:
        began = time.perf_counter()
        status = browser.get(path)[0]
        took.append((time.perf_counter() - began) * 1000)
        assert status == 200, (path, status)
        time.sleep(EVERY if path == "/healthz" else FEED_EVERY)


def percentile(values: list[float]) -> float:
    """Return the 95th."""
    return sorted(values)[int(len(values) * 0.95)] if values else 0.0


def times(house: House, requests: int) -> int:
    """Do three things with kinds of addresses, mixed; print medians and how far apart they lie."""
    mother, father = person_by_key("jordan-mother").email, person_by_key("jordan-father").email
    db.session.rollback()
    kinds = {"known": PATIENT, "unknown": NOBODY, "with consent": mother, "without": father}
    missed = apart(house, "asking for a code", requests, kinds, asked)
    staff = {"known": STAFF, "unknown": NOBODY, "patient": PATIENT}
    missed += apart(house, "asking for a new password", requests, staff, forgot)
    return missed + apart(house, "typing a wrong code", requests // 4, kinds, typed)


def apart(
    house: House,
    name: str,
    requests: int,
    kinds: dict[str, str],
    done: Callable[[Browser, str, str], float],
) -> int:
    """Do one thing with each kind of address, mixed; 1 where the medians lie too far apart."""
    chance = Random(7)
    plan = []
    for _ in range(requests // len(kinds)):
        plan += chance.sample(list(kinds), len(kinds))  # so that a busy minute is everybody's
    took: dict[str, list[float]] = defaultdict(list)
    for number, kind in enumerate(plan):
        browser = Browser(house, house.new_place())
        found = TOKEN.search(browser.get("/")[1])
        assert found is not None
        seconds = done(browser, found[1], kinds[kind])
        if number >= len(kinds) * 5:
            took[kind].append(seconds * 1000)
        browser.line.close()
    medians = {kind: statistics.median(took[kind]) for kind in kinds}
    largest = max(medians.values()) / min(medians.values()) - 1
    told = ", ".join(f"{kind} {value:.2f} ms" for kind, value in medians.items())
    count = f"{name}, {requests} requests"
    print(f"{house.engine:10s} {count}: {told}; {largest:.1%} apart (limit 5%)", flush=True)
    return int(largest > MOST_APART)


def asked(browser: Browser, token: str, address: str) -> float:
    """Ask for a code; return the seconds it took."""
    began = time.perf_counter()
    status = browser.post("/", token, address=address, way="code")[0]
    assert status == 303, status
    return time.perf_counter() - began


def forgot(browser: Browser, token: str, address: str) -> float:
    """Ask for a new password; return the seconds it took."""
    began = time.perf_counter()
    status = browser.post("/password/forgotten", token, address=address)[0]
    assert status == 303, status
    return time.perf_counter() - began


def typed(browser: Browser, token: str, address: str) -> float:
    """Type a wrong code after asking for one; return the seconds it took."""
    browser.post("/", token, address=address, way="code")
    began = time.perf_counter()
    status = browser.post("/code", token, code="000000")[0]
    assert status == 422, status
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())

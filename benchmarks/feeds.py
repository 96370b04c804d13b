"""What a feed costs: processor time per request, beside an empty answer of the same app, Radicale,
a feed rendered on each request, and nginx serving the same bytes; all in one run, in turn, the
Python ones under the same gunicorn.

    python benchmarks/feeds.py [--seconds 1] [--rounds 9]

gunicorn and Radicale go into an environment of their own that is thrown away; nginx and wrk must be
there (Debian: `apt-get install nginx-light wrk`; installed when this may be done). Processor time
is what the server's processes used, from /proc. Other people's work on the machine, or another
machine on the same host, can make a request dearer and slower, never cheaper or faster: each case
gets many short turns, and its cheapest and its fastest count, for all alike.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import create_connection, socket

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
FEW, MANY, HUGE = 120, 1000, 5000
CONNECTIONS = 8
GUNICORN = ("--workers", "2", "--worker-class", "gthread", "--threads", "4", "--log-level", "error")
GUNICORN_WANTED = "gunicorn>=23"
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Case:
    """One question put to one server."""

    name: str
    server: str
    path: str
    etag: str | None = None
    length: int = 1
    """How many times as long as the others it is asked, to be answered at all."""


@dataclass
class Server:
    """A running server: where it listens, and the process whose family's time is counted."""

    port: int
    process: subprocess.Popen[bytes]

    def spent(self) -> float:
        """Processor seconds used so far by the process and its children."""
        return sum(times_of(one) for one in family(self.process.pid))


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += family(int(child))
    return found


def times_of(pid: int) -> float:
    """Return user and system time of one process in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def main() -> int:
    """Measure everything in turn and print ratios; exit 1 when a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    for program, package in (("wrk", "wrk"), ("nginx", "nginx-light")):
        if shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin") is None:
            subprocess.run(
                ["apt-get", "install", "-y", "-q", "--no-install-recommends", package], check=True
            )
    with tempfile.TemporaryDirectory(prefix="feeds-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        extra = throw_away(folder)
        tags = prepare(folder)
        with serving(folder, extra) as servers:
            fill_radicale(servers["radicale"].port, folder)
            return report(measure(cases(tags), servers, asked.seconds, asked.rounds))


def throw_away(folder: Path) -> str:
    """Install gunicorn beside the product, and Radicale with the same gunicorn apart; give the
    former's folder.
    """
    target, pip = folder / "extra", ["-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([sys.executable, *pip, "--target", str(target), GUNICORN_WANTED], check=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder / "radicale")], check=True)
    subprocess.run(
        [str(folder / "radicale/bin/python"), *pip, GUNICORN_WANTED, "radicale>=3.5,<4"], check=True
    )
    return str(target)


def entries(count: int) -> list[object]:
    """Return so many single appointments as the product would tell them."""
    from scheduler.ical import Entry

    at = datetime(2027, 3, 1, tzinfo=UTC)
    words = {
        "title": "Appointment",
        "description": "This is your own page, to see details and to answer.",
    }
    link = "https://clinic.example/i/0123456789abcdef0123456789abcdef0123456789a"
    return [
        Entry(
            uid=f"{number:032x}@clinic.example",
            sequence=0,
            stamp=at,
            changed=at,
            zone="America/New_York",
            start=datetime(2027, 3, 1, 18) + timedelta(days=number % 300, hours=number // 300),
            minutes=60,
            link=link,
            **words,
        )
        for number in range(count)
    ]


def prepare(folder: Path) -> dict[int, str]:
    """Write the product's database with two feeds, and the same bytes as files; give the ETags."""
    from config import Config
    from scheduler import create_app
    from scheduler.feeds.models import Feed
    from scheduler.feeds.render import etag_of
    from scheduler.ical import feed
    from scheduler.kernel.database import db, open_engine
    from scheduler.kernel.ids import new_id, token_hash
    from scheduler.kernel.schema.migrate import upgrade
    from scheduler.people.models import Person, PersonKind

    os.environ |= {"KINFOLD_INSTANCE": str(folder / "instance")}
    settings = Config.from_environment()
    engine = open_engine(settings.database_url, settings.database_key)
    upgrade(engine)
    engine.dispose()
    tags = {}
    with create_app(settings).app_context():
        for count in (FEW, MANY):
            body = feed(entries(count), name="My appointments")  # type: ignore[arg-type]
            person = Person(
                key=f"p-{count}", kind=PersonKind.PATIENT, name="P", email=f"p{count}@x.example"
            )
            db.session.add(person)
            db.session.flush()
            at = datetime(2027, 1, 1, tzinfo=UTC)
            words: dict[str, object] = {
                "made_at": at,
                "changed_at": at,
                "stale_at": datetime(2099, 1, 1, tzinfo=UTC),
            }
            tags[count] = etag_of(body)
            secret = token_hash(str(count) * 14)
            db.session.add(
                Feed(
                    id=new_id(),
                    person_id=person.id,
                    token_hash=secret,
                    body=body,
                    etag=tags[count],
                    **words,
                )
            )
            (folder / f"{count}.ics").write_bytes(body)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return tags


def seconds_of_huge() -> float:
    """Return processor seconds for writing a feed of 5,000 appointments anew, from what is known to
    finished bytes.
    """
    from scheduler.feeds.render import Known, render

    at, first = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 3, 1, 23, tzinfo=UTC)
    known = []
    for number in range(HUGE):
        start = first + timedelta(days=number % 300, minutes=number // 300)
        names = f"{number:032x}@clinic.example", False, "Appointment", "America/New_York"
        known.append(Known(*names, start, start + timedelta(hours=1), 0, at))
    before = time.process_time()
    made = render(known, language=None, now=at)
    spent = time.process_time() - before
    if made.body.count(b"BEGIN:VEVENT") != HUGE:
        raise SystemExit("the large feed does not hold every appointment")
    return spent


def app() -> object:
    """Return the product with two views more: an empty answer, and a feed rendered when it is asked
    for (gunicorn's).
    """
    from flask import Response

    from scheduler import create_app
    from scheduler.ical import feed
    from scheduler.web import Who, allow

    made = create_app()
    made.config["FEED_PACE"].most = 10**9
    shown = {count: entries(count) for count in (FEW, MANY)}

    @allow(Who.TOKEN)
    def empty() -> Response:
        return Response(b"")

    @allow(Who.TOKEN)
    def rendered(count: int) -> Response:
        return Response(feed(shown[count], name="My"), mimetype="text/calendar")  # type: ignore[arg-type]

    # Named as the feed's own, so that all that the product does around a feed is done around these,
    # too.
    made.add_url_rule("/empty", "feed.empty", empty)
    made.add_url_rule("/rendered/<int:count>", "feed.rendered", rendered)
    return made


@contextmanager
def serving(folder: Path, extra: str) -> Iterator[dict[str, Server]]:
    """Run the three servers on this machine."""
    ports = [free_port() for _ in range(3)]
    radicale = folder / "radicale.conf"
    rights = folder / "rights"
    rights.write_text("[all]\nuser: .*\ncollection: .*\npermissions: RrWw\n")
    radicale.write_text(
        f"[auth]\ntype = none\n[rights]\ntype = from_file\nfile = {rights}\n"
        f"[storage]\nfilesystem_folder = {folder / 'collections'}\n[logging]\nlevel = error\n"
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/nginx.log;\n"
        "events { worker_connections 256; }\n"
        f"http {{ access_log off; keepalive_requests 1000000; types {{ text/calendar ics; }}\n"
        f"  server {{ listen 127.0.0.1:{ports[2]}; root {folder}; }} }}\n"
    )
    path = os.pathsep.join([extra, str(HERE), str(HERE.parent)])
    environment = os.environ | {"PYTHONPATH": path, "RADICALE_CONFIG": str(radicale)}
    pythons = sys.executable, str(folder / "radicale/bin/python")
    unicorn, apart = ([one, "-m", "gunicorn", *GUNICORN] for one in pythons)
    commands = {
        "kinfold": [*unicorn, "-b", f"127.0.0.1:{ports[0]}", "feeds:app()"],
        "radicale": [*apart, "-b", f"127.0.0.1:{ports[1]}", "radicale:application"],
        "nginx": [
            shutil.which("nginx", path="/usr/sbin:/usr/bin") or "nginx",
            "-c",
            str(folder / "nginx.conf"),
        ],
    }
    running: dict[str, Server] = {}
    try:
        for (name, command), port in zip(commands.items(), ports, strict=True):
            running[name] = Server(port, subprocess.Popen(command, env=environment, cwd=folder))
        for server in running.values():
            wait_for(server.port)
        yield running
    finally:
        for server in running.values():
            server.process.send_signal(signal.SIGTERM)
        for server in running.values():
            server.process.wait(20)


def free_port() -> int:
    """Return a free port of this machine."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until a server listens, at most a minute."""
    for _ in range(300):
        try:
            create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"nothing listens on {port}")


def fill_radicale(port: int, folder: Path) -> None:
    """Put the same feeds into Radicale as calendars."""
    parent = urllib.request.Request(f"http://127.0.0.1:{port}/u/", method="MKCOL")
    urllib.request.urlopen(parent, timeout=60).close()
    for count in (FEW, MANY):
        body = (folder / f"{count}.ics").read_bytes()
        url = f"http://127.0.0.1:{port}/u/c{count}/"
        asked = urllib.request.Request(url, body, {"Content-Type": "text/calendar"}, method="PUT")
        with urllib.request.urlopen(asked, timeout=300) as answer:
            assert answer.status == 201
        with urllib.request.urlopen(url, timeout=300) as answer:
            assert answer.read().count(b"BEGIN:VEVENT") == count


def cases(tags: dict[int, str]) -> list[Case]:
    """Return what is asked of whom."""
    found = [Case("empty answer", "kinfold", "/empty")]
    for count in (FEW, MANY):
        feed = f"/feeds/{str(count) * 14}.ics"
        found += [
            Case(f"feed {count}, 200", "kinfold", feed),
            Case(f"feed {count}, 304", "kinfold", feed, f'"{tags[count]}"'),
            Case(f"rendered {count}", "kinfold", f"/rendered/{count}"),
            Case(f"Radicale {count}", "radicale", f"/u/c{count}/", length=1 if count == FEW else 5),
            Case(f"nginx {count}, 200", "nginx", f"/{count}.ics"),
        ]
    return found


def measure(
    wanted: list[Case], servers: dict[str, Server], seconds: float, rounds: int
) -> dict[str, tuple[float, float]]:
    """Return processor microseconds and requests a second of each case: the best of rounds taken in
    turn.
    """
    found: dict[str, list[tuple[float, float]]] = {case.name: [] for case in wanted}
    for number in range(rounds + 1):
        for case in wanted:
            made = once(case, servers[case.server], seconds * case.length)
            if number:  # the first round only warms up
                found[case.name].append(made)
    return {
        name: (min(cost for cost, _ in runs), max(rate for _, rate in runs))
        for name, runs in found.items()
    }


def once(case: Case, server: Server, seconds: float) -> tuple[float, float]:
    """Ask for some seconds; give processor microseconds a request, and requests a second."""
    headers = ["-H", f"If-None-Match: {case.etag}"] if case.etag else []
    words = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{max(1, round(seconds))}s",
        "--timeout",
        "30s",
        *headers,
    ]
    before = server.spent()
    said = subprocess.run(
        [*words, f"http://127.0.0.1:{server.port}{case.path}"],
        capture_output=True,
        text=True,
        check=True,
    )
    spent = server.spent() - before
    if "Non-2xx" in said.stdout:
        raise SystemExit(f"{case.name}: {said.stdout}")
    line = next(line for line in said.stdout.splitlines() if " requests in " in line)
    done = int(line.split()[0])
    length = float(line.split(" in ")[1].split(",")[0].removesuffix("s").replace("m", "") or 1)
    return spent / max(done, 1) * 1e6, done / length


def report(found: dict[str, tuple[float, float]]) -> int:
    """Print the table and the bars; give the exit code."""
    floor = found["empty answer"][0]
    print(f"\n{'case':<20}{'CPU µs':>10}{'× empty':>10}{'req/s':>10}")
    for name, (cost, rate) in found.items():
        print(f"{name:<20}{cost:>10.0f}{cost / floor:>10.2f}{rate:>10.0f}")
    few, many = f"feed {FEW}", f"feed {MANY}"
    bars = (
        (f"{few}, 200 / empty", found[f"{few}, 200"][0] / floor, "<=", 1.5),
        (f"{few}, 304 / empty", found[f"{few}, 304"][0] / floor, "<=", 1.3),
        (f"304: {MANY} / {FEW}", found[f"{many}, 304"][0] / found[f"{few}, 304"][0], "<=", 1.1),
        (
            f"{few} / Radicale, rate",
            found[f"{few}, 200"][1] / found[f"Radicale {FEW}"][1],
            ">=",
            30.0,
        ),
    )
    missed = 0
    print()
    for name, value, sign, bar in bars:
        holds = value <= bar if sign == "<=" else value >= bar
        missed += not holds
        print(f"{'holds ' if holds else 'MISSED'}  {name:<28}{value:>8.2f}   {sign} {bar:g}")
    spent = seconds_of_huge()
    missed += spent > 1
    print(
        f"{'holds ' if spent <= 1 else 'MISSED'}  {HUGE} written anew, CPU s      {spent:>8.2f}  "
        " <= 1"
    )
    print(
        f"        rendered / {few}, CPU       "
        f"{found[f'rendered {FEW}'][0] / found[f'{few}, 200'][0]:>8.2f}"
    )
    print(
        f"        {few} / nginx, CPU          "
        f"{found[f'{few}, 200'][0] / found[f'nginx {FEW}, 200'][0]:>8.2f}"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Letters side by side: our outbox end to end, a bare loop, and procrastinate; and what is due
among many waiting.

    .venv/bin/python -m benchmarks.outbox [--letters 600] [--rounds 9] [--most 10000000] [--engine
    sqlite|postgresql]

The same letter (5.8 KB) goes to the same mail server, which runs in a process of its own. The three
take turns, so that a busy machine is busy for all. *bare*: smtplib on one connection, and per
letter the two commits that any outbox needs ("being handed over", "sent"), by the same driver.
*ours*: claim, gate, both phases, settle. *procrastinate* (installed into a throw-away environment):
one job a letter, its worker, the same smtplib connection kept open.
"""

import argparse
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import psycopg
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import insert, text

from conftest import KEY, settings
from fakes.postgres import Postgres, free_port
from household import NOW, stand_up
from scheduler import create_app, outbox
from scheduler.kernel.database import PRAGMAS, _key_bytes, db, open_engine
from scheduler.kernel.ids import new_id
from scheduler.kernel.schema.migrate import upgrade
from scheduler.outbox.models import Basis, Letter, LetterState
from scheduler.programs import Kind
from scheduler.worker.delivery_loop import deliver_due

CHUNK = 500_000
"""Letters written in one transaction."""
SINK = """
import asyncio, sys
async def talk(reader, writer):
    writer.write(b"220 sink\\r\\n")
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"DATA":
            writer.write(b"354 go on\\r\\n")
            await reader.readuntil(b"\\r\\n.\\r\\n")
        writer.write(b"221 bye\\r\\n" if verb == b"QUIT" else b"250 ok\\r\\n")
        if verb == b"QUIT":
            break
    writer.close()
async def main():
    async with await asyncio.start_server(talk, "127.0.0.1", int(sys.argv[1])) as server:
        print("ready", flush=True)
        await server.serve_forever()
asyncio.run(main())
"""

PEER = """
import smtplib, sys, time, pathlib
import procrastinate
dsn, port, many = sys.argv[1], int(sys.argv[2]), int(sys.argv[4])
mime = pathlib.Path(sys.argv[3]).read_bytes()
app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=dsn))
link = None
@app.task(name="send", retry=5)
def send(number):
    global link
    if link is None:
        link = smtplib.SMTP("127.0.0.1", port)
        link.ehlo()
    link.mail("us@x.example"); link.rcpt("m@family.example"); link.data(mime)
import asyncio
async def main():
    async with app.open_async():
        if sys.argv[5] == "schema":
            await app.schema_manager.apply_schema_async()
            return
        await send.batch_defer_async(*({"number": n} for n in range(many)))
        began = time.perf_counter()
        quiet = {"install_signal_handlers": False, "listen_notify": False}
        await app.run_worker_async(wait=False, concurrency=1, **quiet)
        print(many / (time.perf_counter() - began))
asyncio.run(main())
"""

HEAD = b"From: us@x.example\r\nTo: m@family.example\r\nSubject: Appointment\r\n\r\n"
MIME = HEAD + (b"An appointment. " * 4 + b"\r\n") * 88


def rows(home: dict[str, str], many: int, due: datetime) -> list[dict[str, object]]:
    """Give letters to the mother, under her consent: the gate has something to judge."""
    same = {
        "kind": "invitation",
        "mime": MIME,
        "message_id": "<x@x.example>",
        "sequence": 0,
        "created_at": NOW,
    }
    same |= {
        "state": LetterState.WAITING,
        "due_at": due,
        "basis": Basis.GRANT,
        "covers_until": NOW,
    } | home
    return [
        same | {"id": each, "dedupe_key": each, "uid": each}
        for each in (new_id() for _ in range(many))
    ]


class Ours:
    """The product on one engine."""

    def __init__(self, url: str, smtp_url: str) -> None:
        self.smtp_url = smtp_url
        engine = open_engine(url, KEY)
        upgrade(engine)
        engine.dispose()
        self.app = create_app(settings(url, smtp_url=smtp_url))
        with self.app.app_context():
            home = stand_up()
            (grant,) = home.consent()
            self.home = {
                "recipient_id": home.mother.id,
                "address": home.mother.email,
                "grant_id": grant.id,
            }
            self.home |= {"subject_id": home.jordan.id, "purpose": Kind.FAMILY_THERAPY.value}
            db.session.commit()

    def letters(self, many: int) -> float:
        """Give letters a second, from waiting to sent."""
        with self.app.app_context():
            db.session.execute(insert(Letter), rows(self.home, many, NOW - timedelta(minutes=5)))
            db.session.commit()
            db.session.remove()
            began = time.perf_counter()
            done = deliver_due("benchmark", self.smtp_url)
            assert done.sent == many, done
            return many / (time.perf_counter() - began)

    def due(self) -> float:
        """Return the seconds of one question for what is due, with fifty due: claimed, and
        undone.
        """
        with self.app.app_context():
            took = []
            for _ in range(15):
                began = time.perf_counter()
                claimed = outbox.claim("benchmark", now=datetime.now(UTC))
                took.append(time.perf_counter() - began)
                assert len(claimed) == outbox_batch(), len(claimed)
                db.session.rollback()
            return statistics.median(took)

    def wait_for_later(self, first: int, last: int) -> None:
        """Add the letters numbered from `first` to before `last`; they are due in the coming
        year.
        """
        with self.app.app_context():
            db.session.execute(insert(Letter), rows(self.home, 1, NOW + timedelta(days=1)))
            sqlite = db.engine.dialect.name == "sqlite"
            db.session.execute(
                text(
                    "DROP TRIGGER IF EXISTS letters_gate_insert" + ("" if sqlite else " ON letters")
                )
            )
            for begin in range(first, last, CHUNK):
                self._write_waiting(begin, min(begin + CHUNK, last), sqlite=sqlite)
            db.session.execute(text("ANALYZE letters"))
            db.session.commit()
            db.session.remove()

    def _write_waiting(self, first: int, last: int, *, sqlite: bool) -> None:
        """Names rise with the number, so that indexes grow at their end: at random ten million take
        hours.
        """
        numbers = (
            f"WITH RECURSIVE n(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM n WHERE n < "
            f"{last - 1})"
            if sqlite
            else f"WITH n AS (SELECT generate_series({first}, {last - 1}) AS n)"
        )
        later = "strftime('%Y-%m-%d %H:%M:%f000', due_at, '+' || (n * 3) || ' seconds')"
        later = later if sqlite else "due_at + n * interval '3 seconds'"
        fresh = "printf('%032d', n)" if sqlite else "lpad(n::text, 32, '0')"
        names = [column.name for column in Letter.__table__.columns]
        takes = {
            "id": fresh,
            "dedupe_key": fresh,
            "due_at": later,
            "mime": "x''" if sqlite else "''::bytea",
        }
        takes |= {"uid": fresh}
        db.session.execute(
            text(
                f"{numbers} INSERT INTO letters ({', '.join(names)}) "
                f"SELECT {', '.join(takes.get(name, name) for name in names)} "
                f"FROM n, (SELECT * FROM letters WHERE due_at > '{NOW:%Y-%m-%d %H:%M:%S}' ORDER "
                "BY due_at LIMIT 1) one"
            )
        )
        db.session.commit()


def outbox_batch() -> int:
    """Return how many letters one claim takes."""
    from scheduler.outbox.leases import BATCH

    return BATCH


def bare(connection: object, port: int, many: int, mark: str) -> float:
    """Give letters a second of the plainest loop that still knows what it did."""
    names = [new_id() for _ in range(many)]
    run: Callable[..., object] = connection.execute  # type: ignore[attr-defined]
    run("BEGIN")
    for name in names:
        run(f"INSERT INTO bare (id, state, mime) VALUES ({mark}, 'waiting', {mark})", (name, MIME))
    run("COMMIT")
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as link:
        link.ehlo()
        for name in names:
            run("BEGIN")
            run(f"UPDATE bare SET state = 'handing' WHERE id = {mark}", (name,))
            run("COMMIT")
            link.mail("us@x.example")
            link.rcpt("m@family.example")
            link.data(MIME)
            run("BEGIN")
            run(f"UPDATE bare SET state = 'sent' WHERE id = {mark}", (name,))
            run("COMMIT")
    return many / (time.perf_counter() - began)


def plain(url: str) -> tuple[object, str]:
    """Open the same engine by its driver alone, and make the bare loop's table."""
    if url.startswith("sqlite"):
        connection = sqlcipher.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute(f"PRAGMA key=\"x'{_key_bytes(KEY)}'\"")
        for pragma in PRAGMAS:
            connection.execute(pragma)
        mark = "?"
    else:
        connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        mark = "%s"
    kind = "BLOB" if mark == "?" else "BYTEA"
    connection.execute(f"CREATE TABLE bare (id TEXT PRIMARY KEY, state TEXT, mime {kind})")
    return connection, mark


class Peer:
    """procrastinate in an environment of its own."""

    def __init__(self, folder: Path, dsn: str, port: int) -> None:
        venv.create(folder / "peer", with_pip=True)
        self.python = folder / "peer" / "bin" / "python"
        packages = ["procrastinate>=3.10,<4", "psycopg[binary]>=3.2,<4"]
        install = [
            self.python,
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            *packages,
        ]
        subprocess.run(install, check=True, stderr=subprocess.DEVNULL)
        (folder / "letter").write_bytes(MIME)
        self.words = [self.python, "-c", PEER, dsn, str(port), str(folder / "letter")]
        subprocess.run([*self.words, "0", "schema"], check=True, stderr=subprocess.DEVNULL)

    def letters(self, many: int) -> float:
        """Give letters a second of its worker."""
        said = subprocess.run(
            [*self.words, str(many), "run"], check=True, capture_output=True, text=True
        )
        return float(said.stdout.split()[-1])


def main() -> None:
    """Print the tables."""
    ask = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ask.add_argument("--letters", type=int, default=600)
    ask.add_argument("--rounds", type=int, default=9)
    ask.add_argument("--most", type=int, default=10_000_000)
    ask.add_argument("--engine", choices=["sqlite", "postgresql"], action="append")
    said = ask.parse_args()
    port = free_port()
    with tempfile.TemporaryDirectory() as name, Postgres(durable=True) as server:
        folder = Path(name)
        sink = subprocess.Popen([sys.executable, "-c", SINK, str(port)], stdout=subprocess.PIPE)
        assert sink.stdout is not None and sink.stdout.readline()
        try:
            server.run("CREATE DATABASE peer")
            peer = Peer(folder, server.url("peer"), port)
            for engine in said.engine or ["sqlite", "postgresql"]:
                measure(engine, server, folder, peer, port, said)
        finally:
            sink.kill()
            sink.wait()


def measure(
    engine: str, server: Postgres, folder: Path, peer: "Peer", port: int, said: argparse.Namespace
) -> None:
    """Measure one engine."""
    server.run("CREATE DATABASE ours")
    url = f"sqlite:///{folder / 'ours.db'}"
    if engine == "postgresql":
        url = server.url("ours").replace("postgresql://", "postgresql+psycopg://")
    ours = Ours(url, f"smtp://127.0.0.1:{port}?starttls=off")
    connection, mark = plain(url)
    contestants: dict[str, Callable[[int], float]] = {
        "ours": ours.letters,
        "bare": lambda many: bare(connection, port, many, mark),
        "procrastinate": peer.letters,
    }
    rates: dict[str, list[float]] = {each: [] for each in contestants}
    for _ in range(said.rounds):
        for each, run in contestants.items():
            rates[each].append(run(said.letters))
    for each, found in rates.items():
        ratio = statistics.median(a / b for a, b in zip(rates["ours"], found, strict=True))
        print(
            f"{engine:11} {each:14} {statistics.median(found):8.0f} letters/s   ours/{each} "
            f"{ratio:5.2f}",
            flush=True,
        )
    with suppress(Exception):
        connection.close()  # type: ignore[attr-defined]
    print_due(engine, ours, said.most)
    server.run("DROP DATABASE ours WITH (FORCE)")


def print_due(engine: str, ours: Ours, most: int) -> None:
    """Print how long it takes to find what is due, among ever more that wait."""
    with ours.app.app_context():
        db.session.execute(insert(Letter), rows(ours.home, 50, NOW - timedelta(minutes=5)))
        db.session.commit()
        db.session.remove()
    waiting, first = 0, 0.0
    for many in (10_000, 100_000, 1_000_000, 10_000_000):
        if many > most:
            break
        ours.wait_for_later(waiting, many)
        waiting = many
        took = ours.due()
        first = first or took
        said = f"{1000 * took:6.2f} ms   {took / first:4.2f} of the first"
        print(f"{engine:11} due among {many:>10,} waiting: {said}", flush=True)


if __name__ == "__main__":
    main()

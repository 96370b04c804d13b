"""How long a clinic file of many patients takes: loaded first, loaded again, written out.

    .venv/bin/python benchmarks/clinic_file.py [--patients 100 500 2000] [--engine sqlite]

Four patients a cohort, a relative with a consent for every second one. Prints seconds of this
process and its memory, each beside its limit at 2,000 patients (10 s, 300 MB); every size runs in a
process of its own. Exit 1 when a limit is missed.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

from house import house  # noqa: E402

from conftest import KEY as DATABASE_KEY  # noqa: E402
from conftest import settings  # noqa: E402
from end_to_end.elm_street import BEFORE  # noqa: E402
from fakes.postgres import Postgres  # noqa: E402
from scheduler import create_app  # noqa: E402
from scheduler.clinics import export, load, read  # noqa: E402
from scheduler.kernel.database import db, open_engine  # noqa: E402
from scheduler.kernel.schema.migrate import upgrade  # noqa: E402

A_COHORT = 4
MOST_SECONDS = 10
MOST_MEGABYTES = 300


@contextmanager
def database(engine: str) -> Iterator[str]:
    """Give the address of an empty database."""
    if engine == "postgresql":
        with Postgres(durable=True) as server:
            server.run("CREATE DATABASE house")
            yield server.url("house")
        return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/house.db"


def took(deed: Callable[[], object]) -> float:
    """Do something and return the seconds of this process that it took."""
    begin = time.process_time()
    deed()
    return time.process_time() - begin


def measure(engine: str, patients: int) -> None:
    """Load a file twice and write it out; print what each took."""
    data = json.dumps(house(patients // A_COHORT)).encode()

    def loaded() -> None:
        load(read(data), by="command", now=BEFORE)
        db.session.commit()

    with database(engine) as url:
        opened = open_engine(url, DATABASE_KEY)
        upgrade(opened)
        opened.dispose()
        with create_app(settings(url)).app_context():
            first = took(loaded)
            db.session.remove()
            again = took(loaded)
            db.session.remove()
            out = took(export)
            db.session.remove()
            db.engine.dispose()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{engine:10s} {patients:5d} patients: loaded in {first:.2f} s "
        f"({first / MOST_SECONDS:.2f} of the limit), again in {again:.2f} s, written out in "
        f"{out:.2f} s, {memory:.0f} MB ({memory / MOST_MEGABYTES:.2f} of the limit)",
        flush=True,
    )
    sys.exit(1 if first > MOST_SECONDS or memory > MOST_MEGABYTES else 0)


def main() -> int:
    """Measure each size in a process of its own; 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, nargs="+", default=[100, 500, 2000])
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], action="append")
    said = parser.parse_args()
    missed = 0
    apart = multiprocessing.get_context("spawn")
    for engine in said.engine or ["sqlite", "postgresql"]:
        for patients in said.patients:
            child = apart.Process(target=measure, args=(engine, patients))
            child.start()
            child.join()
            missed += child.exitcode != 0
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

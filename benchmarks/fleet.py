"""A fleet in small: many practices, one PostgreSQL database each, one worker going round; what a
practice costs.

    .venv/bin/python benchmarks/fleet.py [--practices 20] [--patients 100]

Prints the work (processor seconds of this process) of one practice's tick, the size of its
database, and what one machine could carry by arithmetic; the arithmetic is printed as such.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

from sqlalchemy import text  # noqa: E402

from conftest import settings  # noqa: E402
from fakes.postgres import Postgres  # noqa: E402
from reminders import NOW, populate  # noqa: E402
from scheduler import create_app  # noqa: E402
from scheduler.kernel.clock import turned_to  # noqa: E402
from scheduler.kernel.database import db, open_engine  # noqa: E402
from scheduler.kernel.schema.migrate import upgrade  # noqa: E402
from scheduler.worker.jobs import Turn, do_deeds  # noqa: E402

PULSE = 5.0
"""Seconds between two ticks; every twelfth puts reminders in place."""


def main() -> None:
    """Stand the fleet up, go round it, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--practices", type=int, default=20)
    parser.add_argument("--patients", type=int, default=100)
    said = parser.parse_args()
    with Postgres(durable=True) as server:
        server.run("CREATE DATABASE model")
        engine = open_engine(server.url("model").replace("postgresql:", "postgresql+psycopg:"), "")
        upgrade(engine)
        engine.dispose()
        first, minute, tick, sizes = [], [], [], []
        for number in range(said.practices):
            server.run(f"CREATE DATABASE practice_{number} TEMPLATE model")
            app = create_app(settings(server.url(f"practice_{number}")))
            with app.app_context(), turned_to(lambda: NOW):
                populate(said.patients)
                first.append(work(make=True))
                minute.append(work(make=True))
                tick.append(statistics.median(work(make=False) for _ in range(5)))
                sizes.append(
                    db.session.execute(
                        text("SELECT pg_database_size(current_database())")
                    ).scalar_one()
                )
                db.session.remove()
                db.engine.dispose()
    report(said, *(statistics.median(each) for each in (first, minute, tick, sizes)))


def work(*, make: bool) -> float:
    """Return the processor seconds of one tick of one practice, its database's apart."""
    began = time.process_time()
    assert do_deeds(Turn(make)) == []
    return time.process_time() - began


def report(said: argparse.Namespace, first: float, minute: float, tick: float, size: float) -> None:
    """Print what was measured, then what follows by arithmetic."""
    print(
        f"measured, {said.practices} practices of {said.patients} patients, median of a practice:"
    )
    print(f"  first tick (reminders of eight days put in place) {first * 1e3:8.1f} ms of work")
    print(f"  a tick that looks at eight days, once a minute    {minute * 1e3:8.1f} ms of work")
    print(
        f"  any other tick, every {PULSE:g} s                        {tick * 1e3:8.1f} ms of work"
    )
    print(f"  its database                                      {size / 1e6:8.1f} MB")
    share = minute / 60 + tick * 11 / 60
    print("arithmetic:")
    many = 0.5 / share
    print(
        f"  a worker takes {share * 100:.2f} % of a core for a practice; half a core carries "
        f"{many:,.0f} practices"
    )


if __name__ == "__main__":
    main()

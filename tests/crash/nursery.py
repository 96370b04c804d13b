"""A process that bears postmen: each line it reads asks for one more, and is answered with its
process number.

A postman carries what is due, again and again, until somebody kills it. The dead are not buried
while this process lives: no number is given twice, and nobody else is killed in their place. Leases
last three seconds here instead of sixty, so that a storm of minutes holds what a house sees in a
day.
"""

import gc
import itertools
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent.parent)]

from sqlalchemy.exc import OperationalError  # noqa: E402
from sqlalchemy.ext.compiler import compiles  # noqa: E402

from conftest import settings  # noqa: E402
from scheduler import create_app  # noqa: E402
from scheduler.kernel.database import InAMinute, db  # noqa: E402
from scheduler.outbox import claim  # noqa: E402
from scheduler.worker.delivery_loop import deliver_due  # noqa: E402


@compiles(InAMinute, "sqlite")
def _soon_sqlite(_element: Any, _compiler: Any, **_more: Any) -> str:
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now', '+3 seconds')"


@compiles(InAMinute, "postgresql")
def _soon_postgresql(_element: Any, _compiler: Any, **_more: Any) -> str:
    return "clock_timestamp() + interval '3 seconds'"


def main(database_url: str, smtp_url: str) -> None:
    """Bear postmen until there are no more orders."""
    app = create_app(settings(database_url, smtp_url=smtp_url))
    with app.app_context():
        claim(
            "nobody", now=datetime(2000, 1, 1, tzinfo=UTC)
        )  # nothing is due then; the statements are known now
        db.session.rollback()
        db.engine.dispose()
    gc.freeze()
    numbers = itertools.count()
    for _ in sys.stdin:
        number = next(numbers)
        child = os.fork()
        if child:
            print(child, flush=True)
            continue
        with app.app_context():
            while os.getppid() != 1:
                try:
                    deliver_due(f"postman {number}", smtp_url)
                except OperationalError:
                    db.session.rollback()  # the one who is killed may leave a lock for a moment
                time.sleep(0.02)
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])

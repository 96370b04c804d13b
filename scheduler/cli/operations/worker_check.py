"""What `doctor` says of the worker, and of the programs it tells."""

from datetime import timedelta

from scheduler import outbox
from scheduler.config import Config
from scheduler.kernel import clock
from scheduler.kernel.errors import KinfoldError
from scheduler.webhooks import all_webhooks, failing

ALIVE = timedelta(minutes=5)
"""A worker whose last tick is older is gone: its own watchdog would have ended it."""


def check_worker(_: Config) -> str:
    """Return when the worker last looked. Raises KinfoldError for one that ended by itself; none at
    all is no fault, for none is started before a first look at an installation.
    """
    ticked = outbox.newest_tick()
    if ticked is None:
        return "none is running: letters leave once flask --app wsgi worker run does"
    if ticked < clock.now() - ALIVE:
        raise KinfoldError(
            f"it has done nothing since {ticked:%Y-%m-%d %H:%M} UTC and was not stopped: see its "
            "log and start it again (flask --app wsgi worker run)"
        )
    return f"it last looked at {ticked:%Y-%m-%d %H:%M} UTC"


def check_webhooks(_: Config) -> str:
    """Return how many programs are told. Raises KinfoldError where one does not take it."""
    faults = failing()
    if faults:
        raise KinfoldError(f"a program is not told: {'; '.join(faults)}")
    told = [row for row in all_webhooks() if row.ended_at is None]
    return f"{len(told)} are told, and take it"

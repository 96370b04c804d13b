"""What `doctor` says of the worker, of the programs it tells, and of what the extras would add."""

from datetime import timedelta

from scheduler import outbox
from scheduler.config import Config
from scheduler.kernel import clock
from scheduler.kernel.errors import KinfoldError
from scheduler.kernel.installation import EXTRAS, has_extra, how_to_add
from scheduler.people import passkeys_by_host
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


def check_extras(_: Config) -> str:
    """Return which extras are here and what follows without the others. Raises KinfoldError for
    passkeys in use that nothing here can check.
    """
    lacking = [name for name in EXTRAS if not has_extra(name)]
    if not lacking:
        return f"{', '.join(EXTRAS)} are installed"
    said = [f"{_without(name)} ({how_to_add(name)})" for name in lacking]
    in_use = sum(passkeys_by_host().values())
    if "passkeys" in lacking and in_use:
        raise KinfoldError(f"{in_use} passkeys are in use; {'; '.join(said)}")
    return "; ".join(said)


def _without(extra: str) -> str:
    """Return what follows where an extra is not installed."""
    if extra == "passkeys":
        return "no passkeys: nobody can add or use one here"
    if extra == "age":
        return "no age: copies open with their SECRET_KEY alone"
    if outbox.worker_plans(within=ALIVE, now=clock.now()):
        return "no OR-Tools: the worker is asked to plan"
    return "no OR-Tools, and no worker that has it: the search plans alone, and may leave out more"

"""Reading clinicians' calendars that are due, one after the other; no transaction is open while a
server answers.
"""

from collections.abc import Callable
from functools import partial

from scheduler import busy
from scheduler.kernel import clock
from scheduler.kernel.untrusted.safe_http import OPEN_INTERNET, Network
from scheduler.worker.transactions import in_transaction

MOST = 20
"""Calendars in one go; the next go takes the rest."""


def read_calendars(*, stopping: Callable[[], bool] = bool, reach: Network = OPEN_INTERNET) -> int:
    """Read what is due now, until `stopping` says so; return how many. A calendar that fails is
    tried again later.
    """
    for count in range(MOST):
        if stopping():
            due = None
        else:
            due = in_transaction(lambda: busy.claim(now=clock.now()))
        if due is None:
            return count
        seen = busy.look(due, reach=reach)
        in_transaction(partial(_settle, due, seen))
    return MOST


def _settle(due: busy.Due, seen: busy.Seen) -> None:
    busy.settle(
        due,
        seen,
        now=clock.now(),
    )

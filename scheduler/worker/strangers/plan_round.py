"""Plans that nodes without a solver ask for, made one after the other beside the ticks; no
transaction is open while one is being made.
"""

from collections.abc import Callable

from scheduler import planning
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.kernel.errors import KinfoldError
from scheduler.kernel.installation import has_extra
from scheduler.kernel.logs import Log
from scheduler.planning.proposals.models import PlanJob
from scheduler.worker.transactions import in_transaction

log = Log(__name__)

MOST = 20
"""Plans in one go; the next go makes the rest."""
BROKE = "something broke on our side; ask again"


def make_plans_asked_for(*, stopping: Callable[[], bool] = bool) -> int:
    """Make what waits, until `stopping` says so; return how many. Without a solver none is made."""
    if not has_extra("planner"):
        return 0
    for count in range(MOST):
        job_id = None
        if not stopping():
            job_id = in_transaction(lambda: planning.take_plan_job(now=clock.now()))
        if job_id is None:
            return count
        _make(job_id, stopping)
    return MOST


def _make(job_id: str, stopping: Callable[[], bool]) -> None:
    """Make one plan; whatever happens, its row says what it came to."""
    try:
        asked = in_transaction(lambda: planning.begin_plan_job(job_id, now=clock.now()))
        plan = planning.make_plan(
            asked.task.problem,
            seconds=asked.seconds,
            seed=asked.seed,
            stopped=stopping,
        )
        in_transaction(lambda: planning.keep_plan_job(asked, plan, now=clock.now()))
    except KinfoldError as error:
        said = str(error)
        in_transaction(lambda: _give_up(job_id, said))
    except Exception as error:
        log.error("plan_broke", error=error)
        in_transaction(lambda: _give_up(job_id, BROKE))


def _give_up(job_id: str, why: str) -> None:
    job = db.session.get_one(PlanJob, job_id)
    planning.fail_plan_job(job, why, now=clock.now())

"""The worker: APScheduler as a clock, one tick at a time, until it is asked to stop."""

import gc
import signal
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.job import Job
from apscheduler.schedulers.background import BackgroundScheduler

from scheduler import consents, invitations, outbox
from scheduler.config import Config
from scheduler.kernel import clock, logs
from scheduler.kernel.database import database_now, db
from scheduler.kernel.errors import Misconfigured, NotFound
from scheduler.kernel.schema.migrate import current
from scheduler.worker.delivery_loop import Round, deliver_due
from scheduler.worker.heartbeat import Pulse, Watchdog, tell_supervisor
from scheduler.worker.imap_watch import Watch
from scheduler.worker.invariant_check import InvariantCheck
from scheduler.worker.jobs import Pace, Turn, do_deeds, make_codes
from scheduler.worker.lmtp_server import ReplyDoor
from scheduler.worker.mail_token import TokenCommand
from scheduler.worker.strangers.busy_refresh import read_calendars
from scheduler.worker.strangers.event_round import tell_programs
from scheduler.worker.strangers.plan_round import make_plans_asked_for
from scheduler.worker.transactions import in_transaction

log = logs.Log(__name__)

PROMPT = 1
"""Seconds between two looks, at most, for what somebody waits for before a page: codes, plans."""
LOOK = 15
"""Seconds between two looks for clinicians' calendars that are due."""
UNTRUE = 30.0
"""Seconds a machine's clock may differ from the database's before it carries nothing."""
# A tick that outlasts its pulse is no news: the next one finds what is due.
logs.quieten("apscheduler")


class Worker:
    """One worker process; `context` opens what a thread needs to reach the database."""

    def __init__(
        self, settings: Config, context: Callable[[], AbstractContextManager[object]]
    ) -> None:
        self.context = context
        self.settings = settings
        self.heart = Pulse()
        self.pace = Pace()
        self.look = InvariantCheck(clock.now())
        self.patience = (
            timedelta() if settings.demo else invitations.PATIENCE
        )  # a first look need not wait
        self.watchdog = Watchdog(self.settings.tick_seconds)
        self.stop = threading.Event()
        self.beaten = time.monotonic()
        self.done: dict[str, datetime] = {}

    def run(self, say: Callable[[str], object]) -> None:
        """Tick until SIGTERM or Ctrl-C, finishing the letter in hand. Raises Misconfigured,
        Conflict.
        """
        self._begin()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop.set())
        door = self._open_door()
        jobs = self._start_clock()
        self.watchdog.start()
        settle_memory()
        log.info(
            "worker_began",
            node=self.heart.node,
            seconds=self.settings.tick_seconds,
        )
        for words in self.first_words():
            say(words)
        tell_supervisor("READY=1")
        self.stop.wait()
        tell_supervisor("STOPPING=1")
        jobs.shutdown(wait=True)
        if door is not None:
            door.stop()
        with self.context():
            in_transaction(lambda: self.heart.end(now=clock.now()))
        log.info("worker_ended", node=self.heart.node)

    def first_words(self) -> list[str]:
        """Return what is said when it begins: that it runs, and that no letter can leave where no
        mail server is set.
        """
        said = [f"worker {self.heart.node} runs; a tick every {self.settings.tick_seconds:g} s"]
        if self.settings.smtp_url is None:
            said.append("SMTP_URL is not set: no letter leaves. Letters wait until it is.")
        return said

    def _begin(self) -> None:
        """Look whether this worker may run at all, and write its first beat."""
        with self.context():
            require_gate()
            require_neutral_names()
            fresh = timedelta(seconds=max(60.0, 6 * self.settings.tick_seconds))
            alone = db.engine.dialect.name == "sqlite"
            in_transaction(lambda: self.heart.begin(now=clock.now(), alone=alone, fresh=fresh))

    def _start_clock(self) -> BackgroundScheduler:
        """Tick at once and then at every interval; a job that outlasts its interval is not begun
        twice.
        """
        jobs = BackgroundScheduler(timezone=UTC)
        alone = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        seconds = self.settings.tick_seconds
        job = jobs.add_job(
            self.tick, "interval", seconds=seconds, next_run_time=clock.now(), **alone
        )
        jobs.add_job(lambda: self.answer(job), "interval", seconds=PROMPT, **alone)
        jobs.add_job(self.read, "interval", seconds=LOOK, **alone)
        jobs.add_job(self.tell, "interval", seconds=seconds, **alone)
        jobs.add_job(self.plan, "interval", seconds=min(seconds, PROMPT), **alone)
        jobs.start()
        self.watchdog.jumped = partial(_tick_now, job)
        return jobs

    def tick(self) -> None:
        """Do all that is due once."""
        try:
            with self.context():
                make = self.pace.is_time(clock.now())
                do_deeds(Turn(make, self.patience, self.done))
                url = self.settings.smtp_url
                if (url or outbox.gateway()) and self._agrees():
                    deliver_due(
                        self.heart.owner,
                        url,
                        stopping=self.stop.is_set,
                        alive=self._live,
                    )
                self.look.take(clock.now())
                in_transaction(lambda: self.heart.beat(now=clock.now()))
            self.watchdog.pat()
        except Exception as error:
            # The clock must outlive one bad tick; without a finished tick the watchdog ends the
            # process.
            log.error("tick_failed", error=error)

    def answer(self, tick: Job) -> None:
        """Make the codes that were asked for, beside the ticks, and let a tick carry them at once:
        somebody waits at a page.
        """
        try:
            with self.context():
                if make_codes():
                    tick.modify(next_run_time=clock.now())
        except Exception as error:
            # The clock must outlive it, as a tick.
            log.error("codes_not_carried", error=error)

    def read(self) -> None:
        """Read the clinicians' calendars that are due, beside the ticks: a stranger's server delays
        no letter.
        """
        try:
            with self.context():
                read_calendars(stopping=self.stop.is_set)
        except Exception as error:
            # Whatever went wrong, the calendar is due again; the clock must outlive it.
            log.error("calendars_not_read", error=error)

    def tell(self) -> None:
        """Tell programs what happened, beside the ticks as well."""
        try:
            with self.context():
                tell_programs(stopping=self.stop.is_set)
        except Exception as error:
            # What was claimed is due again when its lease ends; the clock must outlive it.
            log.error("programs_not_told", error=error)

    def plan(self) -> None:
        """Make the plans that nodes without a solver ask for, beside the ticks as well."""
        try:
            with self.context():
                make_plans_asked_for(stopping=self.stop.is_set)
        except Exception as error:
            # What was not taken waits; the clock must outlive it.
            log.error("plans_not_made", error=error)

    def _agrees(self) -> bool:
        """True if this machine's clock is near enough to the database's to know what is due."""
        apart = abs((clock.now() - in_transaction(database_now)).total_seconds())
        if apart > UNTRUE:
            log.error("clock_differs", seconds=apart)  # nothing is carried until it is set
        return apart <= UNTRUE

    def _live(self) -> None:
        """Show life within a long tick: to the watchdog at each letter, to the others once a
        pulse.
        """
        self.watchdog.pat()
        if time.monotonic() - self.beaten > self.settings.tick_seconds:
            in_transaction(lambda: self.heart.beat(now=clock.now()))
            self.beaten = time.monotonic()

    def _open_door(self) -> ReplyDoor | Watch | None:
        url, server = self.settings.mail_in, self.settings.mail_authserv
        if url is None:
            return None
        door = self._door_at(url, server)
        door.start()
        return door

    def _door_at(self, url: str, server: str | None) -> ReplyDoor | Watch:
        if url.startswith("lmtp:"):
            return ReplyDoor(self.context, url, server)
        command = self.settings.mail_token_command
        tokens = TokenCommand(command) if command else None
        return Watch(self.context, url, server, tokens)


def settle_memory() -> None:
    """Leave out of the collector's rounds what the start has made: each tick makes many rows, and
    it never dies.
    """
    gc.collect()
    gc.freeze()


def drain(settings: Config) -> tuple[Round, list[str]]:
    """Do all that is due now, once; give what was carried and the jobs that failed. Raises
    Misconfigured.

    Asked for by a person, nothing waits: changes are told as they are now.
    """
    require_gate()
    require_neutral_names()
    if settings.smtp_url is None and outbox.gateway() is None:
        raise Misconfigured("SMTP_URL is not set: nothing can leave. Letters wait until it is.")
    failed = do_deeds()
    carried = deliver_due(Pulse().owner, settings.smtp_url)
    read_calendars()
    tell_programs()
    make_plans_asked_for()
    return carried, failed


def _tick_now(job: Job, seconds: float) -> None:
    """Set the next tick by the new time: a clock set back would otherwise be waited for."""
    log.warning("clock_jumped", seconds=seconds)
    job.modify(next_run_time=clock.now())


def require_gate() -> None:
    """Refuse to work without a schema, or with a damaged consent gate. Raises Misconfigured."""
    # Another connection asks; on SQLite a transaction left open here would keep it out.
    db.session.rollback()
    if current(db.engine) is None:
        raise Misconfigured("there is no schema yet: flask --app wsgi db upgrade")
    damaged = consents.gate_damage(db.session.connection())
    db.session.rollback()
    if damaged:
        what = f"the database's consent gate is damaged: {', '.join(damaged)}"
        raise Misconfigured(f"{what}; nothing is sent until it is restored from a backup")


def require_neutral_names() -> None:
    """Refuse to send under a name, address or link that gives the practice away. Raises
    Misconfigured.
    """
    try:
        found = invitations.outward_findings()
    except NotFound:
        return  # no clinic is loaded yet, and nothing can leave
    finally:
        db.session.rollback()
    if found:
        raise Misconfigured(f"nothing is sent: the outside would read {'; '.join(map(str, found))}")

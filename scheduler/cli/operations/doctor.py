"""The door for a check-up: `doctor` looks at settings, database, clock and mail, and says what to
do.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version

import click
from flask import current_app
from flask.cli import with_appcontext

from scheduler import audit, invariants, invitations, outbox, tasks
from scheduler.cli.exit_codes import FAILED, answering
from scheduler.cli.operations.before_upgrade import BEFORE_UPGRADE
from scheduler.cli.operations.database_checks import check_database, order_of_text, pooler
from scheduler.cli.operations.keys.key_check import check_keys
from scheduler.cli.operations.outside_checks import (
    Warned,
    check_answers,
    check_mail,
    check_room_services,
    check_rooms,
)
from scheduler.cli.operations.trigger_checks import check_bookings, check_gate, check_tracking
from scheduler.cli.operations.worker_check import check_extras, check_webhooks, check_worker
from scheduler.config import Config
from scheduler.kernel import clock
from scheduler.kernel.database import database_now, db
from scheduler.kernel.errors import KinfoldError
from scheduler.kernel.schema.migrate import current, newest
from scheduler.people import passkeys_by_host, practice, site_of
from scheduler.planning import published_and_running, still_holds
from scheduler.sessions import moved_by_law

SOUND_APSCHEDULER = (3, 11, 3)
MOST_DRIFT = timedelta(seconds=30)
LOOKED_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: whether it passed, what was seen, and what to do when it did not; `warned` of one
    that passed and wants to be decided.
    """

    check: str
    passed: bool
    seen: str
    warned: bool = False

    @property
    def word(self) -> str:
        """Return how its line begins."""
        if not self.passed:
            return "FAIL"
        return "warn" if self.warned else "ok  "


@click.command("doctor")
@click.option("--before-upgrade", is_flag=True, help="Whether `db upgrade` may begin now.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@with_appcontext
@answering
def doctor(before_upgrade: bool, as_json: bool) -> None:
    """Check settings, database, clock and mail; exit 1 if any fails."""
    checks = BEFORE_UPGRADE if before_upgrade else CHECKS
    findings = [_look(check, look) for check, look in checks]
    findings += [] if before_upgrade else _plans()
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            click.echo(f"{finding.word}  {finding.check}: {finding.seen}")
    if not all(finding.passed for finding in findings):
        raise SystemExit(FAILED)


def _look(check: str, look: Callable[[Config], str]) -> Finding:
    try:
        seen = look(current_app.config["KINFOLD"])
        return Finding(check, True, str(seen), isinstance(seen, Warned))
    except KinfoldError as error:
        return Finding(check, False, str(error))
    except Exception as error:
        # A check-up goes on to the next check whatever one of them meets.
        return Finding(
            check,
            False,
            f"{type(error).__name__}: {str(error).splitlines()[0][:200]}",
        )
    finally:
        db.session.rollback()


def _plans() -> list[Finding]:
    """Return a line for each cohort of which what is published no longer holds; what keeps them
    from being read is said by the checks of the database.
    """
    moment = clock.now()
    cohorts: list[str] = []

    def listing(_: Config) -> str:
        cohorts.extend(published_and_running(now=moment))
        return f"{len(cohorts)} are published"

    _look("plans", listing)
    found = [_look(f"plan of {key}", partial(_plan, key, moment)) for key in cohorts]
    return [finding for finding in found if not finding.passed]


def _plan(cohort: str, moment: datetime, _: Config) -> str:
    broken = still_holds(cohort, now=moment)
    if broken:
        rules = sorted({rule.finding.rule.value for rule in broken})
        raise KinfoldError(
            f"no longer holds ({len(broken)}: {', '.join(rules)}): flask --app wsgi cohort holds "
            f"{cohort} names each with what mends it"
        )
    return "holds"


def _settings(settings: Config) -> str:
    if not settings.base_url.startswith("https://") and not settings.demo:
        raise KinfoldError(
            f"BASE_URL is {settings.base_url}: links in letters must start with https://"
        )
    others = settings.trusted_hosts
    beside = f"; the pages answer to {', '.join(others)}, too" if others else ""
    return f"links start with {settings.base_url}{beside}"


def _proxies(settings: Config) -> str:
    """Say what follows where a proxy must stand before us and none is named."""
    if settings.trusted_proxies:
        return f"who asks is believed to {', '.join(settings.trusted_proxies)}"
    if settings.base_url.startswith("https://"):
        return Warned(
            "BASE_URL is https, so a proxy stands before the web, and TRUSTED_PROXIES names none: "
            "everybody seems to come from it, and one guesser slows down sign-in for all; name it "
            "(docs/settings.md)"
        )
    return "none stands before the web"


def _schema(_: Config) -> str:
    have = current(db.engine)
    want = newest()
    if have != want:
        raise KinfoldError(
            f"the schema is {have or 'empty'}, want {want}: flask --app wsgi db upgrade"
        )
    return have


def _scheduler(_: Config) -> str:
    said = version("apscheduler")
    if tuple(map(int, said.split(".")[:3])) < SOUND_APSCHEDULER:
        raise KinfoldError(
            f"APScheduler {said} loops or stalls when clocks change; want 3.11.3 or newer"
        )
    return f"APScheduler {said}"


def _clock(_: Config) -> str:
    drift = abs(clock.now() - database_now())
    if drift > MOST_DRIFT:
        raise KinfoldError(
            f"this machine and the database differ by {drift.total_seconds():.0f} s: set the clocks"
        )
    return f"agrees with the database within {drift.total_seconds():.1f} s"


def _practice(_: Config) -> str:
    here = practice()
    found = invitations.outward_findings()
    if found:
        raise KinfoldError(
            f"the outward name or address gives the practice away: {', '.join(map(str, found))}"
        )
    return f"the outside sees {here.outward_name}"


def _help(_: Config) -> str:
    if practice().help is None:
        return (
            "nobody is named: pages and letters cannot say whom patients and families ask; name "
            "them at the desk (The practice) or in practice.help of the clinic file"
        )
    return "pages and letters say it"


def _zones(_: Config) -> str:
    moved = moved_by_law(now=clock.now())
    if moved:
        raise KinfoldError(
            f"{len(moved)} sessions are at another moment by the new time zone rules: flask "
            "--app wsgi sessions zones"
        )
    return f"every session follows the rules of tzdata {version('tzdata')}"


def _letters(_: Config) -> str:
    hold = outbox.suspended()
    if hold is not None:
        raise KinfoldError(f"nothing leaves: {hold.reason}; then flask --app wsgi letters release")
    since = outbox.late_since(now=clock.now())
    if since is not None:
        minutes = (clock.now() - since).total_seconds() / 60
        raise KinfoldError(
            f"the oldest letter has been due for {minutes:.0f} minutes: is the worker running?"
        )
    return "none is late"


def _invariants(_: Config) -> str:
    found = sorted({task.words for task in tasks.open_tasks(kind=invariants.KIND)})
    if found:
        raise KinfoldError(
            "the worker found what should never be (the desk's tasks say of whom): "
            f"{' '.join(found)}"
        )
    if not outbox.worker_is_fresh(within=LOOKED_AFTER, now=clock.now()):
        return "no worker has looked lately"
    return "the worker looks every five minutes and found nothing"


def _record(_: Config) -> str:
    found = audit.examine()
    if found.faults:
        raise KinfoldError(f"the audit record is not whole: {'; '.join(found.faults)}")
    return f"{found.entries} entries, whole"


def _passkeys(settings: Config) -> str:
    """Say which name passkeys are bound to. Raises KinfoldError for those made under another."""
    site = site_of(settings.base_url)
    host = site.host if site is not None else ""
    standing = passkeys_by_host()
    lost = {name: many for name, many in standing.items() if name != host}
    if lost:
        said = ", ".join(f"{many} for {name}" for name, many in sorted(lost.items()))
        raise KinfoldError(
            f"made for another name than BASE_URL says, so they open nothing: {said}; set BASE_URL "
            "back, or let their people add new ones"
        )
    if site is None:
        return "none can be had: BASE_URL is no name reached by https"
    return f"{standing.get(host, 0)} for {host}"


CHECKS: tuple[tuple[str, Callable[[Config], str]], ...] = (
    ("settings", _settings),
    ("proxies", _proxies),
    ("database", check_database),
    ("order of text", order_of_text),
    ("pooler", pooler),
    ("schema", _schema),
    ("consent gate", check_gate),
    ("bookings", check_bookings),
    ("changes", check_tracking),
    ("keys", check_keys),
    ("passkeys", _passkeys),
    ("scheduler", _scheduler),
    ("clock", _clock),
    ("mail", check_mail),
    ("answers by mail", check_answers),
    ("zones", _zones),
    ("worker", check_worker),
    ("letters", _letters),
    ("invariants", _invariants),
    ("outward name", _practice),
    ("whom to ask", _help),
    ("rooms", check_rooms),
    ("room services", check_room_services),
    ("webhooks", check_webhooks),
    ("extras", check_extras),
    ("audit", _record),
)

"""The cohort commands: a proposal made and explained, made true or thrown away, and whether what
is published still holds.
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, BinaryIO

import click
from flask.cli import AppGroup

from scheduler.cli.acting_as import actor
from scheduler.cli.exit_codes import HOLDS_NOT, PARTIAL, answering
from scheduler.cli.interrupt import stoppable
from scheduler.cli.near_days import near_day
from scheduler.cli.plan_by_worker import plan_elsewhere, say_what_lacks
from scheduler.cli.reports.holds_report import holds_document, holds_lines
from scheduler.cli.reports.proposal_report import Answer, Assumption, proposed, supposed
from scheduler.cli.reports.publication_report import publication_lines
from scheduler.clinics import MAX_BYTES, load, read
from scheduler.invitations import announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db, reading
from scheduler.kernel.errors import InputError
from scheduler.planning import (
    Plan,
    Problem,
    Task,
    begin,
    begin_together,
    changes_of,
    cohorts_starting,
    discard,
    keep,
    make_plan,
    plan_together,
    publish,
    published_already,
    stored_plan,
    what_holds,
)
from scheduler.programs import kept_versions
from scheduler.publications import publication_document

cohort = AppGroup("cohort", help="Plan a cohort and publish the plan.")


@cohort.command("plan")
@click.argument("keys", metavar="KEY [KEY …]", nargs=-1)
@click.option(
    "--starting",
    type=click.DateTime(["%Y-%m-%d"]),
    help="All cohorts that start that day, as one problem.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(0.1, 3600),
    default=10,
    show_default=True,
    help="Time to plan in.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="The same seed, the same plan.",
)
@click.option(
    "--assume", type=click.File("rb"), help="A changed clinic file: what if? Keeps nothing."
)
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
@answering
def plan_command(
    keys: tuple[str, ...],
    starting: datetime | None,
    seconds: float,
    seed: int,
    assume: BinaryIO | None,
    as_json: bool,
) -> None:
    """Make a proposal for cohort KEY; say what was placed, what was not and why. Exits 3 when it is
    partial. Several cohorts are one problem over the people and rooms they share; each has a
    proposal of its own.

    Ctrl-C stops the search and keeps the best plan so far; a second one stops everything and keeps
    the old proposal.
    """
    chosen = _chosen(keys, starting)
    if len(chosen) > 1:
        _plan_several(
            chosen,
            seconds,
            seed,
            assume,
            as_json,
        )
        return
    (key,) = chosen
    stored = stored_plan(key)
    task, assumed = _task(key, assume)
    if assumed is None:
        plan, said = _planned(task, seconds, seed)
    else:
        plan = _plan(task.problem, seconds, seed)
        said = supposed(task.problem, plan, stored, assumed)
    click.echo(_json(said.document) if as_json else "\n".join(said.lines))
    if plan.is_partial:
        raise SystemExit(PARTIAL)


@cohort.command("publish")
@click.argument("key")
@click.option("--dry-run", is_flag=True, help="Say what would follow and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@answering
def publish_command(key: str, dry_run: bool, as_json: bool) -> None:
    """Make the proposal of cohort KEY true; say which letters follow, for whom and why, and who is
    not told and why.
    """
    moment = now()
    published = published_already(key, now=moment)
    if published is None:
        published = publish(key, by=actor(), now=moment)
    told = announce(by=actor(), now=moment)
    document = publication_document(published, told, dry_run, moment)
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    click.echo(_json(document) if as_json else "\n".join(publication_lines(published, document)))


@cohort.command("discard")
@click.argument("key")
@answering
def discard_command(key: str) -> None:
    """Throw the waiting proposal of cohort KEY away; nobody was told of it."""
    was_there = discard(key, by=actor(), now=now())
    db.session.commit()
    if was_there:
        click.echo(f"the proposal for {key} is thrown away; what is published stays as it is")
    else:
        click.echo(f"there is no proposal for {key}")


@cohort.command("holds")
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@answering
def holds_command(key: str, as_json: bool) -> None:
    """Say whether what is published of cohort KEY still holds by the facts of today: a line for
    each broken rule, and for each that a person accepted. Exits 3 when it does not.
    """
    db.session.rollback()
    reading()
    holding = what_holds(key, now=now())
    db.session.rollback()
    if as_json:
        click.echo(_json(holds_document(key, holding)))
    else:
        for line in holds_lines(holding):
            click.echo(line)
    if holding.broken:
        raise SystemExit(HOLDS_NOT)


def _planned(task: Task, seconds: float, seed: int) -> tuple[Plan, Answer]:
    """Plan a cohort, here or by a worker, and keep the plan; return it and what to say of it."""
    made = plan_elsewhere(task.problem.cohort, seconds=seconds, seed=seed)
    db.session.rollback()
    if made is None:
        plan = _plan(task.problem, seconds, seed)
        is_kept = keep(task, plan, seed=seed, by=actor(), now=now()) is not None
    else:
        plan, is_kept = made.plan, made.is_kept
    changes = changes_of(plan, now=now())
    db.session.commit()
    return plan, proposed(task.problem, plan, changes, is_kept=is_kept)


def _plan(problem: Problem, seconds: float, seed: int) -> Plan:
    """Plan here until the time is up or somebody presses Ctrl-C."""
    say_what_lacks()
    progress = _progress()
    with stoppable() as stopped:
        plan = make_plan(problem, seconds=seconds, seed=seed, progress=progress, stopped=stopped)
    if progress:
        click.echo(err=True)
    return plan


def _chosen(keys: tuple[str, ...], starting: datetime | None) -> tuple[str, ...]:
    """Return the cohorts that a call is about, each once. Raises InputError without any."""
    chosen = keys
    if starting is not None:
        chosen += cohorts_starting(near_day("--starting", starting, now=now()))
    if not chosen:
        raise InputError("name a cohort, or a day with --starting")
    return tuple(dict.fromkeys(chosen))


def _plan_several(
    keys: tuple[str, ...], seconds: float, seed: int, assume: BinaryIO | None, as_json: bool
) -> None:
    """Plan several cohorts as one problem; answer for each as for one."""
    if assume is not None:
        raise InputError("--assume is for one cohort")
    db.session.rollback()
    reading()
    tasks = begin_together(keys, now=now())
    db.session.rollback()
    say_what_lacks()
    progress = _progress()
    with stoppable() as stopped:
        plans = plan_together(
            tasks,
            seconds=seconds,
            seed=seed,
            progress=progress,
            stopped=stopped,
        )
    if progress:
        click.echo(err=True)
    answers = _kept(tasks, plans, seed)
    if as_json:
        documents = [answer.document for answer in answers]
        click.echo(_json(documents))
    else:
        for task, answer in zip(tasks, answers, strict=True):
            click.echo(f"{task.problem.cohort}:")
            click.echo("\n".join(answer.lines))
    if any(plan.is_partial for plan in plans.values()):
        raise SystemExit(PARTIAL)


def _kept(tasks: Iterable[Task], plans: Mapping[str, Plan], seed: int) -> list[Answer]:
    """Keep each cohort's plan as its proposal; return what to say of it."""
    answers = []
    for task in tasks:
        plan = plans[task.problem.cohort]
        kept = keep(task, plan, seed=seed, by=actor(), now=now())
        changes = changes_of(plan, now=now())
        answer = proposed(task.problem, plan, changes, is_kept=kept is not None)
        answers.append(answer)
    db.session.commit()
    return answers


def _task(key: str, assume: BinaryIO | None) -> tuple[Task, Assumption | None]:
    """Read what is to be planned, as it is or as a clinic file says it might be; holds no lock
    afterwards.
    """
    assumed = None
    db.session.rollback()
    if assume is None:
        reading()
    else:
        changes = load(read(assume.read(MAX_BYTES + 1), kept_versions()), by=actor(), now=now())
        assumed = Assumption(assume.name, tuple(changes.lines()))
    task = begin(key, now=now())
    db.session.rollback()
    return task, assumed


def _progress() -> Callable[[str], None] | None:
    """Say how far it is on a terminal; stay quiet in a pipe."""
    if not sys.stderr.isatty():
        return None
    return lambda said: click.echo(f"\r\x1b[K{said}", err=True, nl=False)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)

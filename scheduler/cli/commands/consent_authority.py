"""`consent licence`, `authority`, `finding`, `rules`: who may sign for a patient, with dates and
evidence.
"""

import json
from datetime import date, datetime
from typing import Any, TextIO

import click
from sqlalchemy import select

from scheduler import consents
from scheduler.cli.acting_as import actor
from scheduler.cli.commands.consent import consent, follow_up
from scheduler.cli.exit_codes import answering
from scheduler.cli.near_days import near_day
from scheduler.consents import Rule
from scheduler.consents.model.models import Authority, Circumstance, Licence, Signer
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError, NotFound
from scheduler.kernel.untrusted.day_bounds import A_CHILDHOOD, A_LIFE
from scheduler.people import person_by_key
from scheduler.programs.models import Program

FIELDS = {"licence", "from_age", "until_age", "circumstance", "signers", "parents"}
_DAY = click.DateTime(["%Y-%m-%d"])
_DATES = (
    click.option("--first", required=True, type=_DAY, help="The first day it counts."),
    click.option("--last", type=_DAY, help="The last day; left out: until it is ended."),
    click.option(
        "--evidence", required=True, help="The paper it stands on, so that it can be found again."
    ),
)


@consent.command("licence")
@click.argument("program")
@click.argument("licence", type=click.Choice([licence.value for licence in Licence]))
@answering
def licence_command(program: str, licence: str) -> None:
    """Say under what PROGRAM works, which decides who signs for a minor."""
    row = db.session.scalar(select(Program).where(Program.key == program))
    if row is None:
        raise NotFound(f"there is no program with the key {program}")
    consents.set_licence(
        row,
        Licence(licence),
        by=actor(),
        now=now(),
    )
    db.session.commit()
    click.echo(f"{program}: {licence}")


@consent.command("rules")
@click.argument(
    "licence", required=False, type=click.Choice([licence.value for licence in Licence])
)
@click.option("--json", "as_json", is_flag=True, help="As `set-rules` reads them.")
@answering
def rules_command(licence: str | None, as_json: bool) -> None:
    """Show who may sign, by licence (or for LICENCE alone), age and circumstance."""
    shown = [Licence(licence)] if licence else list(Licence)
    found = [rule for kind in shown for rule in consents.rules_for(kind)]
    if as_json:
        click.echo(json.dumps([_document(rule) for rule in found], indent=1))
        return
    for rule in found:
        click.echo(_rule_line(rule))


def _rule_line(rule: consents.Rule) -> str:
    if rule.oldest is None:
        ages = f"{rule.youngest}+"
    else:
        ages = f"{rule.youngest}-{rule.oldest - 1}"
    both = ", both parents" if rule.parents > 1 else ""
    signers = " or ".join(sorted(rule.signers))
    circumstance = rule.circumstance or "-"
    return f"{rule.licence:<14} {ages:<6} {circumstance:<17} {signers}{both}"


@consent.command("set-rules")
@click.argument("licence", type=click.Choice([licence.value for licence in Licence]))
@click.argument("file", required=False, type=click.File(encoding="utf-8"))
@click.option("--house", is_flag=True, help="Instead of FILE: back to the rules of the house.")
@answering
def set_rules_command(licence: str, file: TextIO | None, house: bool) -> None:
    """Put the rules of FILE in place of the house's for LICENCE: what `rules LICENCE --json`
    prints, changed by you.
    """
    if (file is None) is not house:
        raise click.UsageError("name FILE, or say --house")
    rules = [] if file is None else _rules(Licence(licence), file.read())
    consents.set_rules(
        Licence(licence),
        rules,
        by=actor(),
        now=now(),
    )
    db.session.commit()
    click.echo(
        f"{licence}: {len(rules)} rules of your own"
        if rules
        else f"{licence}: the rules of the house"
    )


def _document(rule: Rule) -> dict[str, Any]:
    return {
        "licence": rule.licence.value,
        "from_age": rule.youngest,
        "until_age": rule.oldest,
        "circumstance": rule.circumstance.value if rule.circumstance else None,
        "signers": sorted(signer.value for signer in rule.signers),
        "parents": rule.parents,
    }


def _rules(licence: Licence, text: str) -> list[Rule]:
    """Read what `_document` wrote. Raises InputError naming the rule that cannot be read."""
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise InputError(f"the file is not JSON: {error}") from error
    if not isinstance(rows, list) or not rows:
        raise InputError("the file holds no list of rules")
    return [_rule(licence, number, row) for number, row in enumerate(rows)]


def _rule(licence: Licence, number: int, row: Any) -> Rule:
    try:
        if set(row) != FIELDS or Licence(row["licence"]) is not licence:
            raise ValueError(f"want {', '.join(sorted(FIELDS))}, for {licence}")
        ages = int(row["from_age"]), None if row["until_age"] is None else int(row["until_age"])
        if row["circumstance"] is None:
            when = None
        else:
            when = Circumstance(row["circumstance"])
        return Rule(
            licence,
            *ages,
            when,
            frozenset(map(Signer, row["signers"])),
            int(row["parents"]),
        )
    except (TypeError, ValueError, KeyError) as error:
        raise InputError(f"rules[{number}]: {error}") from error


@consent.command("authority")
@click.argument("patient")
@click.option("--name", required=True)
@click.option(
    "--capacity", required=True, type=click.Choice([Signer.GUARDIAN.value, Signer.PROXY.value])
)
@_DATES[0]
@_DATES[1]
@_DATES[2]
@answering
def authority_command(
    patient: str, name: str, capacity: str, first: datetime, last: datetime | None, evidence: str
) -> None:
    """Record that somebody may sign for PATIENT; a proxy from the day it was invoked. Prints its
    id.
    """
    moment = now()
    row = consents.record_authority(
        patient=person_by_key(patient),
        name=name,
        capacity=Signer(capacity),
        first=_near("--first", first, moment),
        last=_near("--last", last, moment) if last else None,
        evidence=evidence,
        by=actor(),
        now=moment,
    )
    db.session.commit()
    click.echo(row.id)


@consent.command("end-authority")
@click.argument("authority")
@answering
def end_authority_command(authority: str) -> None:
    """End an authority for good, and every consent that rests on it."""
    row = db.session.get(Authority, authority)
    if row is None:
        raise NotFound("there is no such authority")
    ended = consents.end_authority(row, by=actor(), now=now())
    follow_up()
    db.session.commit()
    click.echo(f"{ended} grants ended")


@consent.command("finding")
@click.argument("patient")
@click.argument(
    "circumstance", type=click.Choice([circumstance.value for circumstance in Circumstance])
)
@_DATES[0]
@_DATES[1]
@_DATES[2]
@answering
def finding_command(
    patient: str, circumstance: str, first: datetime, last: datetime | None, evidence: str
) -> None:
    """Record what changes who may sign for PATIENT."""
    moment = now()
    ended = consents.record_finding(
        patient=person_by_key(patient),
        circumstance=Circumstance(circumstance),
        first=_near("--first", first, moment),
        last=_near("--last", last, moment) if last else None,
        evidence=evidence,
        by=actor(),
        now=moment,
    )
    follow_up()
    db.session.commit()
    click.echo(
        f"{patient}: {circumstance} from "
        f"{first:%Y-%m-%d}{f'; {ended} grants ended' if ended else ''}"
    )


def _near(option: str, said: datetime, moment: datetime) -> date:
    return near_day(option, said, now=moment, years_back=A_LIFE, years_ahead=A_CHILDHOOD)

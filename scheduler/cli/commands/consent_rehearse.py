"""`consent rehearse`: everything a consent would cause until its end, with nothing written."""

import json
from datetime import date, datetime
from typing import Any

import click

from scheduler import consents
from scheduler.cli.acting_as import actor
from scheduler.cli.commands.consent import EXPIRES, KINDS, OTHERS, PATIENT, SIGNED_BY, consent
from scheduler.cli.exit_codes import answering
from scheduler.cli.near_days import near_day
from scheduler.consents.model.models import Grant, Signer
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import person_by_key, practice
from scheduler.programs import Kind
from scheduler.rehearsals import Entry, PageDate, Rehearsal, ShownLetter, rehearse


@consent.command("rehearse")
@click.argument("person")
@PATIENT
@KINDS
@EXPIRES
@SIGNED_BY
@OTHERS
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@answering
def rehearse_command(
    person: str,
    patient: str,
    kinds: list[Kind],
    expires: datetime,
    signed_by: str,
    others: bool,
    as_json: bool,
) -> None:
    """Show every letter, page and calendar entry that PERSON would get by this consent until its
    end, if it were signed today, nobody answered and the plan stayed. Nothing is written.
    """
    last = near_day("--expires", expires, now=now())
    signer = Signer(signed_by)
    found = _rehearsed(person, patient, kinds, last, signer, others)
    if as_json:
        click.echo(json.dumps(_document(found), indent=1, ensure_ascii=False))
        return
    click.echo("\n".join(_lines(found)))


def _rehearsed(
    person: str,
    patient: str,
    kinds: list[Kind],
    expires: date,
    signed_by: Signer,
    others: bool,
) -> Rehearsal:
    who = person_by_key(person)
    whose = person_by_key(patient)
    moment = now()
    today = practice().day_at(moment)

    def give() -> list[Grant]:
        return consents.give(
            person=who,
            patient=whose,
            purposes=kinds,
            signed=today,
            expires=expires,
            signed_by=signed_by,
            others=others,
            by=actor(),
            now=moment,
        )

    try:
        return rehearse(give, who, whose, now=moment)
    finally:
        db.session.rollback()


def _document(found: Rehearsal) -> dict[str, Any]:
    return {
        "letters": [_letter(letter) for letter in found.letters],
        "pages": [_page(date) for date in found.pages],
        "feed": [_entry(entry) for entry in found.feed],
    }


def _letter(letter: ShownLetter) -> dict[str, str]:
    return {
        "at": letter.at.isoformat(timespec="seconds"),
        "to": letter.to,
        "channel": letter.channel,
        "kind": letter.kind,
        "subject": letter.subject,
        "text": letter.words,
        "calendar": letter.calendar,
    }


def _page(date: PageDate) -> dict[str, Any]:
    return {
        "session": date.session,
        "start": date.starts_at.isoformat(),
        "end": date.ends_at.isoformat(),
        "kind": date.kind,
        "topic": date.topic,
        "clinicians": list(date.leads),
        "names_patient": date.names_patient,
    }


def _entry(entry: Entry) -> dict[str, str]:
    return {
        "start": entry.starts_at.isoformat(),
        "end": entry.ends_at.isoformat(),
        "title": entry.title,
    }


def _lines(found: Rehearsal) -> list[str]:
    lines = []
    for letter in found.letters:
        leaves = _moment(letter.at)
        lines.append(f"== {leaves}  {letter.channel} to {letter.to}")
        if letter.subject:
            lines.append(f"Subject: {letter.subject}")
        lines += ["", letter.words, ""]
    for page in found.pages:
        begins = _moment(page.starts_at)
        lines.append(f"page: {begins}  {page.kind}  {page.session}")
    for entry in found.feed:
        begins = _moment(entry.starts_at)
        lines.append(f"calendar address: {begins}  {entry.title}")
    many = len(found.letters)
    what = "letter" if many == 1 else "letters"
    dates = len(found.pages)
    lines.append(f"{many} {what}, {dates} dates on the page; nothing was written")
    return lines


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"

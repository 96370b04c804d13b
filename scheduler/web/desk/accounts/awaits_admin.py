"""What awaits an administrator: lost second factors to confirm, invitations nobody took up, staff
without a second factor once a day is set, and what does not work in the house.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for

from scheduler.i18n import catalog
from scheduler.outbox import newest_tick
from scheduler.people import has_second_factor, losses_of, practice, staff_members
from scheduler.people.models import Person
from scheduler.web.auth.reader_language import reader_language
from scheduler.webhooks import failing

SILENT = timedelta(minutes=5)
"""After which a worker that has not looked is gone."""


@dataclass(frozen=True, slots=True)
class Awaiting:
    """One thing for an administrator: what it is, and where it is done."""

    words: str
    url: str
    link: str


def awaits_admin(admin: Person, *, now: datetime) -> list[Awaiting]:
    """Return what awaits an administrator, what presses most first."""
    staff = [each for each in staff_members() if each.clinician and not each.clinician.ended_at]
    return [*_lost(admin, staff, now), *_faults(now), *_unready(staff)]


def _lost(admin: Person, staff: list[Person], now: datetime) -> Iterator[Awaiting]:
    _ = catalog(reader_language()).gettext
    losses = losses_of(staff, now=now)
    for person in staff:
        loss = losses.get(person.id)
        if loss is None or admin.id in (person.id, loss.asked_by_id):
            continue
        words = _("The telephone of {name} is lost; somebody else must confirm it.")
        confirm = _("Confirm it at the accounts")
        yield Awaiting(words.format(name=person.name), _accounts(), confirm)


def _faults(now: datetime) -> Iterator[Awaiting]:
    _ = catalog(reader_language()).gettext
    ticked = newest_tick()
    if ticked is None or ticked < now - SILENT:
        words = _("No worker is running: no letter leaves. Whoever runs the server starts it.")
        yield Awaiting(words, "", "")
    for fault in failing():
        words = _("A program is not told: {fault}")
        url = url_for("webhook_desk.overview")
        yield Awaiting(words.format(fault=fault), url, _("Look at the programs"))


def _unready(staff: list[Person]) -> Iterator[Awaiting]:
    _ = catalog(reader_language()).gettext
    look = _("Look at the accounts")
    for person in staff:
        if person.clinician is not None and person.clinician.password_hash is None:
            words = _("{name} has no password yet: no link was taken up.")
            yield Awaiting(words.format(name=person.name), _accounts(), look)
    day = practice().second_factor_from
    if day:
        lacking = [each.name for each in staff if not has_second_factor(each)]
    else:
        lacking = []
    if lacking:
        words = _("No second factor yet, which staff need from {day} on: {names}.")
        told = words.format(day=day, names=", ".join(lacking))
        yield Awaiting(told, _accounts(), look)


def _accounts() -> str:
    return url_for("staff_accounts.overview")

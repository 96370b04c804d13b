"""`consent give` and `consent revoke`: a signed paper recorded, and withdrawn until nothing more of
it can leave.
"""

from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import TypeVar

import click
from flask.cli import AppGroup

from scheduler import consents, feeds
from scheduler.cli.acting_as import actor
from scheduler.cli.exit_codes import answering
from scheduler.cli.near_days import near_day
from scheduler.cli.reports.letters_report import letter_lines, write_letters
from scheduler.consents import HandedOver, Revocation, Signature
from scheduler.consents.model.models import Authority, Grant, Signer
from scheduler.invitations import announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.kernel.try_again import past_deadlocks
from scheduler.people import people_by_id, person_by_key
from scheduler.people.models import Person
from scheduler.programs import FAMILY_KINDS, Kind

consent = AppGroup("consent", help="Record what a patient lets a relative know, and withdraw it.")

Found = TypeVar("Found")
DRY_RUN = click.option(
    "--dry-run", is_flag=True, help="Say which letters would leave, and change nothing."
)
_DAY = click.DateTime(["%Y-%m-%d"])
_WORDS = ", ".join(sorted(FAMILY_KINDS))


def chosen_kinds(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> list[Kind] | None:
    if text is None:
        return None
    try:
        found = [Kind(word.strip()) for word in text.split(",")]
    except ValueError as error:
        raise click.BadParameter(f"want some of {_WORDS}") from error
    if set(found) - FAMILY_KINDS:
        raise click.BadParameter(f"want some of {_WORDS}")
    return found


PATIENT = click.option("--patient", required=True, help="The patient's key, as in the clinic file.")
KINDS = click.option(
    "--kinds",
    required=True,
    callback=chosen_kinds,
    help=f"What for, with commas between: {_WORDS}.",
)
EXPIRES = click.option("--expires", required=True, type=_DAY, help="The last day.")
SIGNED_BY = click.option(
    "--signed-by",
    default="patient",
    show_default=True,
    type=click.Choice([signer.value for signer in Signer]),
)
OTHERS = click.option(
    "--others", is_flag=True, help="Other participants of a multi-family group may see them there."
)


@consent.command("give")
@click.argument("person")
@PATIENT
@KINDS
@click.option("--signed", required=True, type=_DAY, help="The day on the paper.")
@EXPIRES
@SIGNED_BY
@OTHERS
@click.option(
    "--authority",
    multiple=True,
    help="The signer's recorded authority, by its id; twice where two sign.",
)
@DRY_RUN
@answering
def give_command(
    person: str,
    patient: str,
    kinds: list[Kind],
    signed: datetime,
    expires: datetime,
    signed_by: str,
    others: bool,
    authority: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Record that the patient lets PERSON know of sessions of these kinds, from SIGNED through
    EXPIRES.
    """
    moment = now()
    on_paper = near_day("--signed", signed, now=moment, years_back=consents.PAPERS_KEPT)
    last = near_day("--expires", expires, now=moment)
    who = person_by_key(person)
    whose = person_by_key(patient)
    withdrawn = consents.withdrawn_since(who, whose, kinds, on_paper)
    give = partial(
        consents.give,
        person=who,
        patient=whose,
        purposes=kinds,
        signed=on_paper,
        expires=last,
        signed_by=Signer(signed_by),
        others=others,
        signature=_signature(authority),
        by=actor(),
        now=moment,
    )
    if dry_run:
        _look(give)
        return
    grants = give()
    letters = follow_up()
    db.session.commit()
    if withdrawn and grants:
        click.echo(f"note: signed before the withdrawal of {withdrawn}; was it signed anew?")
    stands = "" if grants else " (it stood already)"
    click.echo(
        f"{person}: {', '.join(sorted(kinds))} until {expires:%Y-%m-%d}{stands}; {letters} "
        "letters follow"
    )


@consent.command("revoke")
@click.argument("person", required=False)
@click.option("--everybody", is_flag=True, help="Instead of PERSON: the patient's whole family.")
@click.option("--patient", required=True, help="The patient's key.")
@click.option(
    "--kinds",
    callback=chosen_kinds,
    help=f"Only these, with commas between ({_WORDS}); left out: all.",
)
@click.option(
    "--silent", is_flag=True, help="Leave the calendar as it is instead of a neutral cancellation."
)
@DRY_RUN
@answering
def revoke_command(
    person: str | None,
    everybody: bool,
    patient: str,
    kinds: list[Kind] | None,
    silent: bool,
    dry_run: bool,
) -> None:
    """Withdraw what lets PERSON know; answer when nothing more of it can leave, or with what was
    handed over, and say what leaves yet and what never will.
    """
    if (person is None) is not everybody:
        raise click.UsageError("name PERSON, or say --everybody")
    whose = person_by_key(patient)
    if person is None:
        people = consents.told_family(whose, kinds)
    else:
        people = [person_by_key(person)]
    grants = _chosen(people, whose, kinds)
    if dry_run:
        withdraw = partial(
            consents.revoke_grants,
            grants,
            silent=silent,
            by=actor(),
            now=now(),
        )
        found = _look(withdraw)
        _tell_of_kept_in(found)
        return
    done = past_deadlocks(lambda: _revoke(grants, silent))
    quiet = consents.wait_until_drained(done.grant_ids)
    left = consents.handed_over(done.grant_ids, done.at)
    if not left and quiet:
        click.echo("nothing further will leave")
    else:
        _tell_of_handed_over(left)
    _tell_of_cancellations(done)
    _tell_of_kept_in(done)
    db.session.rollback()


def _look(deed: Callable[[], Found]) -> Found:
    """Do a deed, say which letters it would let leave, and undo it; give what it found."""
    moment = now()
    due_anyhow = write_letters(moment)
    found = deed()
    write_letters(moment)
    lines = letter_lines(moment, but=due_anyhow)
    db.session.rollback()
    for line in lines or ["no letter would leave"]:
        click.echo(line)
    return found


def _tell_of_handed_over(left: Collection[HandedOver]) -> None:
    click.echo("already handed over:")
    for letter in left:
        at = letter.sent_at.isoformat(timespec="seconds") if letter.sent_at else "may have arrived"
        click.echo(f"  {letter.kind} {letter.letter_id} {at}")


def _tell_of_kept_in(done: Revocation) -> None:
    """Say which letters still waited and never leave."""
    readers = people_by_id({letter.recipient_id for letter in done.kept_in})
    kinds: Counter[str] = Counter()
    for letter in done.kept_in:
        kinds[f"{readers[letter.recipient_id].key}, {letter.kind}"] += 1
    for words, many in sorted(kinds.items()):
        click.echo(f"never leaves: {words} ({many})")


def _tell_of_cancellations(done: Revocation) -> None:
    """Say how many letters leave yet only to take out of a calendar what was told."""
    going = 0
    for letter in consents.taken_out(done.grant_ids, done.at):
        if letter.sent_at is None:
            going += 1
    if going:
        said = "letter, which does not say why, takes"
        if going > 1:
            said = "letters, which do not say why, take"
        click.echo(f"but {going} {said} it out of the calendar")


def _revoke(grants: Collection[Grant], silent: bool) -> Revocation:
    """Withdraw first and alone, so that nothing new is taken; then write what the calendars are to
    show.
    """
    revocation = consents.revoke_grants(grants, silent=silent, by=actor(), now=now())
    follow_up()
    db.session.commit()
    return revocation


def _chosen(
    people: Collection[Person], patient: Person, kinds: Collection[Kind] | None
) -> list[Grant]:
    if not people:
        raise InputError(f"there is no such consent of {patient.key} that could be withdrawn")
    if patient in people:
        raise InputError("a consent is about a relative")
    return consents.grants_to_withdraw(people, patient, kinds)


def follow_up() -> int:
    """Write the letters and feeds that differ now; return how many letters will leave."""
    told = announce(by=actor(), now=now())
    feeds.refresh_changed(now=now())
    return sum(letter.letter_id is not None for letter in told)


def _signature(authorities: Collection[str]) -> Signature:
    if len(authorities) > 2:
        raise InputError("at most two sign")
    rows = [db.session.get(Authority, authority) for authority in authorities]
    if None in rows:
        raise InputError("there is no such authority")
    first, second = (*rows, None, None)[:2]
    return Signature(authority=first, second=second)

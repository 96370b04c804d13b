"""Two relatives of one patient never learn of each other, nor one family of another: by chance,
over what each is told.

What one is told must not change by a hair when somebody else's consent does. A father without
consent stands by.
"""

import random
from collections.abc import Callable, Collection
from datetime import timedelta

import pytest

from household import MONDAY, NOW, SECRETS, TODAY, Household
from scheduler import consents, feeds
from scheduler.consents.model.models import Grant
from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people.models import Person
from scheduler.programs import FAMILY_KINDS, Kind, Seats

PLAIN = sorted(FAMILY_KINDS - {Kind.MULTI_FAMILY_GROUP})


@pytest.fixture
def home(home: Household) -> Household:
    for number, kind in enumerate(sorted(FAMILY_KINDS)):
        seats = (
            Seats.FAMILIES if kind in {Kind.FAMILY_WORKSHOP, Kind.CAREGIVER_GROUP} else Seats.BOTH
        )
        home.slot(number, kind=kind, seats=seats, slot=f"s{number}", tail=f"{MONDAY}-{number}")
    home.appointment(1, week=2)
    return home


def told(person: Person) -> list[tuple[str, str | None, str | None]]:
    """Return what a person may know, and as what."""
    found = consents.agenda(person, now=NOW, since=NOW)
    return [(session.key, one.patient_id, one.purpose) for session, one in found]


def throw(home: Household, person: Person, dice: random.Random) -> None:
    """Return a random consent, or withdraw some."""
    patient = home.tess if person is home.aunt else home.jordan
    if consents.standing_grants(person, patient) and dice.random() < 0.4:
        consents.revoke(person=person, patient=patient, by="sam", now=NOW)
        return
    kinds = dice.sample(sorted(FAMILY_KINDS), dice.randint(1, 4))
    home.consent(
        person,
        *kinds,
        others=dice.random() < 0.5,
        signed=TODAY - timedelta(days=dice.randint(1, 9)),
    )


def test_what_one_relative_is_told_never_depends_on_another(
    home: Household, trials: Callable[[int, int], int], seed: int
) -> None:
    dice = random.Random(seed)
    relatives = [home.mother, home.father, home.aunt]
    for _ in range(trials(15, 1000)):
        moved = dice.choice(relatives)
        others = [one for one in relatives if one is not moved]
        before = [told(one) for one in others]
        throw(home, moved, dice)

        assert [told(one) for one in others] == before


def test_letters_and_feeds_name_nobody_but_their_own_recipient(home: Household) -> None:
    for person in (home.mother, home.aunt):
        home.consent(person, *PLAIN)
        home.consent(person, Kind.MULTI_FAMILY_GROUP, others=True)
    announce(by="sam", now=NOW)
    everybody = {
        home.mother.email,
        home.father.email,
        home.aunt.email,
        home.jordan.email,
        home.tess.email,
    }
    rows = db.session.query(Letter).all()

    assert {row.address for row in rows} == {home.mother.email, home.aunt.email}
    assert [row.id for row in rows if names(row.mime, everybody - {row.address})] == []
    for person in (home.mother, home.aunt):
        token = feeds.make(person, by="sam", now=NOW)
        served = feeds.serve(token, now=NOW)
        assert served is not None
        assert served.body is not None
        assert names(served.body, (everybody - {person.email}) | set(SECRETS)) == []


def names(content: bytes, words: Collection[str]) -> list[str]:
    text = content.decode(errors="replace").replace("\r\n ", "")
    return [word for word in sorted(words) if word in text]


def test_father_without_consent_learns_nothing_whatever_the_others_are_told(
    home: Household,
) -> None:
    home.consent(home.mother, *PLAIN)
    home.consent(home.aunt, *PLAIN)

    assert (
        told(home.father),
        db.session.query(Grant).filter_by(person_id=home.father.id).count(),
    ) == ([], 0)


def test_multi_family_group_seats_no_family_without_the_extra_grant(home: Household) -> None:
    home.consent(home.mother, Kind.MULTI_FAMILY_GROUP, others=True)
    home.consent(home.aunt, Kind.MULTI_FAMILY_GROUP)

    assert {one[2] for one in told(home.mother)} == {Kind.MULTI_FAMILY_GROUP}
    assert told(home.aunt) == []
    group = f"march.s{sorted(FAMILY_KINDS).index(Kind.MULTI_FAMILY_GROUP)}."
    seated = [
        any(one[0].startswith(group) for one in told(patient))
        for patient in (home.jordan, home.tess)
    ]
    assert seated == [True, False]

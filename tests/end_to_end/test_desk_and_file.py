"""Random deeds at the desk between an export and the load of that old file: nothing recorded is
lost, and each thing kept has its line.

The father without consent stands by: no file and no deed lets him know anything.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler import consents
from scheduler.admissions import discharge
from scheduler.clinics import Changes, Take, dump, export, load, read
from scheduler.consents.model.models import Barrier, BarrierKind, Grant
from scheduler.kernel.database import db
from scheduler.people import contact_of, decide_readiness, edit_contact, person_by_key, relatives_of
from scheduler.people.contact import Contact
from scheduler.people.models import Person
from scheduler.programs import FAMILY_KINDS, Kind
from scheduler.programs.models import Enrolment
from scheduler.provenance import mark_exported, words_to_export
from tests.clinics.small_pines import NOW, SMALL_PINES, load_bytes

AFTERWARDS = datetime(2027, 3, 9, 12, tzinfo=UTC)
FATHER = "p-1-father"
ZONES = ("America/Chicago", "America/Denver", "Europe/Madrid", None)
CONSENTED = ("p-1-mother", "p-1-aunt")
AUNT = """\
      - key: p-1-aunt
        name: Lou Lee
        relationship: aunt
        email: lou@family.example
        consents:
          - kinds: [progress_update]
            signed: 2027-02-01
            expires_on: program_end
            signed_by: patient
"""


class Desk:
    """Somebody at the desk who does one thing after another, chosen by chance."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.now = NOW
        self.deeds: list[Callable[[], None]] = [
            self.sign,
            self.withdraw,
            self.keep_out,
            self.reach_otherwise,
            self.judge,
            self.end_stay,
        ]

    def work(self, deeds: int) -> None:
        """Do as many deeds, some hours apart."""
        for _ in range(deeds):
            self.now += timedelta(hours=self.chance.randint(1, 30))
            self.chance.choice(self.deeds)()
            db.session.commit()

    def sign(self) -> None:
        """Record a paper for one or two purposes."""
        kinds = self.chance.sample(sorted(FAMILY_KINDS), self.chance.randint(1, 2))
        consents.give(
            person=self.consented(),
            patient=person_by_key("p-1"),
            purposes=kinds,
            signed=self.now.date() - timedelta(days=self.chance.randint(0, 3)),
            expires=date(2027, 8, self.chance.randint(1, 28)),
            by="rivera",
            now=self.now,
        )

    def withdraw(self) -> None:
        """Withdraw something or all."""
        person, patient = self.consented(), person_by_key("p-1")
        grants = consents.standing_grants(person, patient)
        some = self.chance.sample(grants, self.chance.randint(0, len(grants)))
        if some:
            consents.revoke_grants(some, by="p-1", now=self.now)

    def keep_out(self) -> None:
        """Set a barrier for one relative."""
        consents.add_barrier(
            patient=person_by_key("p-1"),
            person=self.consented(),
            kind=BarrierKind.DO_NOT_CONTACT,
            by="rivera",
            now=self.now,
        )

    def reach_otherwise(self) -> None:
        """Change how somebody is reached."""
        person = person_by_key(self.chance.choice([*CONSENTED, FATHER, "p-1", "p-2"]))
        before = contact_of(person)
        number = self.chance.randint(100, 199)
        after = Contact(
            name=before.name,
            email=f"{person.key}-{number}@new.example",
            phone=f"+16175550{number}",
            zone=self.chance.choice(ZONES),
            language=self.chance.choice(["es", "pt-BR", None]),
            relationship=before.relationship,
        )
        edit_contact(person, after, by="rivera", now=self.now)

    def judge(self) -> None:
        """Decide whether a relative is ready."""
        person = person_by_key(self.chance.choice([*CONSENTED, FATHER]))
        ready = self.chance.random() < 0.5
        decide_readiness(person, ready=ready, reason="a talk", by="rivera", now=self.now)

    def end_stay(self) -> None:
        """Discharge a patient on some day of the stay."""
        last = date(2027, 3, 1) + timedelta(days=self.chance.randint(0, 27))
        patient = person_by_key(self.chance.choice(["p-1", "p-2"]))
        discharge(patient, last, by="rivera", now=self.now)

    def consented(self) -> Person:
        """Return a relative whom the file or the desk gives consents."""
        return person_by_key(self.chance.choice(CONSENTED))


def recorded() -> dict[str, Any]:
    """Return all that was recorded outside the file."""
    db.session.rollback()
    people = [person_by_key(key) for key in ("p-1", "p-2")]
    people += relatives_of(person_by_key("p-1"))
    stays = db.session.scalars(select(Enrolment))
    ready = {person.key: person.relative.ready for person in people if person.relative}
    keys = {person.id: person.key for person in people}
    return {
        "fields": {
            **{(person.key, name): value for person in people for name, value in said(person)},
            **{(key, "ready"): is_ready for key, is_ready in ready.items()},
            **{(keys[stay.patient_id], "to"): stay.last for stay in stays},
        },
        **forever(),
    }


def said(person: Person) -> list[tuple[str, object]]:
    """Return how a person is reached, field by field."""
    contact = contact_of(person)
    return [(name, getattr(contact, name)) for name in Contact.__slots__]


def fields_changed(before: dict[str, Any], after: dict[str, Any]) -> set[tuple[str, str]]:
    """Return person and field of all that the desk said otherwise than the file."""
    fields = after["fields"]
    return {named for named, value in fields.items() if before["fields"][named] != value}


def fields_kept(changes: Changes) -> set[tuple[str, str]]:
    """Return person and field of the lines that tell of a field."""
    kept = [change for change in changes.kept if change.what != "consent of"]
    return {(change.key, change.deed) for change in kept}


def consents_changed(before: dict[str, Any], after: dict[str, Any]) -> int:
    """Count the new grants that stand, and those of the file that were withdrawn."""
    new = [grant for grant in after["grants"] if grant not in before["grants"]]
    stands = [grant for grant in new if after["grants"][grant] is None]
    return len(stands) + sum(after["grants"][grant] is not None for grant in before["grants"])


def consents_kept(changes: Changes) -> int:
    """Count the lines that tell of a consent."""
    return sum(change.what == "consent of" for change in changes.kept)


def forever() -> dict[str, Any]:
    """Return what no file takes back: consents, withdrawals, barriers."""
    grants = db.session.scalars(select(Grant))
    return {
        "grants": {grant.id: grant.revoked_at for grant in grants},
        "barriers": set(db.session.scalars(select(Barrier.id))),
    }


def may_know(person: str) -> set[Kind]:
    grants = consents.standing_grants(person_by_key(person), person_by_key("p-1"))
    return {grant.purpose for grant in grants}


def load_old(file: str, take: Take = Take.DESK) -> Changes:
    changes = load(read(file.encode()), by="command", now=AFTERWARDS, take=take)
    db.session.commit()
    return changes


@pytest.fixture
def old(app: Flask) -> str:
    """The clinic as it was exported before the desk went on."""
    father = f"      - key: {FATHER}"
    load_bytes(SMALL_PINES.replace(father, f"{AUNT}{father}").encode())
    stamps = words_to_export()
    exported = dump(export())
    mark_exported(stamps, now=NOW)
    db.session.commit()
    return exported


@pytest.mark.parametrize("life", range(12))
def test_nothing_the_desk_recorded_is_lost_by_an_old_file(old: str, seed: int, life: int) -> None:
    exported = recorded()
    Desk(Random(seed * 100 + life)).work(deeds=9)
    before = recorded()

    changes = load_old(old)

    assert recorded() == before
    assert (changes.made, may_know(FATHER)) == ([], set())
    assert fields_kept(changes) == fields_changed(exported, before)
    assert consents_kept(changes) == consents_changed(exported, before)


@pytest.mark.parametrize("life", range(6))
def test_consents_and_withdrawals_stand_where_the_file_is_taken(
    old: str, seed: int, life: int
) -> None:
    Desk(Random(seed * 100 + life)).work(deeds=9)
    before = forever()

    load_old(old, Take.FILE)

    assert forever() == before
    assert person_by_key("p-1-mother").email == "dana@family.example"
    assert may_know(FATHER) == set()


@pytest.mark.parametrize("life", range(6))
def test_a_new_export_after_it_changes_nothing_and_keeps_nothing(
    old: str, seed: int, life: int
) -> None:
    Desk(Random(seed * 100 + life)).work(deeds=9)
    exported = dump(export())
    mark_exported(words_to_export(), now=AFTERWARDS)

    changes = load_old(exported)

    assert (changes.made, changes.kept, changes.void) == ([], [], [])

"""The budget of text messages is the human's, by whatever number and row; Miguel agreed to none."""

import pytest
from flask import Flask

from cast import Cast, assemble
from outbox.drafts import NOW, to_dana
from scheduler.kernel.database import db
from scheduler.outbox import enqueue
from scheduler.outbox.models import Channel
from scheduler.people.models import Person, PersonKind
from scheduler.sms import may_text
from scheduler.sms.models import TextConsent

ZONE = "America/New_York"
HERS, ANOTHER = "+16175550123", "+16175550199"


@pytest.fixture
def aunt(app: Flask) -> Person:
    """Another row, with a number of its own; Dana has had her message of the day."""
    stage: Cast = assemble()
    person = Person(
        key="p-9-aunt", kind=PersonKind.RELATIVE, name="Ada", email="a@x.example", phone=ANOTHER
    )
    db.session.add(person)
    db.session.flush()
    db.session.add(
        TextConsent(
            person_id=person.id, phone=ANOTHER, wording="yes", agreed_at=NOW, agreed_by="sam"
        )
    )
    stage.dana.phone = HERS
    enqueue(to_dana(stage, "text", channel=Channel.TEXT, address=HERS, mime=b"{}"), now=NOW)
    db.session.flush()
    return person


def test_another_human_has_a_budget_of_their_own(aunt: Person) -> None:
    assert may_text(aunt, ZONE, now=NOW)


def test_rows_of_one_human_share_the_budget(aunt: Person) -> None:
    dana = db.session.query(Person).filter_by(phone=HERS).one()
    aunt.body_id = dana.body_id = dana.id
    db.session.flush()

    assert not may_text(aunt, ZONE, now=NOW)

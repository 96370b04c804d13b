"""The links of text messages: 23 letters that open one door for one person, and end with its
day.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from household import NOW, Household
from scheduler.invitations import by_short_token, by_token, short_link
from scheduler.invitations.model.models import ShortLink
from scheduler.invitations.model.short_links import LETTERS
from scheduler.kernel.database import db
from scheduler.sessions.models import Session


def told(home: Household) -> ShortLink:
    session = db.session.scalar(select(Session)) or home.appointment(1)
    return ShortLink(
        person_id=home.mother.id,
        patient_id=home.jordan.id,
        session_id=session.id,
        uid=None,
        begins_at=session.starts_at,
        until=session.ends_at,
        made_at=NOW,
        ends_at=NOW + timedelta(days=1),
    )


def test_link_is_enough_letters_that_nobody_misreads(home: Household) -> None:
    base, _, token = short_link(told(home), of="a message").rpartition("/")

    assert (base, len(token)) == ("https://hl-sched.example/j", 23)
    assert set(token) <= set(LETTERS)


def test_link_is_the_same_for_the_same_message_alone(home: Household) -> None:
    links = [short_link(told(home), of=of) for of in ("one", "one", "two")]

    assert (links[0] == links[1], links[0] == links[2]) == (True, False)
    assert len(db.session.scalars(select(ShortLink)).all()) == 2


def test_link_is_stored_as_a_hash_only(home: Household) -> None:
    token = short_link(told(home), of="a message").rpartition("/")[2]

    (row,) = db.session.scalars(select(ShortLink))
    assert token not in {str(value) for value in vars(row).values()}


@pytest.mark.parametrize(("after", "stands"), [(0, True), (24 * 60 - 1, True), (24 * 60, False)])
def test_link_opens_until_it_ends(home: Household, after: int, stands: bool) -> None:
    token = short_link(told(home), of="a message").rpartition("/")[2]

    found = by_short_token(token, now=NOW + timedelta(minutes=after))

    assert (found is not None) is stands


def test_link_opens_no_page_of_an_invitation(home: Household) -> None:
    token = short_link(told(home), of="a message").rpartition("/")[2]

    assert by_token(token, now=NOW) is None


def test_links_long_over_are_let_go(home: Household) -> None:
    short_link(told(home), of="one")
    later = told(home)
    later.made_at = NOW + timedelta(days=40)
    later.ends_at = NOW + timedelta(days=41)

    short_link(later, of="two")

    assert [row.made_at for row in db.session.scalars(select(ShortLink))] == [later.made_at]

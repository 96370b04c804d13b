"""The main job end to end: from a clinic file to a mother's calendar, and out of it again; a father
gets nothing.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import vobject
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from end_to_end.brook_house import BROOK_HOUSE, CANARIES
from fakes.post_office import Arrived, PostOffice
from scheduler import invariants
from scheduler.kernel import clock
from scheduler.kernel.database import db

MOTHER = "mother@family.example"


@pytest.fixture
def told(
    app: Flask, runner: FlaskCliRunner, post_office: PostOffice, tmp_path: Path
) -> dict[str, str]:
    """Load, plan, publish and drain; gives what each command said."""
    file = tmp_path / "brook.yaml"
    file.write_text(BROOK_HOUSE)
    return {
        " ".join(words[:2]): run(runner, *words)
        for words in (
            ["clinic", "load", str(file)],
            ["cohort", "plan", "brook"],
            ["cohort", "publish", "brook"],
            ["worker", "drain"],
        )
    }


def run(runner: FlaskCliRunner, *words: str) -> str:
    db.session.remove()
    said = runner.invoke(args=list(words))
    assert said.exit_code == 0, said.output
    return said.output


def entries(letter: Arrived) -> list[vobject.base.Component]:
    """Return the entries of a letter's calendar part, as a calendar program reads them."""
    assert letter.calendar is not None
    return list(vobject.readOne(letter.calendar.decode()).vevent_list)


def method(letter: Arrived) -> str:
    assert letter.calendar is not None
    return str(vobject.readOne(letter.calendar.decode()).method.value)


def all_that_can_be_read(letter: Arrived) -> str:
    """Return headers, envelope and every part, decoded."""
    parts = [
        str(part.get_content())
        for part in letter.message.walk()
        if part.get_content_maintype() == "text"
    ]
    headers = [f"{name}: {value}" for name, value in letter.message.items()]
    return "\n".join(
        [letter.sender, *letter.recipients, *headers, *parts, (letter.calendar or b"").decode()]
    )


def canaries(text: str) -> list[str]:
    unfolded = text.replace("\r\n ", "").casefold()
    return [word for word in CANARIES if word.casefold() in unfolded]


def test_mother_is_invited_and_nobody_else_gets_anything(
    told: dict[str, str], post_office: PostOffice
) -> None:
    assert {tuple(letter.recipients) for letter in post_office.messages} == {(MOTHER,)}
    assert {method(letter) for letter in post_office.messages} == {"REQUEST"}
    assert f"{len(post_office.messages)} sent" in told["worker drain"]
    assert f"{len(post_office.messages)} letters will go out" in told["cohort publish"]


def test_second_drain_sends_nothing(
    told: dict[str, str], runner: FlaskCliRunner, post_office: PostOffice
) -> None:
    before = len(post_office.messages)

    assert run(runner, "worker", "drain").startswith("0 sent")
    assert len(post_office.messages) == before


def test_house_at_work_breaks_no_promise(told: dict[str, str]) -> None:
    assert invariants.violations(now=clock.now()) == []


def test_each_invitation_names_the_mother_alone(
    told: dict[str, str], post_office: PostOffice
) -> None:
    found = [entry for letter in post_office.messages for entry in entries(letter)]

    assert found != []
    assert {tuple(one.value.lower() for one in entry.attendee_list) for entry in found} == {
        (f"mailto:{MOTHER}",)
    }
    assert {entry.organizer.value for entry in found} == {"mailto:calendar@bh-sched.example"}
    assert {entry.summary.value for entry in found} == {"Appointment"}


def test_nothing_that_leaves_tells_what_it_is_about(
    told: dict[str, str], post_office: PostOffice
) -> None:
    assert [
        canaries(all_that_can_be_read(letter))
        for letter in post_office.messages
        if canaries(all_that_can_be_read(letter))
    ] == []


def test_father_is_named_as_not_told_with_the_reason(told: dict[str, str]) -> None:
    lines = [line for line in told["cohort publish"].splitlines() if "p-1-father" in line]

    assert lines != []
    assert [line for line in lines if not line.startswith("not told: p-1-father for p-1")] == []


def test_withdrawal_takes_the_mother_out_neutrally_and_her_feed_says_nothing_after(
    told: dict[str, str], runner: FlaskCliRunner, client: FlaskClient, post_office: PostOffice
) -> None:
    invited = {entry.uid.value for letter in post_office.messages for entry in entries(letter)}
    address = urlsplit(run(runner, "feed", "url", "p-1-mother").strip()).path
    before = client.get(address)
    sent = len(post_office.messages)

    run(runner, "consent", "revoke", "p-1-mother", "--patient", "p-1")
    run(runner, "worker", "drain")
    after = client.get(address)

    taken_back = post_office.messages[sent:]
    assert {tuple(letter.recipients) for letter in taken_back} == {(MOTHER,)}
    assert {method(letter) for letter in taken_back} == {"CANCEL"}
    assert {entry.uid.value for letter in taken_back for entry in entries(letter)} == invited
    assert [canaries(all_that_can_be_read(letter)) for letter in taken_back] == [[]] * len(
        taken_back
    )
    assert not [
        letter
        for letter in taken_back
        if re.search(r"consent|withdr|revok", all_that_can_be_read(letter), re.I)
    ]
    assert (before.status_code, b"BEGIN:VEVENT" in before.data, canaries(before.text)) == (
        200,
        True,
        [],
    )
    assert (after.status_code, after.data.count(b"BEGIN:VEVENT")) == (200, 1)
    assert re.search(rb"DTSTART;TZID=[^:]+:20000101T120000", after.data)


def test_father_has_a_feed_with_nothing_in_it(
    told: dict[str, str], runner: FlaskCliRunner, client: FlaskClient
) -> None:
    feed = client.get(urlsplit(run(runner, "feed", "url", "p-1-father").strip()).path)

    assert (feed.status_code, b"BEGIN:VEVENT" in feed.data) == (200, False)

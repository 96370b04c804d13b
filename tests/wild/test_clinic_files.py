"""Clinic files as people write them: each is read as stands beside it, and letters to its relatives
reach a mail server that takes no addresses beyond ASCII as far as they can.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fakes.post_office import PostOffice, open_post_office
from fakes.postgres import free_port
from scheduler.clinics import read
from scheduler.kernel.errors import InvalidFile
from scheduler.outbox.mime_message import Sender, compose
from scheduler.outbox.smtp import smtp_transport

FOLDER = Path(__file__).parent / "clinic"
US = Sender("FH Calendar", "calendar@fh-cal.example")
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def narrow_office() -> Iterator[PostOffice]:
    """A mail server without SMTPUTF8."""
    office, controller = open_post_office(free_port(), wide=False)
    yield office
    controller.stop()


def places(data: bytes) -> list[str]:
    """Where a file is wrong."""
    try:
        read(data)
    except InvalidFile as error:
        return [str(problem).partition(": ")[0] for problem in error.problems]
    return []


def relatives(data: bytes) -> dict[str, list[str | None]]:
    """Address and number of each relative, as they are kept."""
    found = {}
    for patient in read(data).patients:
        for relative in patient.family:
            found[relative.key] = [relative.email, relative.phone]
    return found


def handed(office: PostOffice, address: str) -> str:
    """To whom a letter goes on the wire; why not, where it does not leave."""
    mime = compose(
        sender=US,
        recipient=address,
        subject="Appointment",
        text="Hello",
        html="<p>Hello</p>",
        message_id="<a@fh-cal.example>",
        now=NOW,
    )
    with smtp_transport(office.url) as transport:
        outcome = transport.hand_over(US.address, address, mime)
    return office.messages.pop().recipients[0] if office.messages else outcome.words


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: file.stem)
def test_clinic_file_is_read_as_stands_beside_it(file: Path, narrow_office: PostOffice) -> None:
    right: dict[str, Any] = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    data = file.read_bytes()

    assert places(data) == right.get("wrong", [])
    if "wrong" in right:
        return
    kept = relatives(data)
    for key, contact in right.get("relatives", {}).items():
        assert kept[key] == contact
    letters = {address: handed(narrow_office, address) for address in right.get("letters", {})}
    assert letters == right.get("letters", {})


def test_every_value_has_its_clinic_file() -> None:
    values = {file.stem for file in FOLDER.glob("*.json")}

    assert values == {file.stem for file in FOLDER.glob("*.yaml")}

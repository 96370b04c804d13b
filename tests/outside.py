"""What a test run let out, read as the outside would: every letter written, every letter carried, every feed."""

from collections.abc import Iterator

from sqlalchemy import inspect, select

from scheduler.feeds.models import Feed
from scheduler.invitations import lint, names_to_keep_in
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people.models import Person, Practice
from servers.post_office import PostOffice


def given_away(office: PostOffice | None) -> list[str]:
    """Give every word of the field and every name that stands in anything outward; an empty list is right."""
    if not {"letters", "feeds", "people"} <= set(inspect(db.engine).get_table_names()):
        return []
    names = [*db.session.scalars(select(Person.name)), *db.session.scalars(select(Practice.name))]
    secrets = names_to_keep_in(names)
    return [
        f"{what}: {finding}"
        for what, content, reader in _outward(office)
        for finding in lint(content, secrets, recipient=reader)
    ]


def _outward(office: PostOffice | None) -> Iterator[tuple[str, bytes, str]]:
    for letter in db.session.scalars(select(Letter)):
        yield f"{letter.kind} queued", letter.mime, letter.address
    for arrived in office.messages if office else ():
        yield "letter carried", arrived.content, arrived.recipients[0]
    for body in db.session.scalars(select(Feed.body)):
        yield "feed", body, ""

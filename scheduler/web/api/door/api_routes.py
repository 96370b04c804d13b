"""What a route of the API is: whose deed, which scope, what it takes and gives; each says it where
it is written, and the map, the guard and the description are made of the same lines.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from scheduler.invitations import Told
from scheduler.people import Deed, Scope
from scheduler.people.models import Person
from scheduler.web.api.door.check_body import Schema

Document = dict[str, Any]


class About(StrEnum):
    """What the key in a route's address names, and so how far it is from who asks."""

    PATIENT = "patient"
    RELATIVE = "relative"
    SESSION = "session"
    COHORT = "cohort"
    CONSENT = "consent"
    NOBODY = "nobody"
    """The house's own: a program, a colleague."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call, read and checked; `after` is where a list goes on, `limit` how long a page is."""

    staff: Person
    now: datetime
    key: str
    args: Mapping[str, Any]
    body: Mapping[str, Any]
    match: str | None
    after: list[Any] | None
    limit: int
    seal: Callable[[list[Any]], str]
    told: list[Told] = field(default_factory=list)
    """What letters follow from it."""
    row: Any = None
    """What a read was found to be about, where all of it was read; None: ask for it."""

    @property
    def by(self) -> str:
        """Return the key of who acts."""
        return self.staff.key


@dataclass(frozen=True, slots=True)
class Answered:
    """What a call is answered: its document, and a status other than the route's."""

    document: Any
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    tag: Any = None
    """What of a row its ETag is made of; None: the document."""
    shown_once: Mapping[str, Any] = field(default_factory=dict)
    """What of the document is told now and kept nowhere."""
    afterwards: Callable[[], Any] | None = None
    """What is waited for once it is kept, and gives the document instead."""


View = Callable[[Call], Answered]


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address."""

    name: str
    method: str
    path: str
    deed: Deed
    scope: Scope
    says: str
    gives: Schema
    view: View
    about: About = About.NOBODY
    takes: Schema | None = None
    asks: Mapping[str, Schema] = field(default_factory=dict)
    status: int = 200
    is_list: bool = False
    is_row: bool = False
    """Whether it answers with one row, which has an ETag."""
    needs_match: bool = False
    rehearses: bool = False
    """Whether `dry_run=true` does it, says it and undoes it."""

    @property
    def writes(self) -> bool:
        """True if it may change something."""
        return self.method != "GET"


@dataclass(slots=True)
class RouteBook:
    """The routes of one door, in the order they are written."""

    routes: list[Route] = field(default_factory=list)

    def route(self, method: str, path: str, **said: Any) -> Callable[[View], View]:
        """Write down a view with what its route is."""

        def write(view: View) -> View:
            name = view.__name__
            says = (view.__doc__ or "").strip().splitlines()[0]
            self.routes.append(
                Route(
                    name,
                    method,
                    path,
                    says=says,
                    view=view,
                    **said,
                )
            )
            return view

        return write


BOOK = RouteBook()
"""The routes under /api/v1."""
FHIR_BOOK = RouteBook()
"""The routes under /fhir/R4."""
route = BOOK.route


def page_of(
    call: Call,
    rows: Sequence[Any],
    *,
    place: Callable[[Any], list[Any]],
    document: Callable[[Any], Document],
) -> Answered:
    """Return a page of a list that was asked for one row more than it is long."""
    shown = rows[: call.limit]
    following = None
    if len(rows) > call.limit:
        following = call.seal(place(shown[-1]))
    return Answered({"items": [document(row) for row in shown], "next": following})

"""What of a cohort's weeks one page of its board shows, and the ways to the others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from scheduler.i18n import N_, catalog
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.board.block_answers import answers_on_board
from scheduler.web.desk.board.board_asked import ALL, GROUPS, Asked
from scheduler.web.desk.board.board_columns import by_columns, of_one_day
from scheduler.web.desk.cohort_weeks import View
from scheduler.web.parts.board import Week
from scheduler.web.parts.kind_words import kind_in

STATES = {
    "published": N_("published"),
    "proposed": N_("proposed"),
    "cancelled": N_("cancelled"),
}


@dataclass(frozen=True, slots=True)
class Pick:
    """One tick of the filter."""

    name: str
    value: str
    words: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Board:
    """What is asked for, week and day found; the weeks to show, and all that can be picked out."""

    asked: Asked
    weeks: tuple[Week, ...]
    picks: tuple[tuple[str, tuple[Pick, ...]], ...]
    """The ticks by what they are about."""
    busiest: int
    """The most sessions of a week."""

    @property
    def chosen(self) -> int | str:
        """The number of the week that is shown, or ALL."""
        if self.asked.every_week:
            return ALL
        return self.asked.week or 1


def board_of(view: View, asked: Asked) -> Board:
    """Return the page of a board."""
    found = _found(view, asked)
    shown = []
    for week in view.weeks:
        if not found.every_week and week.number != found.week:
            continue
        seen = of_one_day(week, found.day) if found.day else week
        shown.append(by_columns(seen, found.by))
    return Board(
        asked=found,
        weeks=tuple(shown),
        picks=_picks(view, found),
        busiest=max((week.sessions for week in view.weeks), default=0),
    )


def answers_here(view: View, board: Board, *, now: datetime) -> dict[str, list[tuple[str, str]]]:
    """Return what people say to the sessions of the one week that is shown, by session (key)."""
    if board.asked.every_week:
        return {}
    keys = {item.key for week in board.weeks for item in week.items}
    sessions = [session for key, session in view.blocks.sessions.items() if key in keys]
    return answers_on_board(sessions, view.names, now=now)


def _found(view: View, asked: Asked) -> Asked:
    """Return what is asked with the week and the day that there are: a day's own week, the current
    one where nothing is said.
    """
    if asked.every_week:
        return replace(asked, day=None, week=None)
    for week in view.weeks:
        if asked.day in _days(week):
            return replace(asked, week=week.number)
    numbers = {week.number for week in view.weeks}
    week_number = asked.week if asked.week in numbers else view.current
    return replace(asked, day=None, week=week_number)


def _days(week: Week) -> list[date]:
    return [column.day for column in week.days]


def _picks(view: View, asked: Asked) -> tuple[tuple[str, tuple[Pick, ...]], ...]:
    _ = catalog(reader_language())
    people = [(patient.key, patient.name) for patient in view.patients]
    kinds = []
    for kind in view.blocks.kinds:
        kinds.append((kind.value, kind_in(reader_language(), kind)))
    states = [(state, _(STATES[state])) for state in GROUPS]
    return (
        (_("Clinicians"), _ticks("person", view.blocks.leads, asked.people)),
        (_("Patients"), _ticks("person", people, asked.people)),
        (_("Kinds"), _ticks("kind", kinds, asked.kinds)),
        (_("States"), _ticks("state", states, asked.states)),
    )


def _ticks(
    name: str, choices: Sequence[tuple[str, str]], ticked: Sequence[str]
) -> tuple[Pick, ...]:
    return tuple(Pick(name, value, words, value in ticked) for value, words in choices)

"""What no answer of the solver may break: nobody twice, rooms enough, hours within the rules."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from scheduler.planning.problem.hour_counting import Points, day_points, points_of_hour
from scheduler.planning.problem.minute_sets import DAY, MinuteOfWeek, WeekNumber
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.timetable import Place, Timetable


@dataclass(frozen=True, slots=True)
class Option:
    """One start of one demand, with the model's variable and what choosing it costs."""

    demand: Domain
    place: Place
    variable: Any
    cost: int

    @property
    def patients_day(self) -> tuple[str, WeekNumber, int]:
        """The patient, the week and the weekday, Monday 0."""
        week, start = self.place
        return self.demand.patient, week, start // DAY


Options = Iterable[Option]
Use = tuple[MinuteOfWeek, MinuteOfWeek, Any]
"""From when until before when somebody or a room is taken if the variable is chosen."""
UsesByPerson = dict[tuple[str, WeekNumber], list[Use]]
UsesByWeek = dict[WeekNumber, list[Use]]
TermsByDay = dict[tuple[str, WeekNumber, int], list[Any]]
TermsByWeek = dict[tuple[str, WeekNumber], list[Any]]


def constrain_people(model: Any, board: Timetable, options: Options) -> None:
    """Put nobody in two places, clinicians with their buffer: at each start at most one that covers
    it.
    """
    by_person: UsesByPerson = defaultdict(list)
    for option in options:
        week, start = option.place
        demand = option.demand
        end = start + demand.minutes
        patients_use = (start, end, option.variable)
        clinicians_use = (start, end + demand.buffer, option.variable)
        by_person[_human(board, demand.patient), week].append(patients_use)
        by_person[_human(board, demand.clinician), week].append(clinicians_use)
        for guest in demand.guests:
            if guest.could_start(week, start):
                by_person[_human(board, guest.key), week].append(patients_use)
    for uses in by_person.values():
        for _, covering in _covering(uses):
            if len(covering) > 1:
                model.add_at_most_one(covering)


def _human(board: Timetable, person: str) -> str:
    """Return one name for all rows of a human."""
    first, *_ = board.rows.of(person)
    return first


def constrain_rooms(model: Any, board: Timetable, options: Options) -> None:
    """Hold at each start no more sessions than there are rooms left."""
    rooms = len(board.problem.rooms)
    if rooms == 0:
        return
    by_week: UsesByWeek = defaultdict(list)
    for option in options:
        week, start = option.place
        end = start + option.demand.minutes
        use = (start, end, option.variable)
        by_week[week].append(use)
    for week, uses in by_week.items():
        occupancy = board.in_progress[week]
        for moment, covering in _covering(uses):
            free = max(rooms - occupancy.at(moment), 0)
            if len(covering) > free:
                model.add(sum(covering) <= free)


def _covering(uses: list[Use]) -> Iterator[tuple[MinuteOfWeek, list[Any]]]:
    """Return each minute at which something may start, with the variables of all that covers it."""
    moments = {start for start, _, _ in uses}
    for moment in sorted(moments):
        covering = [variable for start, end, variable in uses if start <= moment < end]
        yield moment, covering


def constrain_hours(model: Any, board: Timetable, options: Options) -> None:
    """Keep each patient's days and weeks within their limits; breaks between two new sessions count
    when they are placed.
    """
    days: TermsByDay = defaultdict(list)
    for option in options:
        points = _points_added(board, option)
        terms = days[option.patients_day]
        terms.append(points * option.variable)
    weeks: TermsByWeek = defaultdict(list)
    for about, terms in days.items():
        patient, week, weekday = about
        had = board.hours.points(patient, week)
        day_most, _ = _most(board, patient, week)
        left = day_most - had[weekday]
        model.add(sum(terms) <= left)
        of_week = weeks[patient, week]
        of_week += terms
    for about_week, terms in weeks.items():
        patient, week = about_week
        had = board.hours.points(patient, week)
        _, week_most = _most(board, patient, week)
        left = week_most - sum(had)
        model.add(sum(terms) <= left)


def _points_added(board: Timetable, option: Option) -> Points:
    """Count what choosing an option adds to the patient's day."""
    patient = option.demand.patient
    week, start = option.place
    weekday, minute = divmod(start, DAY)
    had = board.days[patient, week][weekday]
    added = (minute, minute + option.demand.minutes)
    counts = board.rules.of(patient, week).hour_counts
    before = day_points(had, counts)
    after = day_points([*had, added], counts)
    return after - before


def _most(board: Timetable, patient: str, week: WeekNumber) -> tuple[Points, Points]:
    """Return what a day and what a week of the patient may hold."""
    rules = board.rules.of(patient, week)
    scale = points_of_hour(rules.hour_counts)
    day_most = int(rules.day_hours_max * scale)
    week_most = int(rules.week_hours_max * scale)
    return day_most, week_most

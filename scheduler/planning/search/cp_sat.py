"""One piece of a plan solved anew, all else standing: CP-SAT over the starts that are open to each
session.

Slot booleans, warm-started, one thread and a limit in the solver's own time, so that a seed gives
one answer. A piece is prepared on the board, searched apart from it (on another core, if need be),
and kept when it is better.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.planning.problem.hour_counting import day_points, points_of_hour
from scheduler.planning.problem.minute_sets import DAY
from scheduler.planning.search.construct import by_series, usual_of
from scheduler.planning.search.cost import IRREGULAR, LEFT_OUT, SAME_DAY, Cost
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.timetable import Place


@dataclass(frozen=True, slots=True)
class Option:
    """One start of one demand, with the model's variable and what choosing it costs."""

    demand: Domain
    place: Place
    variable: Any
    cost: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found: places by session, the solver's time spent, and what no answer can cost
    less than.
    """

    places: Mapping[str, Place]
    spent: float
    bound: float


class Piece:
    """Some demands to be placed together; `whole` says that they are whole series, free to choose
    their usual start.
    """

    def __init__(
        self, price: Cost, demands: Iterable[Domain], usual: Mapping[str, int | None], whole: bool
    ) -> None:
        self.price = price
        self.board = price.board
        self.series = by_series(sorted(demands, key=lambda one: one.key))
        self.usual = {} if whole else usual
        """By series: the usual start it keeps to; one that is not here may choose."""
        self.whole = whole
        self.model: Any = None
        self.options: list[Option] = []

    @property
    def demands(self) -> list[Domain]:
        """Everything in the piece."""
        return [one for series in self.series.values() for one in series]

    def prepare(self) -> None:
        """Write the model of what is open while the piece is off the board; the board stays as it
        is.
        """
        from ortools.sat.python import cp_model  # slow to import, and wanted only here

        before = {
            one.key: self.board.remove(one) for one in self.demands if one.key in self.board.at
        }
        self.model = model = cp_model.CpModel()
        left_out = self._offer(model, before)
        self._people(model)
        self._rooms(model)
        self._hours(model)
        terms = [option.variable * option.cost for option in self.options if option.cost]
        terms += [variable * LEFT_OUT for variable in left_out]
        terms += [variable * IRREGULAR for variable in self._irregular(model, before)]
        terms += [variable * SAME_DAY for variable in self._same_day(model)]
        model.minimize(sum(terms))
        self.price.restore(self.demands, before)

    def search(self, *, seed: int, effort: float, seconds: float) -> Answer:
        """Solve the model within `effort` of the solver's own time and so many seconds; touches no
        board.
        """
        from ortools.sat.python import cp_model

        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.max_deterministic_time = effort
        solver.parameters.max_time_in_seconds = max(seconds, 0.1)
        status = solver.solve(self.model)
        spent = solver.response_proto.deterministic_time
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer({}, spent, 0.0)
        chosen = {one.demand.key: one.place for one in self.options if solver.value(one.variable)}
        return Answer(chosen, spent, max(solver.best_objective_bound, 0.0))

    def keep(self, answer: Answer) -> int:
        """Put the answer on the board when it is better than what lies there; return how many
        points were gained.
        """
        before: dict[str, Place] = {}
        old = sum(
            self.price.take_off(series, before, self.usual.get(key, usual_of(self.board, series)))
            for key, series in self.series.items()
        )
        new = sum(
            self.price.put_on(
                series, answer.places, self.usual.get(key, _usual_in(series, answer.places))
            )
            for key, series in self.series.items()
        )
        if new < old:
            return old - new
        self.price.restore(self.demands, before)
        return 0

    def _offer(self, model: Any, before: Mapping[str, Place]) -> list[Any]:
        """Write each open start as an option; give for each demand the variable that it is left
        out.
        """
        left_out = []
        for one in self.demands:
            own = [
                option for week in sorted(one.starts) for option in self._options(model, one, week)
            ]
            for option in own:
                model.add_hint(option.variable, before.get(one.key) == option.place)
            self.options += own
            left_out.append(model.new_bool_var(""))
            model.add_hint(left_out[-1], one.key not in before)
            model.add_exactly_one([*(option.variable for option in own), left_out[-1]])
        return left_out

    def _options(self, model: Any, demand: Domain, week: int) -> list[Option]:
        usual = self.usual.get(demand.series)
        found = []
        for start, price in self.price.offers(
            demand, week, self.board.open_starts(demand, week), not self.whole
        ):
            cost = price + (IRREGULAR if usual is not None and start != usual else 0)
            found.append(Option(demand, (week, start), model.new_bool_var(""), cost))
        return found

    def _irregular(self, model: Any, before: Mapping[str, Place]) -> list[Any]:
        """For each demand whose series may choose its usual start: whether it lies elsewhere."""
        starts: dict[str, dict[int, Any]] = defaultdict(dict)
        away: dict[str, Any] = {}
        hints = {key: _usual_in(series, before) for key, series in self.series.items()}
        for option in self.options:
            series, start = option.demand.series, option.place[1]
            if self.usual.get(series) is not None:
                continue
            if start not in starts[series]:
                starts[series][start] = model.new_bool_var("")
                model.add_hint(starts[series][start], hints[series] == start)
            elsewhere = away.setdefault(option.demand.key, model.new_bool_var(""))
            model.add_bool_or([option.variable.negated(), starts[series][start], elsewhere])
        for chosen_ones in starts.values():
            model.add_at_most_one(chosen_ones.values())
        return list(away.values())

    def _same_day(self, model: Any) -> list[Any]:
        """For each patient's day with two sessions of the piece: that there is one too many; of
        some kinds never.
        """
        days: dict[tuple[str, int, int], list[Any]] = defaultdict(list)
        once: dict[tuple[str, int, int], list[Any]] = defaultdict(list)
        for option in self.options:
            week, start = option.place
            name = (option.demand.patient, week, start // DAY)
            days[name].append(option.variable)
            if option.demand.obligation.kind in self.board.rules[option.demand.patient].once_a_day:
                once[name].append(option.variable)
        for variables in once.values():
            model.add_at_most_one(variables)
        crowded = []
        for variables in days.values():
            if len(variables) > 1:
                crowded.append(model.new_int_var(0, len(variables), ""))
                model.add(sum(variables) <= 1 + crowded[-1])
        return crowded

    def _people(self, model: Any) -> None:
        """Nobody in two places, clinicians with their buffer: at each start at most one that covers
        it.
        """
        by_person: dict[tuple[str, int], list[tuple[int, int, Any]]] = defaultdict(list)
        for option in self.options:
            week, start = option.place
            one, end = option.demand, start + option.demand.minutes
            by_person[one.patient, week].append((start, end, option.variable))
            by_person[one.clinician, week].append((start, end + one.buffer, option.variable))
        for uses in by_person.values():
            for moment in sorted({start for start, _, _ in uses}):
                covering = [variable for start, end, variable in uses if start <= moment < end]
                if len(covering) > 1:
                    model.add_at_most_one(covering)

    def _rooms(self, model: Any) -> None:
        """At each start no more sessions than there are rooms left."""
        if not self.board.problem.rooms:
            return
        by_week: dict[int, list[tuple[int, int, Any]]] = defaultdict(list)
        for option in self.options:
            week, start = option.place
            by_week[week].append((start, start + option.demand.minutes, option.variable))
        for week, uses in by_week.items():
            tally, rooms = self.board.in_progress[week], len(self.board.problem.rooms)
            for moment in sorted({start for start, _, _ in uses}):
                free = max(rooms - tally.at(moment), 0)
                covering = [variable for start, end, variable in uses if start <= moment < end]
                if len(covering) > free:
                    model.add(sum(covering) <= free)

    def _hours(self, model: Any) -> None:
        """No patient's day or week over its limits; breaks between two new sessions count when they
        are placed.
        """
        days: dict[tuple[str, int, int], list[tuple[int, Any]]] = defaultdict(list)
        for option in self.options:
            patient, (week, start) = option.demand.patient, option.place
            weekday, minute = divmod(start, DAY)
            spans = self.board.days[patient, week][weekday]
            counts = self.board.rules[patient].hour_counts
            more = day_points(
                [*spans, (minute, minute + option.demand.minutes)], counts
            ) - day_points(spans, counts)
            days[patient, week, weekday].append((more, option.variable))
        weeks: dict[tuple[str, int], list[tuple[int, Any]]] = defaultdict(list)
        for (patient, week, weekday), terms in days.items():
            rules = self.board.rules[patient]
            known = day_points(self.board.days[patient, week][weekday], rules.hour_counts)
            room = int(rules.day_hours_max * points_of_hour(rules.hour_counts)) - known
            model.add(sum(points * variable for points, variable in terms) <= room)
            weeks[patient, week] += terms
        for (patient, week), terms in weeks.items():
            rules = self.board.rules[patient]
            known = sum(
                day_points(spans, rules.hour_counts) for spans in self.board.days[patient, week]
            )
            room = int(rules.week_hours_max * points_of_hour(rules.hour_counts)) - known
            model.add(sum(points * variable for points, variable in terms) <= room)


def _usual_in(series: Iterable[Domain], places: Mapping[str, Place]) -> int | None:
    """The minute of the week at which most of a series lies, by `places` (the earlier of
    equals).
    """
    starts = [places[one.key][1] for one in series if one.key in places]
    return min(starts, key=lambda start: (-starts.count(start), start), default=None)

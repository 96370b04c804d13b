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

from scheduler.planning.problem.minute_sets import MinuteOfWeek, WeekNumber
from scheduler.planning.search.construct import by_series, usual_of
from scheduler.planning.search.cost import IRREGULAR, LEFT_OUT, SAME_DAY, Cost
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.model_constraints import (
    Option,
    constrain_hours,
    constrain_people,
    constrain_rooms,
)
from scheduler.planning.search.timetable import Place


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found: places by session, the solver's time spent, and what no answer can cost
    less than.
    """

    places: Mapping[str, Place]
    spent: float
    bound: float


Starts = dict[str, dict[MinuteOfWeek, Any]]
"""By series, the variables of its possible usual starts."""
Days = dict[tuple[str, WeekNumber, int], list[Any]]


class Piece:
    """Some demands to be placed together; `whole` says that they are whole series, free to choose
    their usual start.
    """

    def __init__(
        self, price: Cost, demands: Iterable[Domain], usual: Mapping[str, int | None], whole: bool
    ) -> None:
        self.price = price
        self.board = price.board
        self.series = by_series(sorted(demands, key=lambda demand: demand.key))
        self.usual = {} if whole else usual
        """By series: the usual start it keeps to; one that is not here may choose."""
        self.whole = whole
        self.model: Any = None
        self.options: list[Option] = []
        self.prices: list[Any] = []
        """What the model is to make small, in points."""

    @property
    def demands(self) -> list[Domain]:
        """Everything in the piece."""
        return [demand for series in self.series.values() for demand in series]

    def prepare(self) -> None:
        """Write the model of what is open while the piece is off the board; the board stays as it
        is.
        """
        from ortools.sat.python import cp_model  # slow to import, and wanted only here

        before = self._take_off()
        self.model = cp_model.CpModel()
        self.prices = []
        self._offer(before)
        constrain_people(
            self.model,
            self.board,
            self.options,
        )
        constrain_rooms(
            self.model,
            self.board,
            self.options,
        )
        constrain_hours(
            self.model,
            self.board,
            self.options,
        )
        self._irregular(before)
        self._same_day()
        self.model.minimize(sum(self.prices))
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
        chosen: dict[str, Place] = {}
        for option in self.options:
            if solver.value(option.variable):
                chosen[option.demand.key] = option.place
        bound = max(solver.best_objective_bound, 0.0)
        return Answer(chosen, spent, bound)

    def keep(self, answer: Answer) -> int:
        """Put the answer on the board when it is better than what lies there; return how many
        points were gained.
        """
        before: dict[str, Place] = {}
        old = 0
        for key, series in self.series.items():
            usual = self.usual.get(key, usual_of(self.board, series))
            old += self.price.take_off(series, before, usual)
        new = 0
        for key, series in self.series.items():
            usual = self.usual.get(key, _usual_in(series, answer.places))
            new += self.price.put_on(
                series,
                answer.places,
                usual,
            )
        if new < old:
            return old - new
        self.price.restore(self.demands, before)
        return 0

    def _take_off(self) -> dict[str, Place]:
        before: dict[str, Place] = {}
        for demand in self.demands:
            if demand.key in self.board.at:
                before[demand.key] = self.board.remove(demand)
        return before

    def _variable(self, hint: bool) -> Any:
        """Return a new yes or no of the model, with the answer it had before."""
        variable = self.model.new_bool_var("")
        self.model.add_hint(variable, hint)
        return variable

    def _offer(self, before: Mapping[str, Place]) -> None:
        """Write each open start as an option, and for each demand the choice to leave it out."""
        left_out = []
        for demand in self.demands:
            was_at = before.get(demand.key)
            choices = []
            for option in self._options_of(demand):
                self.model.add_hint(option.variable, option.place == was_at)
                self.options.append(option)
                choices.append(option.variable)
            without = self._variable(was_at is None)
            choices.append(without)
            self.model.add_exactly_one(choices)
            left_out.append(without)
        for option in self.options:
            if option.cost:
                self.prices.append(option.variable * option.cost)
        for without in left_out:
            self.prices.append(without * LEFT_OUT)

    def _options_of(self, demand: Domain) -> list[Option]:
        found = []
        for week in sorted(demand.starts):
            found += self._options(demand, week)
        return found

    def _options(self, demand: Domain, week: WeekNumber) -> list[Option]:
        usual = self.usual.get(demand.series)
        starts = self.board.open_starts(demand, week)
        found = []
        for start, price in self.price.offers(
            demand,
            week,
            starts,
            tidy=not self.whole,
        ):
            cost = price
            if usual is not None and start != usual:
                cost += IRREGULAR
            variable = self.model.new_bool_var("")
            option = Option(
                demand,
                (week, start),
                variable,
                cost,
            )
            found.append(option)
        return found

    def _irregular(self, before: Mapping[str, Place]) -> None:
        """Price each demand that lies off its series' usual start, where that may be chosen."""
        starts: Starts = defaultdict(dict)
        away: dict[str, Any] = {}
        hints = {key: _usual_in(series, before) for key, series in self.series.items()}
        for option in self.options:
            demand = option.demand
            series = demand.series
            if self.usual.get(series) is not None:
                continue
            _, start = option.place
            usual = starts[series]
            if start not in usual:
                was_usual = hints[series] == start
                usual[start] = self._variable(was_usual)
            new = self.model.new_bool_var("")
            elsewhere = away.setdefault(demand.key, new)
            not_here = option.variable.negated()
            self.model.add_bool_or([not_here, usual[start], elsewhere])
        for choices in starts.values():
            self.model.add_at_most_one(choices.values())
        for elsewhere in away.values():
            self.prices.append(elsewhere * IRREGULAR)

    def _same_day(self) -> None:
        """Price what comes beside another appointment of the patient's day; of some kinds there is
        only one.
        """
        days: Days = defaultdict(list)
        once: Days = defaultdict(list)
        for option in self.options:
            day = option.patients_day
            days[day].append(option.variable)
            week, _ = option.place
            rules = self.board.rules.of(option.demand.patient, week)
            if option.demand.kind in rules.once_a_day:
                once[day].append(option.variable)
        for variables in once.values():
            self.model.add_at_most_one(variables)
        for variables in days.values():
            count = len(variables)
            if count < 2:
                continue
            crowded = self.model.new_int_var(0, count, "")
            self.model.add(sum(variables) <= 1 + crowded)
            self.prices.append(crowded * SAME_DAY)


def _usual_in(series: Iterable[Domain], places: Mapping[str, Place]) -> MinuteOfWeek | None:
    """Return the minute of the week at which most of a series lies, by `places` (the earlier of
    equals).
    """
    starts = [places[demand.key][1] for demand in series if demand.key in places]
    return min(starts, key=lambda start: (-starts.count(start), start), default=None)

"""One piece of a plan solved anew, all else standing: CP-SAT over the starts that are open to each session.

Slot booleans, warm-started, one thread and a limit in the solver's own time, so that a seed gives one answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.planning.board import Board, Place
from scheduler.planning.demand import Demand
from scheduler.planning.hours import day_points, points_of_hour
from scheduler.planning.minutes import DAY, each

LEFT_OUT, MOVED, IRREGULAR, LATER_WEEK = 1_000, 60, 30, 1
"""What it costs to leave a session out, to move a published one, to leave the usual start, to use a later week."""


@dataclass(frozen=True, slots=True)
class Option:
    """One start of one demand, with the model's variable and what choosing it costs."""

    demand: Demand
    place: Place
    variable: Any
    cost: int


class Piece:
    """Some demands, taken off the board to be placed together."""

    def __init__(
        self, board: Board, demands: Iterable[Demand], usual: Mapping[str, int | None], published: Mapping[str, Place]
    ) -> None:
        self.board = board
        self.demands = sorted(demands, key=lambda one: one.key)
        self.usual = usual
        """By series: its usual start; a series left out here may choose one."""
        self.published = published
        self.spent = 0.0
        """Solver time used so far."""

    def solve(self, *, seed: int, effort: float, seconds: float) -> bool:
        """Place the piece at least as well as it was; say whether it got better. `effort` is in solver time."""
        before = {one.key: self.board.remove(one) for one in self.demands if one.key in self.board.at}
        chosen = self._chosen(before, seed, effort, seconds)
        for one in self.demands:
            place = chosen.get(one.key)
            if place and self.board.can(one, place):
                self.board.put(one, place)
        after = {one.key: self.board.at[one.key] for one in self.demands if one.key in self.board.at}
        if self._cost(after) < self._cost(before):
            return True
        for one in self.demands:
            if one.key in after:
                self.board.remove(one)
        for one in self.demands:
            if one.key in before:
                self.board.put(one, before[one.key])
        return False

    def _chosen(self, before: Mapping[str, Place], seed: int, effort: float, seconds: float) -> dict[str, Place]:
        from ortools.sat.python import cp_model  # slow to import, and wanted only here

        model = cp_model.CpModel()
        options = self._options(model)
        self._people(model, options)
        self._rooms(model, options)
        self._hours(model, options)
        costs = [option.variable * (option.cost - LEFT_OUT) for option in options]
        model.minimize(sum(costs) + IRREGULAR * sum(self._irregular(model, options)))
        for option in options:
            model.add_hint(option.variable, before.get(option.demand.key) == option.place)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.max_deterministic_time = effort
        solver.parameters.max_time_in_seconds = max(seconds, 0.1)
        status = solver.solve(model)
        self.spent += solver.response_proto.deterministic_time
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return dict(before)
        return {option.demand.key: option.place for option in options if solver.value(option.variable)}

    def _options(self, model: Any) -> list[Option]:
        found: list[Option] = []
        for one in self.demands:
            own = []
            for number, week in enumerate(sorted(one.starts)):
                for start in each(self.board.open_starts(one, week)):
                    cost = number * LATER_WEEK + self._dislike(one, (week, start))
                    own.append(Option(one, (week, start), model.new_bool_var(""), cost))
            if own:
                model.add_at_most_one(option.variable for option in own)
            found += own
        return found

    def _dislike(self, demand: Demand, place: Place) -> int:
        known = self.published.get(demand.key)
        moved = MOVED if known is not None and known != place else 0
        usual = self.usual.get(demand.series)
        return moved + (IRREGULAR if usual is not None and usual != place[1] else 0)

    def _irregular(self, model: Any, options: list[Option]) -> list[Any]:
        """For each demand whose series may choose its usual start: whether it lies elsewhere."""
        free = [option for option in options if self.usual.get(option.demand.series) is None]
        starts: dict[str, dict[int, Any]] = defaultdict(dict)
        away: dict[str, Any] = {}
        for option in free:
            series, start = option.demand.series, option.place[1]
            chosen = starts[series].setdefault(start, model.new_bool_var(""))
            elsewhere = away.setdefault(option.demand.key, model.new_bool_var(""))
            model.add_implication(option.variable, chosen).only_enforce_if(elsewhere.negated())
        for chosen_ones in starts.values():
            model.add_at_most_one(chosen_ones.values())
        return list(away.values())

    def _people(self, model: Any, options: list[Option]) -> None:
        """Nobody in two places, clinicians with their buffer: at each start at most one that covers it."""
        by_person: dict[tuple[str, int], list[tuple[int, int, Any]]] = defaultdict(list)
        for option in options:
            week, start = option.place
            one, end = option.demand, start + option.demand.minutes
            by_person[one.patient, week].append((start, end, option.variable))
            by_person[one.clinician, week].append((start, end + one.buffer, option.variable))
        for uses in by_person.values():
            for moment in sorted({start for start, _, _ in uses}):
                covering = [variable for start, end, variable in uses if start <= moment < end]
                if len(covering) > 1:
                    model.add_at_most_one(covering)

    def _rooms(self, model: Any, options: list[Option]) -> None:
        """At each start no more sessions than there are rooms left."""
        if not self.board.problem.rooms:
            return
        by_week: dict[int, list[tuple[int, int, Any]]] = defaultdict(list)
        for option in options:
            week, start = option.place
            by_week[week].append((start, start + option.demand.minutes, option.variable))
        for week, uses in by_week.items():
            tally, rooms = self.board.in_progress[week], len(self.board.problem.rooms)
            for moment in sorted({start for start, _, _ in uses}):
                free = max(rooms - tally.at(moment), 0)
                covering = [variable for start, end, variable in uses if start <= moment < end]
                if len(covering) > free:
                    model.add(sum(covering) <= free)

    def _hours(self, model: Any, options: list[Option]) -> None:
        """No patient's day or week over its limits; breaks between two new sessions count when they are placed."""
        days: dict[tuple[str, int, int], list[tuple[int, Any]]] = defaultdict(list)
        for option in options:
            patient, (week, start) = option.demand.patient, option.place
            weekday, minute = divmod(start, DAY)
            spans = self.board.days[patient, week][weekday]
            counts = self.board.rules[patient].hour_counts
            more = day_points([*spans, (minute, minute + option.demand.minutes)], counts) - day_points(spans, counts)
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
            known = sum(day_points(spans, rules.hour_counts) for spans in self.board.days[patient, week])
            room = int(rules.week_hours_max * points_of_hour(rules.hour_counts)) - known
            model.add(sum(points * variable for points, variable in terms) <= room)

    def _cost(self, places: Mapping[str, Place]) -> int:
        """Count what an answer costs, by the same measure as the model."""
        total = LEFT_OUT * (len(self.demands) - len(places))
        chosen: dict[str, list[int]] = defaultdict(list)
        for one in self.demands:
            place = places.get(one.key)
            if place is None:
                continue
            total += sorted(one.starts).index(place[0]) * LATER_WEEK + self._dislike(one, place)
            if self.usual.get(one.series) is None:
                chosen[one.series].append(place[1])
        for starts in chosen.values():
            total += IRREGULAR * (len(starts) - max(starts.count(start) for start in starts))
        return total

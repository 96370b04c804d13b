"""FET, the free timetable generator, as a peer: the same sessions with the same open starts, four
weeks at a time.

FET holds at most 35 days and knows no regularity from week to week: each session becomes an
activity with the starts that its people leave open (the buffer in its length), and every four weeks
get a timetable of their own, as blocks of one, two and four weeks allow.
"""

import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from scheduler.people import WEEKDAYS
from scheduler.planning.problem.minute_sets import DAY, each
from scheduler.planning.search.domains import Domain
from scheduler.planning.search.initial_plan import Draft
from scheduler.planning.search.timetable import Place, Timetable

QUARTER = 15
WEEKS = 4
DAYS = tuple(f"{week}-{day}" for week in range(1, WEEKS + 1) for day in WEEKDAYS[:5])
PROGRAM = "fet-cl"


def is_installed() -> bool:
    """Say whether FET is on this machine (Debian: apt-get install fet)."""
    return shutil.which(PROGRAM) is not None


def solve(draft: Draft, seconds: float) -> None:
    """Let FET place the sessions of every four weeks, each in an equal share of the time."""
    first = min(min(one.starts) for one in draft.demands)
    chunks: dict[int, list[Domain]] = defaultdict(list)
    for demand in draft.demands:
        chunks[(min(demand.starts) - first) // WEEKS].append(demand)
    for number, demands in sorted(chunks.items()):
        places = _solve(draft.board, demands, first + number * WEEKS, seconds / len(chunks))
        for identity, demand in enumerate(demands, 1):
            if identity in places and draft.board.can(demand, places[identity]):
                draft.board.put(demand, places[identity])


def _solve(
    board: Timetable, demands: list[Domain], first: int, seconds: float
) -> Mapping[int, Place]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "house.fet").write_text(document(board, demands, first), encoding="utf-8")
        command = [
            PROGRAM,
            f"--inputfile={folder / 'house.fet'}",
            f"--outputdir={folder}",
            "--htmllevel=0",
        ]
        command += [f"--timelimitseconds={max(int(seconds), 1)}"]
        command += [f"--randomseeds{number}=1" for number in (10, 11, 12, 20, 21, 22)]
        subprocess.run(command, capture_output=True, timeout=seconds + 300, check=False)
        return answer(folder, first)


def answer(folder: Path, first: int) -> Mapping[int, Place]:
    """Read the week and minute of each activity: of the whole timetable, or of the fullest that was
    reached.
    """
    found = sorted(folder.rglob("*activities.xml"), key=lambda path: "highest" in str(path))
    places = {}
    for row in ElementTree.parse(found[0]).getroot().iter("Activity") if found else ():
        day, hour = row.findtext("Day"), row.findtext("Hour")
        if day and hour:
            number = DAYS.index(day)
            hours, minutes = hour.split(":")
            start = number % 5 * DAY + int(hours) * 60 + int(minutes)
            places[int(row.findtext("Id") or 0)] = (first + number // 5, start)
    return places


def document(board: Timetable, demands: list[Domain], first: int) -> str:
    """Write four weeks as FET reads them."""
    root = ElementTree.Element("fet", version="6.8.5")
    add(root, "Institution_Name", "Generated")
    hours = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(0, DAY, QUARTER)]
    listed(root, "Days_List", "Number_of_Days", "Day", DAYS)
    listed(root, "Hours_List", "Number_of_Hours", "Hour", hours)
    named(root, "Subjects_List", "Subject", {one.obligation.appointment.key for one in demands})
    add(root, "Activity_Tags_List")
    named(root, "Teachers_List", "Teacher", {one.clinician for one in demands})
    named(root, "Students_List", "Year", {one.patient for one in demands}, Number_of_Students="1")
    activities, times = add(root, "Activities_List"), ElementTree.Element("Time_Constraints_List")
    basic(times, "ConstraintBasicCompulsoryTime")
    for number, one in enumerate(demands, 1):
        activity(activities, number, one)
        open_starts = [
            (week - first, start)
            for week in one.starts
            for start in each(board.open_starts(one, week))
        ]
        starts(
            times,
            number,
            [place for place in open_starts if place[0] < WEEKS and place[1] < 5 * DAY],
        )
    add(root, "Buildings_List")
    add(root, "Rooms_List")
    root.append(times)
    basic(add(root, "Space_Constraints_List"), "ConstraintBasicCompulsorySpace")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(
        root, encoding="unicode"
    )


def activity(parent: ElementTree.Element, number: int, one: Domain) -> None:
    """Write one weekly activity; its length in quarters of an hour, the clinician's buffer
    within.
    """
    quarters = str(-(-(one.minutes + one.buffer) // QUARTER))
    row = add(parent, "Activity")
    said = {
        "Teacher": one.clinician,
        "Subject": one.obligation.appointment.key,
        "Students": one.patient,
    }
    for name, text in (
        said | {"Duration": quarters, "Total_Duration": quarters, "Id": str(number)}
    ).items():
        add(row, name, text)
    add(row, "Activity_Group_Id", "0")
    add(row, "Active", "true")


def starts(parent: ElementTree.Element, number: int, places: list[Place]) -> None:
    """Write at which starts one activity may be."""
    row = basic(parent, "ConstraintActivityPreferredStartingTimes")
    add(row, "Activity_Id", str(number))
    add(row, "Number_of_Preferred_Starting_Times", str(len(places)))
    for week, start in places:
        weekday, rest = divmod(start, DAY)
        place = add(row, "Preferred_Starting_Time")
        add(place, "Preferred_Starting_Day", DAYS[5 * week + weekday])
        add(place, "Preferred_Starting_Hour", f"{rest // 60:02d}:{rest % 60:02d}")


def basic(parent: ElementTree.Element, name: str) -> ElementTree.Element:
    """Write a constraint that holds always."""
    row = add(parent, name)
    add(row, "Weight_Percentage", "100")
    add(row, "Active", "true")
    return row


def named(parent: ElementTree.Element, name: str, row: str, keys: set[str], **more: str) -> None:
    """Write a list of things that have a name."""
    rows = add(parent, name)
    for key in sorted(keys):
        one = add(rows, row)
        add(one, "Name", key)
        for label, text in more.items():
            add(one, label, text)


def listed(
    parent: ElementTree.Element, name: str, count: str, row: str, keys: tuple[str, ...] | list[str]
) -> None:
    """Write a list with its length first."""
    rows = add(parent, name)
    add(rows, count, str(len(keys)))
    for key in keys:
        add(add(rows, row), "Name", key)


def add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    """Add one element."""
    one = ElementTree.SubElement(parent, name)
    one.text = text
    return one

"""One clinic's life by chance: the deeds of a desk by command, and what everybody then sees."""

import html
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from calendar_client import CalendarClient, Span
from end_to_end.elm_street import MONDAY, WORKDAYS, ZONE, Desk, clinic, hours
from end_to_end.standing_model import Belief, Entry, Place, Standing
from scheduler import feeds
from scheduler.admissions import discharge
from scheduler.change_tracking import take_unfed, take_untold
from scheduler.invitations import announce, out_of_sync
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import person_by_key
from visitor import browser, sign_in
from watch import Watch

PATIENTS = ("jordan", "noemie")
TOLD = (*PATIENTS, "moss", "adler")
"""Who is told of a change by a letter; the mother is invited."""
LOOKING = (*PATIENTS, "jordan-mother", "desk")
WEEKS = range(1, 7)
TIMES = re.compile(r'<(?:p|span) class="time">(.*?)</(?:p|span)>')
LINK = re.compile(r"/desk/sessions/([^\"?/]+)[\"?]")
MOTHER, FATHER = "jordan-mother", "jordan-father"


def small_clinic() -> dict[str, Any]:
    """Return Elm Street with two patients, a mother who is free all afternoon, and a desk."""
    said = clinic()
    said["patients"] = said["patients"][:2]
    said["patients"][0]["family"][0]["free"] = [hours("12:00", "20:00")]
    desk = {"key": "desk", "name": "Sam Wren", "email": "sam@es.example"}
    own = {"licences": [], "hours": [], "roles": ["coordinator", "administrator"]}
    said["clinicians"].append(desk | own)
    return said


class Life:
    """A clinic that was just published, and its naive table beside it."""

    def __init__(self, app: Flask, runner: FlaskCliRunner, folder: Path, watch: Watch) -> None:
        self.chance = Random()
        self.watch = watch
        self.desk = Desk(runner, folder / "elm.json", small_clinic())
        self.stands = Standing()
        self.letters_seen: set[str] = set()
        self.due: set[str] = set()
        """Who has something to be told by time alone, before anything is done."""
        self.mailbox = CalendarClient("jordan-mother@family.example")
        self.beliefs = [Belief(person) for person in TOLD]
        self.struck: dict[str, set[str]] = {person: set() for person in (*PATIENTS, MOTHER)}
        self.let_pass(timedelta())
        self.desk.load()
        self._plan()
        self._publish()
        self.looks = {person: browser(app) for person in LOOKING}
        self.addresses = {person: self._address(person) for person in (*PATIENTS, MOTHER)}
        self.tell()
        for belief in self.beliefs:
            belief.learn(self.stands)

    @property
    def now(self) -> datetime:
        return self.desk.now.astimezone(UTC)

    def let_pass(self, span: timedelta) -> None:
        self.desk.now = (self.desk.now.astimezone(UTC) + span).astimezone(ZONE)
        self.watch.moment = self.now

    def _address(self, person: str) -> str:
        secret = feeds.make(person_by_key(person), by="command", now=self.now)
        db.session.commit()
        return f"/feeds/{secret}.ics"

    # deeds

    DEEDS = (
        *("plan", "publish", "cancel", "move", "put_back") * 6,
        *("move", "absence", "load") * 3,
        "discharge",
    )

    def step(self) -> str:
        """Let some hours pass and one thing happen; say what."""
        self.let_pass(timedelta(hours=self.chance.randint(1, 24)))
        by_time = out_of_sync(now=self.now)
        self.due = {each.person_id for each in by_time}
        deed = self.chance.choice(self.DEEDS)
        said = getattr(self, f"_{deed}")()
        return f"{self.desk.now:%a %d %b %H:%M} {deed} {said or ''}"

    def _plan(self) -> None:
        seed = str(self.chance.randint(0, 9))
        words = ("elm", "--seconds", "0.3", "--seed", seed, "--json")
        self.stands.plan(json.loads(self.desk.run("cohort", "plan", *words, ends=(0, 3))))

    def _publish(self) -> str:
        said = self._try("cohort", "publish", "elm")
        if said is None:
            self.stands.publish(self.now)
        return said or ""

    def _cancel(self) -> str:
        key = self._some(is_off=False)
        if key:
            self.desk.run("sessions", "cancel", key)
            self.stands.cancel(key)
        return key

    def _move(self) -> str:
        key = self._some(is_off=False)
        if not key:
            return ""
        start, minutes = self.stands.entries[key].place
        shift = timedelta(days=self.chance.randint(-2, 2), hours=self.chance.randint(-3, 3))
        to = start + shift
        words = ["sessions", "move", key, "--to", f"{to:%Y-%m-%dT%H:%M}"]
        said = self._try(*words)
        if said is not None and self.chance.random() < 0.5:
            said = self._try(*words, "--override", "they asked for it")
        if said is None:
            self.stands.move(key, (to, minutes))
        return f"{key} to {to} {said or ''}"

    def _put_back(self) -> str:
        key = self._some(is_off=None)
        if not key:
            return ""
        said = self._try("sessions", "put-back", key)
        if said is None:
            self.stands.put_back(key)
        return f"{key} {said or ''}"

    def _absence(self) -> None:
        """Let a clinician be away on a day: nothing that stands is other for it."""
        day = self.desk.now.date() + timedelta(days=self.chance.randint(0, 14))
        who = self.chance.choice(self.desk.said["clinicians"][:2])
        who["away"] = [{"from": str(day), "to": str(day)}]
        self.desk.load()

    def _load(self) -> None:
        """Load the file again, a patient's hours other or everything as it was."""
        patient = self.chance.choice(self.desk.said["patients"])
        first = self.chance.choice(("12:00", "13:00", "14:30"))
        days = self.chance.sample(WORKDAYS, self.chance.randint(2, 5))
        patient["free"] = [hours(first, "17:30", *days)]
        self.desk.load()

    def _discharge(self) -> str:
        """Discharge somebody late, now and then."""
        patient = self.chance.choice(PATIENTS)
        last = max(self.desk.now.date(), MONDAY) + timedelta(days=self.chance.randint(2, 20))
        if patient in self.stands.last or last > MONDAY + timedelta(days=41):
            return ""
        discharge(person_by_key(patient), last, by="desk", now=self.now)
        db.session.commit()
        self.stands.discharge(patient, last, self.now)
        return f"{patient} {last}"

    def _try(self, *words: str) -> str | None:
        """Run a command; None: it was done, else what it answered."""
        db.session.remove()
        result = self.desk.runner.invoke(args=list(words))
        assert result.exit_code in {0, 1, 2}, (words, result.output, result.exception)
        return None if result.exit_code == 0 else f"refused: {result.output.strip()[:160]}"

    def _some(self, *, is_off: bool | None) -> str:
        """Return a session ahead, empty without one: standing, off, or (None) to be put back."""
        found = []
        for key, entry in sorted(self.stands.entries.items()):
            fits = entry.is_off == is_off
            if is_off is None:
                fits = entry.is_off or entry.before is not None
            if fits and entry.starts > self.now:
                found.append(key)
        return self.chance.choice(found) if found else ""

    # what everybody sees

    def tell(self) -> dict[str, int]:
        """Let the worker tell everybody whom something changed for, twice; give how many letters of
        a change each got.
        """
        for _again in range(2):
            self._tick()
        self.look_at_all()
        came = dict.fromkeys(TOLD, 0)
        rows = select(Letter).order_by(Letter.created_at, Letter.id)
        for letter in db.session.scalars(rows):
            if letter.id in self.letters_seen:
                continue
            self.letters_seen.add(letter.id)
            letter.state = LetterState.SENT
            assert letter.address != f"{FATHER}@family.example"
            if letter.address == self.mailbox.address:
                self.mailbox.receive(letter.mime)
            elif letter.kind == "change":
                came[_key_of(letter)] += 1
        db.session.commit()
        return came

    def _tick(self) -> None:
        """Compare those whom something changed for since the last tick, a moment ago."""
        concerned = take_untold(since=self.now, now=self.now)
        if concerned is not None:
            concerned |= self.due
        announce(by="worker", now=self.now, concerned=concerned)
        concerned = take_unfed(since=self.now, now=self.now)
        feeds.refresh(now=self.now, concerned=concerned)
        db.session.commit()

    def look_at_all(self) -> None:
        """Compare everybody: there is nothing that the changes did not name."""
        found = announce(by="worker", now=self.now)
        written = feeds.refresh(now=self.now)
        db.session.commit()
        assert (found, written) == ([], 0)

    def should_come(self) -> dict[str, int]:
        """Say by the table how many letters of a change each should have got, but for who was
        discharged: of the groups they leave they hear when a publication takes them out.
        """
        expected = {}
        for belief in self.beliefs:
            hears = belief.should_hear(self.stands, self.now)
            if belief.person not in self.stands.last:
                expected[belief.person] = int(hears)
        return expected

    def export(self) -> dict[str, tuple[str, str, str]]:
        """Return each line of the export: status, start and end by key."""
        lines = [json.loads(line) for line in self.desk.run("sessions", "export").splitlines()]
        return {one["key"]: (one["status"], one["start"], one["end"]) for one in lines}

    def feed(self, person: str) -> bytes:
        answer = self.looks["desk"].get(self.addresses[person])
        assert answer.status_code == 200
        answer.close()  # Only then is it known to have been fetched.
        return answer.data

    def page(self, person: str, path: str) -> str:
        looks = self.looks[person]
        sign_in(looks, person_by_key(person))
        answer = looks.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def agenda(self, patient: str) -> list[str]:
        """Return the times on a patient's page; those struck with a mark before."""
        lines = []
        for time in TIMES.findall(self.page(patient, "/mine/")):
            mark = "× " if "<s>" in time else ""
            lines.append(mark + plain(time))
        return lines

    def mothers_page(self) -> list[str]:
        return [plain(time) for time in TIMES.findall(self.page(MOTHER, "/family"))]

    def board(self) -> tuple[dict[str, str], set[str]]:
        """Return what is published or struck on the list, and the keys on the grid."""
        page = self.page("desk", "/desk/cohorts/elm?week=all&view=list")
        rows = {}
        for row in re.findall(r"<tr.*?</tr>", page.partition("<tbody>")[2], re.DOTALL):
            found = LINK.search(row)
            if found:
                when = re.search(r"<td>(.*?)</td>", row, re.DOTALL)
                assert when is not None
                mark = "× " if 'class="struck"' in row else ""
                assert found[1] not in rows, f"twice on the list: {found[1]}"
                rows[found[1]] = mark + plain(when[1])
        on_grid = set()
        for block in re.findall(r'<li class="block.*?</li>', page, re.DOTALL):
            link = LINK.search(block)
            if link:
                on_grid.add(link[1])
        return rows, on_grid

    def hours_shown(self, patient: str) -> list[tuple[str, str]]:
        """Return what a patient's page at the desk counts for each week."""
        page = plain(self.page("desk", f"/desk/patients/{patient}"))
        found = re.finditer(r"(Week \d+) (?:▲ )?([\d.]+) of 1 hours, clock time", page)
        return [(match[1], match[2]) for match in found]


def _key_of(letter: Letter) -> str:
    return letter.address.partition("@")[0]


def plain(text: str) -> str:
    """Return words without marks, in one line, with simple spaces."""
    said = html.unescape(re.sub(r"<[^>]+>", " ", text)).replace("\N{WORD JOINER}", "")
    return re.sub(r"\s+", " ", said).strip()


def span_of(entry: Entry) -> Span:
    return entry.starts, entry.ends


def place_words(place: Place) -> str:
    """Return "Tue 9 March, 4:00 – 5:00 PM" of wall time."""
    start = place[0]
    return f"{start:%a} {start.day} {start:%B}, {clock_words(start, place[1])}"


def clock_words(start: datetime, minutes: int) -> str:
    end = start + timedelta(minutes=minutes)
    first, last = f"{start:%I:%M}".lstrip("0"), f"{end:%I:%M %p}".lstrip("0")
    half = "" if f"{start:%p}" == f"{end:%p}" else f" {start:%p}"
    return f"{first}{half} – {last}"

"""What a rehearsal shows is what leaves until the consent's end, and nothing of it is kept."""

import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import event, select

from household import MONDAY, NOW, TODAY, Household, move_in
from scheduler import consents
from scheduler.consents.model.models import Grant
from scheduler.invitations import announce
from scheduler.kernel.database import Base, db
from scheduler.outbox import letter_subject, letter_words, letters_waiting
from scheduler.outbox.models import Letter, LetterState
from scheduler.programs import Kind, Seats
from scheduler.rehearsals import Rehearsal, rehearse, rehearse_grant
from scheduler.reminders import remind_of_endings, sweep

HOUR = timedelta(hours=1)
A_HOUSE = 25
"""Families of one house, each with a grant of its own; then others come."""
SECRET = re.compile(r"/[ij]/[\w-]+")
Said = tuple[datetime, str, str, str, str]


def rows_of_everything() -> dict[str, list[str]]:
    """Every row of every table, as text."""
    found = {}
    for table in Base.metadata.sorted_tables:
        found[table.name] = sorted(map(repr, db.session.execute(select(table)).all()))
    return found


def rehearsed(home: Household, kinds: list[Kind], days: int) -> Rehearsal:
    return rehearse(
        lambda: grant(home, kinds, days),
        home.mother,
        home.jordan,
        now=hour(NOW),
    )


def grant(home: Household, kinds: list[Kind], days: int) -> list[Grant]:
    return consents.give(
        person=home.mother,
        patient=home.jordan,
        purposes=kinds,
        signed=TODAY,
        expires=TODAY + timedelta(days=days),
        others=True,
        by="command",
        now=NOW,
    )


def hour(moment: datetime) -> datetime:
    """The full hour at which a worker that comes once an hour finds it."""
    whole = moment.replace(minute=0, second=0, microsecond=0)
    return whole if whole == moment else whole + HOUR


def plain(words: str) -> str:
    """Words with the secrets of addresses set aside."""
    return SECRET.sub("/…", words)


def shown(rehearsal: Rehearsal) -> list[Said]:
    found = []
    for letter in rehearsal.letters:
        said = hour(letter.at), letter.to, letter.kind, letter.subject, plain(letter.words)
        found.append(said)
    return sorted(found)


def lived(homes: list[Household], until: list[datetime]) -> list[list[Said]]:
    """Let a worker come by once an hour until the ends, and give what left for each family."""
    found: list[list[Said]] = [[] for _ in homes]
    whose = {}
    for number, home in enumerate(homes):
        whose[home.mother.id] = number, home.mother.key
        whose[home.jordan.id] = number, home.jordan.key
    fathers = {home.father.id for home in homes}
    moment = hour(NOW)
    while moment <= max(until) + HOUR:
        announce(by="worker", now=moment)
        sweep(by="worker", now=moment)
        remind_of_endings(now=moment)
        for letter in letters_waiting([*whose, *fathers]):
            assert letter.recipient_id not in fathers
            letter.state, letter.sent_at = LetterState.SENT, moment
            number, to = whose[letter.recipient_id]
            is_theirs = letter.grant_id is not None or letter.kind == "ending"
            if is_theirs and moment <= until[number] + HOUR:
                said = letter_subject(letter), plain(letter_words(letter))
                found[number].append((moment, to, letter.kind, *said))
        db.session.flush()
        moment += HOUR
    return [sorted(said) for said in found]


def by_chance(home: Household, chance: Random) -> tuple[list[Kind], int]:
    """Lay some sessions, and give which kinds are let known for how many days."""
    soon = (TODAY - MONDAY).days + 1
    days = chance.randint(0, 1)
    key = home.jordan.key
    for number in range(chance.randint(1, 3)):
        at = chance.choice(("08:00", "15:00", "19:00", "22:00"))
        day = soon + chance.randint(0, days)
        home.appointment(day, week=number + 1, at=at, slot=f"fam.{key}")
    if chance.random() < 0.6:
        home.slot(soon + chance.randint(0, days), at="17:00", slot=f"learn.{key}")
    home.mother.zone = chance.choice((None, "America/Chicago", "Asia/Kolkata"))
    home.mother.language = chance.choice((None, "es", "pt-BR"))
    choice = [Kind.FAMILY_THERAPY], [Kind.FAMILY_WORKSHOP]
    both = [Kind.FAMILY_THERAPY, Kind.FAMILY_WORKSHOP]
    return chance.choice((*choice, both)), days + 1


@pytest.mark.timeout(6000)
def test_rehearsal_shows_what_leaves_until_the_end(
    home: Household, seed: int, trials: Callable[[int, int], int]
) -> None:
    wanted = trials(1, 500)
    many = min(wanted, A_HOUSE)
    for number in range(-(-wanted // many)):
        begun = time.monotonic()
        chance = Random(seed + number)
        with db.session.begin_nested() as trial:
            homes = [move_in(home, each) for each in range(many)]
            wishes = [(each, *by_chance(each, chance)) for each in homes]
            untouched = rows_of_everything()
            before = [shown(rehearsed(*wish)) for wish in wishes]
            is_untouched = rows_of_everything() == untouched
            ends = [grant(*wish)[0].valid_until for wish in wishes]

            after = lived(homes, ends)
            trial.rollback()
        letters, took = sum(map(len, after)), time.monotonic() - begun
        engine = db.engine.dialect.name
        print(
            f"SEED={seed + number} {engine}: {many} grants, {letters} letters, {took:.0f} s",
            flush=True,
        )
        assert (is_untouched, before) == (True, after)


def own_letters(home: Household, until: datetime) -> Counter[tuple[str, ...]]:
    """What the patient's own letters say, whoever comes by once an hour, but for endings."""
    found: Counter[tuple[str, ...]] = Counter()
    moment = hour(NOW)
    while moment <= until + HOUR:
        announce(by="worker", now=moment)
        sweep(by="worker", now=moment)
        remind_of_endings(now=moment)
        for letter in letters_waiting([home.jordan.id]):
            letter.state, letter.sent_at = LetterState.SENT, moment
            if letter.kind != "ending":
                found[letter.kind, letter_subject(letter), plain(letter_words(letter))] += 1
        db.session.flush()
        moment += HOUR
    return found


@pytest.mark.timeout(6000)
def test_rehearsal_shows_the_patients_own_letters_of_a_multi_family_group(
    sqlite_home: Household, seed: int, trials: Callable[[int, int], int]
) -> None:
    """In such a group a patient sits only with somebody of theirs: the consent causes them."""
    home = sqlite_home
    chance = Random(seed)
    kinds = [Kind.MULTI_FAMILY_GROUP]
    for _ in range(trials(1, 100)):
        with db.session.begin_nested() as trial:
            _kinds, days = by_chance(home, chance)
            day = (TODAY - MONDAY).days + chance.randint(1, days)
            home.slot(day, slot="several", at="12:00", kind=kinds[0], seats=Seats.BOTH)
            with db.session.begin_nested() as before:
                without = own_letters(home, NOW + timedelta(days=days + 1))
                before.rollback()

            said = rehearsed(home, kinds, days)
            grants = grant(home, kinds, days)
            lived_own = own_letters(home, grants[0].valid_until)

            own = Counter()
            for letter in said.letters:
                if letter.to == "p-1" and letter.kind != "ending":
                    own[letter.kind, letter.subject, plain(letter.words)] += 1
            assert (own, bool(own)) == (lived_own - without, True)
            trial.rollback()


def test_rehearsal_writes_nothing(home: Household) -> None:
    home.appointment(1)
    home.slot(2)
    db.session.commit()
    before = rows_of_everything()

    said = rehearsed(home, [Kind.FAMILY_THERAPY], 20)
    db.session.commit()

    assert (len(said.letters) > 3, rows_of_everything() == before) == (True, True)
    assert db.session.scalar(select(Letter.id)) is None


def test_rehearsal_reads_no_grant_of_another_family(home: Household) -> None:
    other = move_in(home, 0)
    home.appointment(1)
    other.appointment(2, slot="fam.h-0")
    home.consent()
    other.consent(other.mother)
    announce(by="worker", now=NOW)
    db.session.commit()
    for row in db.session.scalars(select(Grant)).all():
        db.session.expunge(row)
    read = set()

    def note(row: Grant, _: object) -> None:
        read.add(row.person_id)

    event.listen(Grant, "load", note)
    try:
        rehearsed(home, [Kind.FAMILY_WORKSHOP], 20)
    finally:
        event.remove(Grant, "load", note)
    assert read == {home.mother.id}


def test_trial_finds_a_letter_that_a_rehearsal_does_not_show(
    sqlite_home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trial can fail: a rehearsal that forgets reminders shows less than what leaves."""
    monkeypatch.setattr(rehearse_grant, "sweep", lambda **_said: None)
    sqlite_home.appointment((TODAY - MONDAY).days + 1, at="19:00")

    before = shown(rehearsed(sqlite_home, [Kind.FAMILY_THERAPY], 1))
    until = grant(sqlite_home, [Kind.FAMILY_THERAPY], 1)[0].valid_until
    (after,) = lived([sqlite_home], [until])

    hidden = Counter(after) - Counter(before)
    assert {kind for _at, _to, kind, _subject, _words in hidden} == {"reminder"}

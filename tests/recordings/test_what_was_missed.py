"""A recorded workshop is offered to who might have come and did not, under the same consents."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from cast import Cast, assemble, session
from scheduler.consents import revoke
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError, NotFound
from scheduler.people.models import Person
from scheduler.programs import Kind, Seats
from scheduler.recordings import (
    RecordingSource,
    add_recording,
    captions_of,
    count_watching,
    file_names,
    give_pass,
    may_watch,
    missed_recordings,
    pass_by_token,
    pass_token,
    path_of,
    recording_of,
    remove_recording,
    use_folder,
    watched_by,
)
from scheduler.recordings.models import Recording
from scheduler.sessions import cancel, log_join
from scheduler.sessions.models import Session

HELD = datetime(2027, 3, 9, 20, 0, tzinfo=UTC)
NOW = HELD + timedelta(days=1)
LINK = RecordingSource(url="https://video.example/workshop")


@pytest.fixture
def stage(app: Flask) -> Cast:
    return assemble(Kind.FAMILY_WORKSHOP)


def meeting(stage: Cast, kind: Kind = Kind.FAMILY_WORKSHOP, series: str = "learn") -> Session:
    row = session(stage, datetime(2027, 3, 9, 15, 0), kind=kind, series=series)
    row.series = f"{stage.cohort.key}.{series}"
    row.seats = Seats.FAMILIES if kind is Kind.FAMILY_WORKSHOP else Seats.PATIENTS
    db.session.commit()
    return row


def recorded(stage: Cast, kind: Kind = Kind.FAMILY_WORKSHOP) -> Recording:
    return add_recording(meeting(stage, kind), LINK, days=14, by="sam", now=NOW)


def offered(person: Person, at: datetime = NOW) -> list[str]:
    return [missed.recording.id for missed in missed_recordings(person, now=at)]


def test_mother_who_missed_the_workshop_is_offered_it(stage: Cast) -> None:
    row = recorded(stage)

    assert [offered(who) for who in (stage.dana, stage.miguel, stage.jordan)] == [[row.id], [], []]


def test_patient_who_missed_psychoeducation_is_offered_it(stage: Cast) -> None:
    row = recorded(stage, Kind.PSYCHOEDUCATION)

    assert [offered(who) for who in (stage.jordan, stage.dana, stage.miguel)] == [[row.id], [], []]


def test_who_was_in_the_room_is_offered_nothing(stage: Cast) -> None:
    row = recorded(stage)
    for _ in range(2):
        log_join(row.session, stage.dana, by="dana", now=HELD)

    assert offered(stage.dana) == []
    assert may_watch(row, stage.dana, now=NOW) is not None


def test_withdrawn_consent_takes_the_recording_away(stage: Cast) -> None:
    row = recorded(stage)
    revoke(person=stage.dana, patient=stage.jordan, by="sam", now=NOW)

    assert (offered(stage.dana), may_watch(row, stage.dana, now=NOW)) == ([], None)


def test_recording_ends_with_its_days(stage: Cast) -> None:
    row = recorded(stage)
    last = NOW + timedelta(days=14)

    assert offered(stage.dana, last - timedelta(seconds=1)) == [row.id]
    assert (offered(stage.dana, last), may_watch(row, stage.dana, now=last)) == ([], None)


def test_removed_recording_is_offered_to_nobody(stage: Cast) -> None:
    row = recorded(stage)
    remove_recording(row, by="sam", now=NOW)

    assert (offered(stage.dana), recording_of(row.session, now=NOW)) == ([], None)


def test_second_recording_takes_the_place_of_the_first(stage: Cast) -> None:
    first = recorded(stage)
    second = add_recording(first.session, LINK, days=1, by="sam", now=NOW)

    assert (first.removed_at, recording_of(first.session, now=NOW)) == (NOW, second)


@pytest.mark.parametrize(
    "kind", [kind for kind in Kind if kind not in {"psychoeducation", "family_workshop"}]
)
def test_session_of_therapy_is_never_recorded(stage: Cast, kind: Kind) -> None:
    row = meeting(stage, kind)

    with pytest.raises(InputError, match="a session of therapy is never recorded here"):
        add_recording(row, LINK, days=14, by="sam", now=NOW)


def test_only_what_was_held_has_a_recording(stage: Cast) -> None:
    row = meeting(stage)

    with pytest.raises(InputError, match="only what was held"):
        add_recording(row, LINK, days=14, by="sam", now=row.ends_at - timedelta(minutes=1))
    cancel(row, by="sam", now=HELD - timedelta(days=1))
    with pytest.raises(InputError, match="only what was held"):
        add_recording(row, LINK, days=14, by="sam", now=NOW)


@pytest.mark.parametrize(
    "url",
    [
        "http://video.example/a",
        "video.example",
        "https://",
        "https://me:pw@video.example/a",
        "javascript:alert(1)",
        "https://video.example/a b",
        "https://[::1",
        "https://v.example/" + "a" * 2000,
    ],
)
def test_link_that_is_none_is_refused(stage: Cast, url: str) -> None:
    with pytest.raises(InputError, match="write the link as https"):
        add_recording(meeting(stage), RecordingSource(url=url), days=14, by="sam", now=NOW)


@pytest.mark.parametrize(
    "source", [RecordingSource(), RecordingSource("https://a.example", "a.mp4")]
)
def test_link_or_file_is_given_and_not_both(stage: Cast, source: RecordingSource) -> None:
    with pytest.raises(InputError, match="one of the two"):
        add_recording(meeting(stage), source, days=14, by="sam", now=NOW)


@pytest.mark.parametrize("days", [0, -1, 91])
def test_days_are_bounded(stage: Cast, days: int) -> None:
    with pytest.raises(InputError, match="for 1 to 90 days"):
        add_recording(meeting(stage), LINK, days=days, by="sam", now=NOW)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder of recordings, with what does not belong into it."""
    there = tmp_path / "recordings"
    there.mkdir()
    for name in ("sleep.mp4", "sleep.vtt", "notes.txt", "talk.MP3"):
        (there / name).write_bytes(b"x")
    (tmp_path / "secret.mp4").write_bytes(b"x")
    (there / "folder.mp4").mkdir()
    use_folder(there)
    return there


def test_files_that_can_be_played_are_named(stage: Cast, files: Path) -> None:
    assert file_names() == ["sleep.mp4", "talk.MP3"]
    assert (captions_of("sleep.mp4"), captions_of("talk.MP3")) == (files / "sleep.vtt", None)


@pytest.mark.parametrize("name", ["../secret.mp4", "/etc/passwd", "", "notes.txt", "none.mp4"])
def test_nothing_outside_the_folder_is_reached(stage: Cast, files: Path, name: str) -> None:
    with pytest.raises(NotFound):
        path_of(name)
    with pytest.raises(InputError, match="no such file"):
        add_recording(meeting(stage), RecordingSource(file=name), days=14, by="sam", now=NOW)


def test_pass_is_one_persons_and_the_same_until_it_ends(stage: Cast) -> None:
    row = recorded(stage)
    first = give_pass(row, stage.dana, by="dana", now=NOW)
    again = give_pass(row, stage.dana, by="dana", now=NOW + timedelta(hours=1))
    later = give_pass(row, stage.dana, by="dana", now=NOW + timedelta(hours=48))

    assert (first.id == again.id, first.id == later.id) == (True, False)
    assert pass_by_token(pass_token(first.id)) is first
    assert pass_by_token("A" * 43) is None


def test_pass_ends_with_its_recording(stage: Cast) -> None:
    row = add_recording(meeting(stage), LINK, days=1, by="sam", now=NOW)

    assert give_pass(row, stage.dana, by="dana", now=NOW).ends_at == NOW + timedelta(days=1)


def test_watching_is_counted_by_people_and_times(stage: Cast) -> None:
    row = recorded(stage)
    mothers = give_pass(row, stage.dana, by="dana", now=NOW)
    give_pass(row, stage.miguel, by="sam", now=NOW)
    for hour in (1, 2):
        count_watching(mothers, by="dana", now=NOW + timedelta(hours=hour))

    assert (watched_by(row), mothers.last_at) == ((1, 2), NOW + timedelta(hours=2))

"""A recorded workshop is one person's, for a time, under the consents of its date; it is played and
not offered to keep.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from cast import Cast, assemble, session
from scheduler.consents import revoke
from scheduler.disclosures.models import Opened, Opening
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.programs import Kind, Seats
from scheduler.recordings import (
    RecordingSource,
    add_recording,
    give_pass,
    pass_token,
    remove_recording,
    use_folder,
)
from scheduler.recordings.models import Recording, RecordingPass
from scheduler.sessions import log_join
from visitor import code_mailed, letters, send, sign_in, words
from watch import Watch

HELD = datetime(2027, 3, 9, 20, 0, tzinfo=UTC)
NOW = HELD + timedelta(days=1)
FILM = bytes(range(256)) * 8
PATHS = ("/r/{}", "/r/{}/code", "/r/{}/file", "/r/{}/captions")


@pytest.fixture
def stage(client: FlaskClient, watch: Watch, tmp_path: Path) -> Cast:
    stage = assemble(Kind.FAMILY_WORKSHOP)
    (tmp_path / "sleep.mp4").write_bytes(FILM)
    (tmp_path / "sleep.vtt").write_text("WEBVTT\n")
    use_folder(tmp_path)
    workshop = session(stage, datetime(2027, 3, 9, 15, 0), kind=Kind.FAMILY_WORKSHOP)
    workshop.series = f"{stage.cohort.key}.learn"
    workshop.seats, workshop.topic = Seats.FAMILIES, "Sleep"
    source = RecordingSource(file="sleep.mp4")
    add_recording(workshop, source, days=14, by="sam", now=NOW)
    db.session.commit()
    return stage


def the_recording() -> Recording:
    return db.session.scalars(select(Recording)).one()


def address(person: Person, *, now: datetime = NOW) -> str:
    row = give_pass(the_recording(), person, by=person.key, now=now)
    db.session.commit()
    return f"/r/{pass_token(row.id)}"


def got(client: FlaskClient, url: str, **headers: str) -> TestResponse:
    """Ask for a file, take all of it and let it go."""
    answer = client.get(url, headers=headers)
    assert answer.data is not None
    answer.close()
    return answer


def times_opened() -> int:
    db.session.rollback()
    return sum(row.times for row in db.session.scalars(select(RecordingPass)))


def test_mother_finds_what_she_missed_on_her_page_and_watches_it(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    sign_in(client, stage.dana)
    home = client.get("/family")
    found = re.search(r'action="(/recordings/\w+/pass)"', home.text)
    assert found is not None
    assert "Family workshop: Sleep" not in words(home)
    assert "Family workshop" in words(home)

    asked = send(client, found[1], page="/family")
    opened = send(client, asked.location)

    assert (asked.status_code, opened.status_code) == (303, 200)
    source = re.search(r'<video[^>]* src="([^"]+)"', opened.text)
    assert source is not None
    assert got(client, source[1]).data == FILM
    assert times_opened() == 1
    read = db.session.scalars(select(Opening).where(Opening.page == Opened.RECORDING)).all()
    assert [(row.person_id, row.patient_id) for row in read] == [(stage.dana.id, stage.jordan.id)]


def test_who_was_there_is_offered_nothing(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    log_join(the_recording().session, stage.dana, by="dana", now=HELD)
    db.session.commit()
    sign_in(client, stage.dana)

    assert "/pass" not in client.get("/family").text


def test_father_without_consent_is_offered_nothing_and_gets_no_address(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    recording = the_recording().id
    sign_in(client, stage.miguel)
    home = client.get("/family")

    answer = send(client, f"/recordings/{recording}/pass", page="/family")

    assert ("workshop" in home.text.lower(), answer.status_code) == (False, 404)
    assert db.session.scalars(select(RecordingPass)).all() == []


def test_forwarded_address_asks_for_the_code_and_says_nothing(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    page = address(stage.dana)
    sign_in(client, stage.miguel)

    answers = [client.get(page), send(client, page)]

    assert [each.status_code for each in answers] == [200, 303]
    assert "workshop" not in answers[0].text.lower()
    assert client.get(f"{page}/file").status_code == 410
    assert times_opened() == 0


def test_code_goes_to_whom_the_address_is_for_and_opens_it(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    page = address(stage.dana)
    asked = send(client, f"{page}/send", page=page)
    assert [letter.address for letter in letters("code")] == ["dana@family.example"]

    answer = send(client, f"{page}/code", {"code": code_mailed()}, page=asked.location)

    assert urlsplit(answer.location).path == page
    assert "A recording for you" in words(client.get(page))


def test_wrong_code_opens_nothing(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    page = address(stage.dana)
    asked = send(client, f"{page}/send", page=page)
    wrong = f"{(int(code_mailed()) + 1) % 1_000_000:06d}"

    answer = send(client, f"{page}/code", {"code": wrong}, page=asked.location)

    assert (answer.status_code, "This code is not right" in words(answer)) == (422, True)
    assert "Is it you?" in words(client.get(page))


@pytest.mark.parametrize(
    ("asked", "status", "data"),
    [
        ("bytes=0-9", 206, FILM[:10]),
        ("bytes=-4", 206, FILM[-4:]),
        ("bytes=2000-", 206, FILM[2000:]),
        ("bytes=9999-", 416, None),
    ],
)
def test_file_is_given_in_the_parts_that_are_asked_for(
    client: FlaskClient, stage: Cast, watch: Watch, asked: str, status: int, data: bytes | None
) -> None:
    page = address(stage.dana)
    sign_in(client, stage.dana)

    answer = got(client, f"{page}/file", Range=asked)

    assert answer.status_code == status
    assert data is None or answer.data == data


def test_file_is_not_offered_to_keep(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    page = address(stage.dana)
    sign_in(client, stage.dana)

    opened = send(client, page)
    answer = got(client, f"{page}/file")

    assert 'controlslist="nodownload' in opened.text
    assert "attachment" not in answer.headers.get("Content-Disposition", "")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "media-src 'self'" in opened.headers["Content-Security-Policy"]
    assert "media-src" not in client.get(page).headers["Content-Security-Policy"]


def seen(answer: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that a stranger can compare."""
    headers = [pair for pair in answer.headers if pair[0] not in {"Date", "Set-Cookie"}]
    return answer.status_code, answer.data, sorted(headers)


def make_an_end(what: str, stage: Cast, watch: Watch) -> None:
    if what == "withdrawn":
        revoke(person=stage.dana, patient=stage.jordan, by="sam", now=NOW)
    elif what == "removed":
        remove_recording(the_recording(), by="sam", now=NOW)
    elif what == "expired":
        watch.moment = NOW + timedelta(hours=48)
    else:
        watch.moment = NOW + timedelta(days=14)
    db.session.commit()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("what", ["withdrawn", "removed", "expired", "ended"])
def test_address_that_opens_nothing_answers_as_one_that_never_was(
    client: FlaskClient, stage: Cast, watch: Watch, what: str, path: str
) -> None:
    token = address(stage.dana).removeprefix("/r/")
    make_an_end(what, stage, watch)
    mistyped = token[:-1] + ("B" if token[-1] != "B" else "C")
    asked = [path.format(each) for each in (token, mistyped, "A" * 43, "x")]

    answers = [seen(client.get(each)) for each in [*asked, "/i/" + "A" * 43, "/j/x"]]

    assert [answer == answers[0] for answer in answers] == [True] * 6
    assert answers[0][0] == 410


@pytest.mark.parametrize("path", PATHS)
def test_rotated_address_answers_as_one_that_never_was(
    client: FlaskClient, stage: Cast, watch: Watch, path: str
) -> None:
    """One made with an older key."""
    token = address(stage.dana).removeprefix("/r/")
    db.session.scalars(select(RecordingPass)).one().token_hash = "0" * 64
    db.session.commit()

    answers = [seen(client.get(path.format(each))) for each in (token, "A" * 43)]
    answers += [seen(client.get(each)) for each in ("/i/" + "A" * 43, "/j/" + "a" * 14)]

    assert [answer == answers[0] for answer in answers] == [True] * 4
    assert answers[0][0] == 410


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("what", ["withdrawn", "removed", "expired"])
def test_address_that_is_over_answers_its_own_reader_as_one_that_never_was(
    client: FlaskClient, stage: Cast, watch: Watch, what: str, path: str
) -> None:
    token = address(stage.dana).removeprefix("/r/")
    make_an_end(what, stage, watch)
    sign_in(client, stage.dana)

    answers = [seen(client.get(path.format(each))) for each in (token, "A" * 43)]

    assert answers[0] == answers[1]


def test_withdrawal_ends_what_plays(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    page = address(stage.dana)
    sign_in(client, stage.dana)
    send(client, page)
    revoke(person=stage.dana, patient=stage.jordan, by="sam", now=NOW)
    db.session.commit()

    answer = got(client, f"{page}/file", Range="bytes=0-9")

    assert answer.status_code == 410


def test_patient_finds_the_class_that_was_missed_with_its_topic(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    lesson = session(
        stage, datetime(2027, 3, 9, 12, 0), kind=Kind.PSYCHOEDUCATION, series="class", week=3
    )
    lesson.seats, lesson.topic = Seats.PATIENTS, "Triggers"
    source = RecordingSource(url="https://video.example/class")
    add_recording(lesson, source, days=14, by="sam", now=NOW)
    db.session.commit()
    sign_in(client, stage.jordan)
    found = re.search(r'action="(/recordings/\w+/pass)"', client.get("/mine/").text)
    assert found is not None

    opened = send(client, send(client, found[1], page="/mine/").location)

    assert "Triggers" in words(opened)
    assert 'href="https://video.example/class" rel="noreferrer noopener"' in opened.text


def add(client: FlaskClient, key: str, **said: str) -> TestResponse:
    return send(client, f"/desk/sessions/{key}/recording", said)


def test_desk_adds_a_file_and_takes_it_away(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    recording = the_recording()
    key = recording.session.key
    remove_recording(recording, by="sam", now=NOW)
    db.session.commit()
    sign_in(client, stage.sam)
    page = f"/desk/sessions/{key}/recording"

    added = add(client, key, file="sleep.mp4", days="7")
    shown = words(client.get(page))
    removed = send(client, f"{page}/remove", page=page)

    assert (added.status_code, removed.status_code) == (303, 303)
    assert "The file sleep.mp4 can be watched until 17 March" in shown
    assert "Nobody has opened it yet." in shown
    rows = db.session.scalars(select(Recording).order_by(Recording.added_at)).all()
    assert [row.removed_at for row in rows] == [NOW, NOW]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"days": "7"}, "Give a link or choose a file, one of the two. Nothing was changed."),
        ({"url": "http://a.example", "days": "7"}, "Write the link as https://"),
        ({"file": "../x.mp4", "days": "7"}, "There is no such file"),
        ({"file": "sleep.mp4", "days": "many"}, "A recording is offered for 1 to 90 days."),
    ],
)
def test_desk_is_told_what_is_wrong_and_the_old_one_stands(
    client: FlaskClient, stage: Cast, watch: Watch, said: dict[str, str], why: str
) -> None:
    recording = the_recording()
    before, key = recording.id, recording.session.key
    sign_in(client, stage.sam)

    answer = add(client, key, **said)

    assert (answer.status_code, why in words(answer)) == (422, True)
    assert [(row.id, row.removed_at) for row in db.session.scalars(select(Recording))] == [
        (before, None)
    ]


def test_therapy_has_no_form_and_takes_nothing(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    therapy = session(stage, datetime(2027, 3, 9, 10, 0), series="fam", week=4)
    key = therapy.key
    sign_in(client, stage.sam)
    page = f"/desk/sessions/{key}/recording"

    shown = client.get(page)
    answer = add(client, key, url="https://video.example/x", days="7")

    assert "A session of therapy is never recorded here." in words(shown)
    assert 'name="url"' not in shown.text
    assert answer.status_code == 422


@pytest.mark.parametrize("who", ["dana", "miguel", "jordan"])
def test_desk_page_is_the_desks_alone(
    client: FlaskClient, stage: Cast, watch: Watch, who: str
) -> None:
    key = the_recording().session.key
    sign_in(client, getattr(stage, who))

    assert client.get(f"/desk/sessions/{key}/recording").status_code == 403

"""Rooms of video services in a clinic file."""

import pytest

from scheduler.clinics import fixed_addresses, read
from scheduler.kernel.errors import InvalidFile
from tests.clinics.small_pines import SMALL_PINES, changed

ROOMS = SMALL_PINES[SMALL_PINES.index("video_rooms") : SMALL_PINES.index("clinicians:")]


def with_room(words: str) -> bytes:
    return changed(ROOMS, f"video_rooms:\n  - {{{words}}}\n")


def problems(words: str) -> list[str]:
    with pytest.raises(InvalidFile) as refused:
        read(with_room(words))
    return [str(problem) for problem in refused.value.problems]


def test_jitsi_room_is_read_with_its_secret_s_place() -> None:
    words = 'key: a, service: jitsi, url: "https://meet.example", app_id: kf, secret_file: /run/j'

    (room,) = read(with_room(words)).rooms

    assert (room.service, room.app_id, room.secret_file) == ("jitsi", "kf", "/run/j")


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ('key: a, service: zoom, url: "https://z.example"', "service"),
        ('key: a, service: jitsi, url: "https://m.example", secret_file: /j', "app_id"),
        ('key: a, service: jitsi, url: "https://m.example", app_id: k', "secret_file"),
        (
            'key: a, service: jitsi, url: "https://m.example/?a", app_id: k, secret_file: /j',
            "url",
        ),
        ('key: a, service: bigbluebutton, url: "https://b.example"', "secret_file"),
        (
            'key: a, service: bigbluebutton, url: "https://b.example", secret_file: here',
            "secret_file",
        ),
        ('key: a, service: template, url: "https://v.example/a"', "url"),
        ('key: a, service: template, url: "https://{session}.example/a"', "url"),
        ('key: a, service: template, url: "https://v.example/{session}/{session}"', "url"),
        ('key: a, service: template, url: "http://v.example/{session}"', "url"),
        ('key: a, service: template, url: "https://v.example/{session}", shared: true', "shared"),
        ('key: a, url: "https://v.example/a", app_id: kf', "app_id"),
    ],
)
def test_room_that_is_not_whole_is_refused_at_its_place(words: str, place: str) -> None:
    assert [said.partition(":")[0] for said in problems(words)] == [f"video_rooms[0].{place}"]


def test_fixed_address_is_warned_of_at_its_place() -> None:
    (warning,) = fixed_addresses(read(with_room('key: a, url: "https://v.example/a"')))

    assert str(warning).startswith("video_rooms[0].url: a fixed address: ")


@pytest.mark.parametrize(
    "words",
    [
        'key: a, url: "https://v.example/a", shared: true',
        'key: a, service: template, url: "https://v.example/{session}"',
    ],
)
def test_address_that_is_known_or_made_is_not_warned_of(words: str) -> None:
    assert fixed_addresses(read(with_room(words))) == []

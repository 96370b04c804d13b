"""A large mail is read without what says nothing, wherever the answer stands in it."""

import email
from email.message import EmailMessage

import pytest

from scheduler.invitations.reading.large_mail import MOST_PART, without_attachments

MOST = 256 * 1024


def mail(*kinds: str) -> bytes:
    """A mail with these parts: a photo, an answer, words, or words without an end."""
    message = EmailMessage()
    message["From"] = "m@family.example"
    message.make_mixed()
    for kind in kinds:
        if kind == "photo":
            message.add_attachment(b"x" * 400_000, "image", "heic", filename="photo.heic")
        elif kind == "answer":
            message.add_attachment(b"BEGIN:VCALENDAR", "text", "calendar", filename="invite.ics")
        elif kind == "named":
            message.add_attachment(
                b"BEGIN:VCALENDAR", "application", "octet-stream", filename="invite.ics"
            )
        else:
            message.add_attachment(b"word \n" * 40_000, "text", "plain", cte="7bit")
    return message.as_bytes()


def parts(data: bytes) -> list[tuple[str, bool]]:
    """Type of each part, and whether anything of its body is there."""
    found = []
    for part in email.message_from_bytes(data).walk():
        if not part.is_multipart():
            found.append((part.get_content_type(), bool(part.get_payload())))
    return found


@pytest.mark.parametrize("kind", ["answer", "named"])
def test_answer_behind_a_photo_is_kept_and_the_photo_is_not(kind: str) -> None:
    left = without_attachments(mail("photo", kind), MOST)

    (_, has_photo), (_, has_answer) = parts(left)
    assert (has_photo, has_answer, len(left) < 2_000) == (False, True, True)


def test_long_words_do_not_hide_the_answer_behind_them() -> None:
    left = without_attachments(mail("words", "answer"), 100_000)

    assert (parts(left)[1], len(left) < MOST_PART + 2_000) == (("text/calendar", True), True)


def test_small_mail_stays_as_it_is() -> None:
    data = mail("answer")

    assert without_attachments(data, MOST) == data

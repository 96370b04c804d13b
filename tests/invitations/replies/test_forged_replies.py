"""Replies that look as if the invited had sent them: held for staff, whatever the trick; and
verdicts of the mail servers that people use, which count.

The four kinds that once counted stand first; the father without consent sends some of them.
"""

import pytest
from sqlalchemy import select

from household import NOW, Household
from scheduler.invitations import Outcome, announce, receive, told_dates, waiting_replies
from scheduler.invitations.model.mailbox_aliases import same_mailbox
from scheduler.invitations.model.models import HeldKind, Invitation
from scheduler.invitations.reading.inbound_mail import read_mail, sender_doubt
from scheduler.kernel.database import db
from tests.invitations.programs import Said, mailed

SERVER = "mx.sp-cal.example"
MOTHER = "m@family.example"
EVIL = "m@evil.example"
ABOUT = "header.from=family.example"
GOOD = f"Authentication-Results: {SERVER}; dmarc=pass {ABOUT}"
OURS = f"Authentication-Results: {SERVER};"
FROM = f"From: Dana Lee <{MOTHER}>"
FAILED = f"dmarc=fail {ABOUT}"

VERDICTS = {
    "a verdict inside quotes": f'{OURS} spf=pass reason="x; dmarc=pass {ABOUT}"; {FAILED}',
    "a verdict inside quotes alone": f'{OURS} spf=pass reason="x; dmarc=pass {ABOUT}"',
    "a verdict inside a comment": f"{OURS} spf=pass (x; dmarc=pass {ABOUT})",
    "another domain's pass": f"{OURS} dmarc=pass header.from=evil.example",
    "a comment in a comment": f"{OURS} spf=pass (a (b) ; dmarc=pass {ABOUT})",
    "a comment whose end is escaped": f"{OURS} spf=pass (a \\) ; dmarc=pass {ABOUT})",
    "a quote whose end is escaped": f'{OURS} spf=pass reason="a\\"; dmarc=pass {ABOUT}"',
    "a quote that never ends": f'{OURS} dmarc=pass {ABOUT}; spf=pass reason="x',
    "a comment that never ends": f"{OURS} dmarc=pass {ABOUT}; spf=pass (x",
    "an encoded word with a verdict": (
        f"{OURS} spf=pass reason==?utf-8?q?x=3B_dmarc=3Dpass_header=2Efrom=3Dfamily=2Eexample?="
    ),
    "an encoded word that ends a comment": (
        f"{OURS} spf=pass (=?utf-8?q?x)=3B_dmarc=3Dpass_header=2Efrom=3Dfamily=2Eexample?=)"
    ),
    "the verdict of another method": f"{OURS} dkim=pass {ABOUT}",
    "a method of nearly that name": f"{OURS} x-dmarc=pass {ABOUT}",
    "the word as a value": f"{OURS} spf=pass smtp.mailfrom=dmarc=pass {ABOUT}",
    "a pass and a fail": f"{OURS} dmarc=pass {ABOUT}; dmarc=fail {ABOUT}",
    "two domains": f"{OURS} dmarc=pass {ABOUT} header.from=evil.example",
    "no domain": f"{OURS} dmarc=pass",
    "the domain inside a comment": f"{OURS} dmarc=pass ({ABOUT})",
    "the domain of the envelope": f"{OURS} dmarc=pass smtp.from=family.example",
    "a domain below": f"{OURS} dmarc=pass header.from=family.example.evil.example",
    "a quoted result": f'{OURS} dmarc="pass" {ABOUT}',
    "a longer word": f"{OURS} dmarc=passed {ABOUT}",
    "a version that nobody wrote down": f"{OURS} dmarc/2=pass {ABOUT}",
    "another version of the field": (f"Authentication-Results: {SERVER} 2; dmarc=pass {ABOUT}"),
    "a judge of nearly that name": f"Authentication-Results: {SERVER}.evil.example; {GOOD[42:]}",
    "a judge inside a comment": (
        f"Authentication-Results: mx.evil.example ({SERVER}); dmarc=pass {ABOUT}"
    ),
    "a judge that is nobody": f"Authentication-Results: dmarc=pass {ABOUT}",
    "the chain of somebody else": f"ARC-Authentication-Results: i=1; {SERVER}; dmarc=pass {ABOUT}",
    "none": f"{OURS} none",
}
"""What stands in the mail's topmost verdict, though it is from somebody else."""
SENDERS = {
    "a From of two addresses": f"From: {MOTHER}, {EVIL}",
    "a From of two addresses in brackets": f"From: Dana <{MOTHER}> <{EVIL}>",
    "two fields of From": f"From: {MOTHER}\r\nFrom: {EVIL}",
    "two fields of From that agree": f"From: {MOTHER}\r\nFrom: {MOTHER}",
    "the address as a name": f"From: {MOTHER} <{EVIL}>",
    "the address as a quoted name": f'From: "{MOTHER}" <{EVIL}>',
    "another address as a name": f"From: {EVIL} <{MOTHER}>",
    "the address as an encoded word": "From: =?utf-8?q?m=40family=2Eexample?=",
    "the address in a comment": f"From: {EVIL} ({MOTHER})",
    "a group": f"From: Family: {MOTHER};",
    "a way through another": f"From: <@evil.example:{MOTHER}>",
    "two signs of a domain": f"From: <{MOTHER}@evil.example>",
    "a domain in percents": "From: <m%40family.example@evil.example>",
    "a domain undone by percents": "From: <m@family%2Eexample>",
    "a letter that looks the same": "From: <m@fam\u0456ly.example>",
    "a NUL behind the address": f"From: <{MOTHER}\x00.evil.example>",
    "brackets that do not close": f"From: Dana <{MOTHER}",
    "no From but a Sender": f"Sender: {MOTHER}",
    "no From but a Reply-To": f"Reply-To: {MOTHER}",
    "a From sent again": f"Resent-From: {MOTHER}\r\nFrom: {EVIL}",
    "the father himself": "From: f@family.example",
}
"""Who the mail says it is from, though our server confirmed the mother's domain."""
REAL = {
    "OpenDMARC": f"{OURS} dmarc=pass (p=none dis=none) {ABOUT}",
    "Gmail": (
        f"{OURS}\r\n       dkim=pass header.i=@family.example header.s=x header.b=aB/+c==;\r\n"
        f"       spf=pass (google.com: domain of {MOTHER} designates 192.0.2.1 as permitted sender)"
        f" smtp.mailfrom={MOTHER};\r\n       dmarc=pass (p=REJECT sp=REJECT dis=NONE) {ABOUT}"
    ),
    "rspamd": f"{OURS} dkim=pass header.d=family.example; dmarc=pass (policy=none) {ABOUT}",
    "Exim": f"{OURS} iprev=pass (x.example); dmarc=pass {ABOUT}; arc=none",
    "blanks and comments anywhere": (
        f"Authentication-Results: (x) {SERVER} (y) 1 (z); dmarc (a) = (b) pass (c)"
        " header (d) . from (e) = (f) family.example"
    ),
    "capitals": f"AUTHENTICATION-RESULTS: {SERVER.upper()}; DMARC=PASS HEADER.FROM=Family.Example",
    "a reason in quotes": f'{OURS} dmarc=pass reason="as; published" {ABOUT}',
    "a judge in quotes": f'Authentication-Results: "{SERVER}"; dmarc=pass {ABOUT}',
}
CLEAR = {
    "a name in quotes with a comma": f'From: "Lee, Dana" <{MOTHER}>',
    "a name without them": f"From: Lee, Dana <{MOTHER}>",
    "an encoded name": f"From: =?utf-8?q?Dana_Le=C3=A9?= <{MOTHER}>",
    "the address as its own name": f"From: {MOTHER} <{MOTHER}>",
    "the address alone": f"From: {MOTHER}",
    "a comment for a name": f"From: {MOTHER} (Dana (Lee))",
    "another address as a quoted name": f'From: "f@family.example" <{MOTHER}>',
    "capitals, folded": "From: Dana\r\n Lee\r\n <M@Family.Example>",
}
FOUR = {
    "a From of two addresses": (GOOD, SENDERS["a From of two addresses"]),
    "a verdict inside quotes": (VERDICTS["a verdict inside quotes alone"], FROM),
    "a verdict inside a comment": (VERDICTS["a verdict inside a comment"], FROM),
    "another domain's pass": (VERDICTS["another domain's pass"], FROM),
}
"""The four kinds, as they go all the way."""


def said(**more: object) -> Said:
    """The mother's no to an appointment."""
    usual: dict[str, object] = {
        "uid": "a@sp-cal.example",
        "start": NOW,
        "stamp": NOW,
        "word": "DECLINED",
        "who": MOTHER,
    }
    return Said(**(usual | more))  # type: ignore[arg-type]


def written(about: Said, headers: tuple[str, ...], sender: str = FROM) -> bytes:
    """The mail of it, with these headers, from whom the field says."""
    data = mailed("thunderbird", about, headers=headers)
    return data.replace(FROM.encode(), sender.encode())


def is_certain(data: bytes) -> bool:
    """True if nothing speaks against its being from the mother."""
    mail = read_mail(data)
    return same_mailbox(mail.sender, MOTHER) and not sender_doubt(mail, SERVER)


@pytest.mark.parametrize("verdict", VERDICTS.values(), ids=VERDICTS)
def test_verdict_of_somebody_else_makes_nothing_certain(verdict: str) -> None:
    assert not is_certain(written(said(), (verdict,)))


@pytest.mark.parametrize("sender", SENDERS.values(), ids=SENDERS)
def test_sender_nobody_can_tell_is_not_certain(sender: str) -> None:
    assert not is_certain(written(said(), (GOOD,), sender))


@pytest.mark.parametrize("verdict", REAL.values(), ids=REAL)
def test_verdict_as_mail_servers_write_it_counts(verdict: str) -> None:
    assert is_certain(written(said(), (verdict,)))


@pytest.mark.parametrize("sender", CLEAR.values(), ids=CLEAR)
def test_sender_as_programs_write_it_counts(sender: str) -> None:
    assert is_certain(written(said(), (GOOD,), sender))


def test_verdict_below_ours_counts_nothing() -> None:
    assert not is_certain(written(said(), (f"{OURS} {FAILED}", GOOD)))


@pytest.mark.parametrize(("verdict", "sender"), FOUR.values(), ids=FOUR)
def test_forged_reply_is_held(sqlite_home: Household, verdict: str, sender: str) -> None:
    sqlite_home.consent()
    sqlite_home.appointment(1)
    announce(by="command", now=NOW)
    invited = db.session.scalars(select(Invitation)).one()
    (date,) = told_dates([invited.person_id])
    data = written(said(uid=invited.uid, start=date.begins_at), (verdict,), sender)

    assert receive(data, by="reply", now=NOW, server=SERVER).outcome is Outcome.HELD
    (date,) = told_dates([invited.person_id])
    assert (date.answer, [held.kind for held in waiting_replies()]) == (None, [HeldKind.UNSURE])

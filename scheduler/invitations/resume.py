"""Telling somebody again what silence kept from them: entries left under names that are used no more."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from scheduler.invitations.itip import Content
from scheduler.invitations.models import Invitation
from scheduler.invitations.wanted import Wanted
from scheduler.outbox import has_left


def resume(
    known: Mapping[str, Invitation], should: Mapping[str, Wanted], told: Mapping[str, Content], *, now: datetime
) -> dict[str, Content]:
    """Count as told, by UID, what silence left in a calendar and its person is told of under another name.

    It goes on under the grant they are told it by now, so that the comparison takes it out. What they are not told
    again stays as it is, and so does what stands at an address they have left.
    """
    under = {
        (one.recipient.person.id, each.session_id): one for one in should.values() for each in one.content.meetings
    }
    found = {}
    for uid, row in known.items():
        before = told.get(uid)
        if uid in should or row.shown is None or (before is not None and before.ahead(now)):
            continue
        left = Content.of_document(row.shown)
        wants = [under.get((row.person_id, one.session_id)) for one in left.ahead(now)]
        here = [one for one in wants if one is not None and one.recipient.person.email == row.address]
        if here and not has_left(row.person_id, row.uid, row.sequence, row.address):
            begun = before.begun(now) if before else ()
            found[uid] = replace(left, meetings=tuple(sorted((*begun, *left.ahead(now)))))
            row.told, row.grant_id = found[uid].document(), here[0].recipient.grant_id
    return found

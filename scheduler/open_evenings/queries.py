"""Shared reads of open evenings."""

from datetime import datetime

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.open_evenings.models import OpenEvening
from scheduler.programs import RoomService, rooms_in_use
from scheduler.programs.models import VideoRoom


def evening_by_slug(slug: str) -> OpenEvening | None:
    """Return the evening at this address, None without one."""
    return db.session.scalars(select(OpenEvening).where(OpenEvening.slug == slug)).one_or_none()


def evenings_since(since: datetime) -> list[OpenEvening]:
    """Return the evenings that end after `since`, the next first."""
    wanted = select(OpenEvening).where(OpenEvening.ends_at > since)
    in_order = wanted.order_by(OpenEvening.starts_at, OpenEvening.slug)
    rows = db.session.scalars(in_order)
    return list(rows)


def rooms_for_evenings() -> list[VideoRoom]:
    """Return the rooms whose service makes an address for each evening: a fixed one would let
    strangers into what else is held there.
    """
    return [room for room in rooms_in_use() if room.service != RoomService.FIXED]

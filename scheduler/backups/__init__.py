"""Copies of the whole database: one encrypted file, the same for both engines, checked before it
counts.

Words: a *copy* is an SQLCipher file with every row of one moment; what was *told since* it was made
(letters, invitations, answers, consents and their withdrawals) happened, and no restore takes it
back; after one the outbox is *held* until somebody has looked.
"""

from scheduler.backups.check import About, check
from scheduler.backups.files import use_key
from scheduler.backups.make import make
from scheduler.backups.restore import Restored, restore

__all__ = ["About", "Restored", "check", "make", "restore", "use_key"]

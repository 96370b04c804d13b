"""Copies of the whole database: one encrypted file, the same for both engines, checked before it
counts.

Words: a *copy* is an SQLCipher file with every row of one moment; what was *told since* it was made
(letters, invitations, answers, consents and their withdrawals) happened, and no restore takes it
back; after one the outbox is *held* until somebody has looked. A *head* before a copy lets the
holder of a recovery key have back the secret that opens it.
"""

from scheduler.backups.copy_file import use_key
from scheduler.backups.make_copy import make
from scheduler.backups.recovery_key import recovered_secret, recovery
from scheduler.backups.restore_copy import Restored, restore
from scheduler.backups.verify_copy import About, check

__all__ = [
    "About",
    "Restored",
    "check",
    "make",
    "recovered_secret",
    "recovery",
    "restore",
    "use_key",
]

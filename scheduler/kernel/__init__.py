"""What everything stands on: the database handle, UTC columns, ids, secrets, the clock and the
error tree.

Open to every package: each file may be imported directly.
"""

"""The door of time: APScheduler as a clock, one tick at a time, and mailed replies by LMTP.

Each job opens a transaction, asks for one deed and commits. The truth is rows; losing a tick loses
nothing.
"""

from scheduler.worker.demo_smtp_server import open_demo_smtp_server
from scheduler.worker.heartbeat import tell_supervisor
from scheduler.worker.run import Worker, drain

__all__ = ["Worker", "drain", "open_demo_smtp_server", "tell_supervisor"]

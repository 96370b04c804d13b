"""Rounds that wait for strangers' servers or for a plan, beside the ticks."""

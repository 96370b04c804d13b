"""Rounds that wait for strangers' servers, beside the ticks."""

"""Addresses that take no letters, and the address that reports about a letter come back to."""

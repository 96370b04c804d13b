"""Accounts of staff: what a role may do, links to a password, the second factor, cover."""

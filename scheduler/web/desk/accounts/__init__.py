"""Accounts of staff at the desk: who may do what, the record, a reason given."""

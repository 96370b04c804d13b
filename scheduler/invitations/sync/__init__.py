"""Told against now: which message makes a calendar true again."""

"""Deeds shown before they are done, for every audience: what leaves, and what never will."""

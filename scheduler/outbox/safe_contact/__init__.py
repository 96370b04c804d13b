"""Hours in which nothing may arrive, because somebody else may see it: the one rule, and how the
outbox keeps it.
"""

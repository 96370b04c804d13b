"""Rows in and out: the problem read, the proposal kept, published, and a change judged."""

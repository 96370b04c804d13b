"""Somebody is ill, or the house is closed: every session it concerns on one page."""

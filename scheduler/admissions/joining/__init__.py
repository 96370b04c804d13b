"""Joining somebody who was entered twice."""

"""Grants and what they stand on: rows, purposes, and when a grant holds."""

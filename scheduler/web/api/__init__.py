"""Doors for programs: /api/v1 reads and writes, /fhir/R4 reads; the same deeds as pages, held to
the same table of roles.
"""

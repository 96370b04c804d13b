"""FHIR R4 (4.0.1), read only: the same records in the words of health records."""

"""What a publication changes and whom it tells, for command and API alike."""

from scheduler.publications.letters_of_publication import publication_document

__all__ = ["publication_document"]

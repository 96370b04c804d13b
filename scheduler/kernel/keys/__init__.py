"""The keys of an installation: where they are kept, and how they are changed."""

"""The relatives' pages."""

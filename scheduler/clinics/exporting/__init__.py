"""The whole clinic written as a clinic file."""

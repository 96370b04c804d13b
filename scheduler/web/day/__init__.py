"""The desk's pages of the day: who came."""

"""Commands about days on which somebody, or the house, holds nothing."""

"""What a person was told, and the values a message is made from."""

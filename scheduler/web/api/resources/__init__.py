"""What the API speaks of: each kind of record with its schemas, its reads and its deeds."""

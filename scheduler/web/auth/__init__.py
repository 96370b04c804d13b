"""Who is asking: sign-in, cookies, access, rate limits."""

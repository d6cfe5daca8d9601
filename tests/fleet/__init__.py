"""Every centre of the country at once, against the sandbox on PostgreSQL."""

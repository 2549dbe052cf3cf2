"""See what a generator has learned."""

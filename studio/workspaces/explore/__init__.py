"""See what a generator has learnt."""

"""The page for blind duels: two grids without names, and what many answers make of them."""

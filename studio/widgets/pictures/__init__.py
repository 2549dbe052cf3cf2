"""Pictures, pixel for pixel: one, in strips, tables and grids."""

"""The tools of a generator: directions, ways, sweeps, finding, blending, writing. They know no generator."""

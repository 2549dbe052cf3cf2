"""Small reusable parts; they know neither runs nor the engine's trainer."""

"""The threads beside the window: only they touch torch, which is imported in them, late."""

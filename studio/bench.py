"""Placeholder until bench."""
def measure_in_own_process(): return {}

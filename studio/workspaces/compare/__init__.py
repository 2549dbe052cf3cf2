"""See the runs that were trained."""

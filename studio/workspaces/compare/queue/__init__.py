"""The queue: trainings that are lined up, and what a person wants of them."""

"""A printed sheet on which a class writes digits by hand, and how a photograph of it becomes a data set. No torch."""

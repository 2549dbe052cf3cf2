"""Points instead of pictures: clouds in the plane and rows of a table, which the engine trains on as on any images.

A point with C numbers is a picture of one pixel with C channels, float32 from -1 to 1. What there is to know of points,
where they come from, how they are judged, drawn and written, stands here; no training knows it.
"""

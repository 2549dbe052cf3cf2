"""The page that searches for better options: its form, the trials as pictures, and why some are better."""

"""What a person likes better: answers to “which of these two?”, a ranking made of them, and which two to ask next.

Knows neither where the pictures come from nor who asks.
"""

"""Lessons: plain text files whose steps turn green from what was measured. Knows no window and no torch.

A lesson is a Markdown file (``parsing``) with checks over measures (``measures``, ``conditions``) in it; ``library``
finds those that come along and a teacher's own, ``player`` plays one, ``progress`` keeps what a student reached.
"""

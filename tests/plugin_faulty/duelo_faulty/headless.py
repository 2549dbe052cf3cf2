"""A source that forgot how to read."""

from __future__ import annotations

from engine.datasets.source import Source


class _Headless(Source):
    """Says only that its images are at hand."""


SOURCE = _Headless()

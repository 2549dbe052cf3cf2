"""The GAN engine: trains, measures and explores. It never imports Qt and works where PySide6 is absent."""

__version__ = "0.1.0"

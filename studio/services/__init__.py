"""The only doors to the engine: Qt objects without widgets. ``Services`` holds one of each."""

from studio.services.all import Services

__all__ = ["Services"]

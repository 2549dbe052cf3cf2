"""The only doors to the engine: Qt objects without widgets."""

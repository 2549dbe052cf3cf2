"""How work is done beside the window: only these threads touch torch, which is imported in them, late."""

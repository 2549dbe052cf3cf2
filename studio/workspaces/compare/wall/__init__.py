"""The class wall: how everybody's runs go."""

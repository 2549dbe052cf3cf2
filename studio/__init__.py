"""The Qt window. Only its worker and explorer threads touch torch, and import it late."""

"""The class wall: a shared folder in which all can see how everybody's runs go. No server, no accounts, no torch."""

"""Real RDP and Remote Assistance traffic, made by programs nobody here wrote; README.md says how."""

"""Builds Remora's own captures from the published specifications, independently of its dissectors."""

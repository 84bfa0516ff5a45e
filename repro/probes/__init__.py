"""Probes: what can be read off frozen features."""

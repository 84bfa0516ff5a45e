"""Ways to start runs that one process cannot make alone."""

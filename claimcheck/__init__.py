"""Extract the numeric claims of a paper, check them, rerun what they rest on, and report what was found."""

__version__ = "0.1.0"

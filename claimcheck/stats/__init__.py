"""Numbers in, numbers out: intervals, proportions, seeds and granularity. Nothing here knows of claims."""

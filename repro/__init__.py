"""Video-JEPA pretraining and frozen probes, as plain functions of an Experiment. Knows nothing of claims or papers."""

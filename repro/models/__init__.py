"""The networks: encoder, predictor, and their rotary positions."""

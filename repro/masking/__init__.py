"""Which tokens the encoder sees and which the predictor predicts."""

from repro.masking.blocks import Masks, block_size, sample_masks
from repro.masking.motion_guided import motion_map

__all__ = ["Masks", "block_size", "motion_map", "sample_masks"]

"""Draw a sheet of sprites, one clip a row and every second frame of it, and print the captions of its rows.

python benchmarks/sprites_sheet.py docs/sprites.png
"""

import argparse
from pathlib import Path

import torch
from PIL import Image
from torch.nn.functional import pad

from repro.datasets.sprites import Sprites

ROWS, EVERY, BORDER, LARGER = 6, 2, 2, 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    arguments = parser.parse_args()
    Image.fromarray(sheet().numpy()).quantize(128, dither=Image.Dither.NONE).save(arguments.path, optimize=True)
    print("\n".join(Sprites().captions("test", range(ROWS))))


def sheet() -> torch.Tensor:
    """The picture, uint8, (height, width, 3)."""
    clips = Sprites().batch("test", range(ROWS)).clips[:, :, ::EVERY]
    framed = pad(clips, (0, BORDER, 0, BORDER), value=255)
    picture = framed.permute(0, 3, 2, 4, 1).flatten(0, 1).flatten(1, 2)  # rows of pixels by clip, columns by frame
    return picture.repeat_interleave(LARGER, 0).repeat_interleave(LARGER, 1)


if __name__ == "__main__":
    main()

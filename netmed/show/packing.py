"""A page's data as one block of text: JSON for words, columns of numbers as bytes, packed by gzip.

Layout before packing: a little-endian uint32, the length of the JSON in bytes, the JSON (UTF-8), then
the columns one after another, as the JSON's ``columns`` lists them: [name, type, length]. Of a column
whose numbers have several bytes all first bytes come first, then all second bytes, …: what is mostly
zero or equal lies together and packs well.
"""

import base64
import gzip
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from netmed.show.texts import script_json

TYPES = {"u1": "uint8", "u2": "uint16", "u4": "uint32", "i2": "int16", "i4": "int32", "f4": "float32", "f8": "float64"}


def packed(words: Mapping[str, Any], columns: Mapping[str, npt.NDArray[Any]]) -> str:
    """Base64 text of the packed block; same words and columns, same text."""
    listed, parts = [], []
    for name, column in columns.items():
        kind = f"{column.dtype.kind}{column.dtype.itemsize}"
        if kind not in TYPES:
            raise TypeError(f"column {name} is {column.dtype}, wanted one of {', '.join(TYPES.values())}")
        listed.append([name, kind, len(column)])
        whole = np.ascontiguousarray(column.astype(column.dtype.newbyteorder("<")))
        parts.append(whole.view(np.uint8).reshape(len(column), column.dtype.itemsize).T.tobytes())
    head = script_json({**words, "columns": listed}).encode("utf-8")
    whole_block = len(head).to_bytes(4, "little") + head + b"".join(parts)
    return base64.b64encode(gzip.compress(whole_block, compresslevel=9, mtime=0)).decode("ascii")


def unpacked(text: str) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """The words and columns of a block, as the page's script reads them."""
    import json

    block = gzip.decompress(base64.b64decode(text))
    start = 4 + int.from_bytes(block[:4], "little")
    words: dict[str, Any] = json.loads(block[4:start])
    columns = {}
    for name, kind, length in words["columns"]:
        dtype = np.dtype(f"<{kind}")
        planes = np.frombuffer(block, np.uint8, length * dtype.itemsize, start).reshape(dtype.itemsize, length)
        columns[name] = np.ascontiguousarray(planes.T).view(dtype).reshape(length)
        start += length * dtype.itemsize
    return words, columns


def smallest(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Whole numbers from 0 on in the smallest type that holds them."""
    top = int(values.max()) if len(values) else 0
    return values.astype(np.uint8 if top < 1 << 8 else np.uint16 if top < 1 << 16 else np.uint32)

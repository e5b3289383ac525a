"""Arrays as a file that the data set `tensors` reads: what torch.save((inputs, labels), path) writes, without PyTorch.

The file is PyTorch's archive since 1.6: a zip archive, not compressed, with a pickle that refers to the numbers.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, List, Tuple

if TYPE_CHECKING:
    import numpy as np

_STORAGES = {"float32": "FloatStorage", "float64": "DoubleStorage", "float16": "HalfStorage", "int64": "LongStorage",
             "int32": "IntStorage", "int16": "ShortStorage", "int8": "CharStorage", "uint8": "ByteStorage",
             "bool": "BoolStorage"}
# Of no day: the same arrays are the same bytes.
_DATE = (1980, 1, 1, 0, 0, 0)


def as_array(values: Any) -> np.ndarray:
    """A NumPy array of a tensor, an array or a list; not copied where that is possible.

    Raises TypeError for numbers of a type that no tensor file has.
    """
    import numpy as np

    if hasattr(values, "detach"):
        values = values.detach().cpu().numpy()
    array = np.ascontiguousarray(values)
    array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    if array.dtype.name not in _STORAGES:
        raise TypeError(f"expected numbers, such as float32 inputs and int64 labels, got {array.dtype}")
    return array


def arrays_of(samples: Any) -> Tuple[np.ndarray, np.ndarray]:
    """Inputs (samples first) and labels: of a pair of arrays or tensors, or of a data set of (input, label).

    Raises TypeError if it is neither.
    """
    if isinstance(samples, (tuple, list)) and len(samples) == 2:
        inputs, labels = (as_array(part) for part in samples)
    elif hasattr(samples, "__getitem__") and hasattr(samples, "__len__") and len(samples) > 0:
        import numpy as np

        pairs = [samples[i] for i in range(len(samples))]
        inputs = as_array(np.stack([as_array(pair[0]) for pair in pairs]))
        labels = as_array([int(pair[1]) for pair in pairs])
    else:
        raise TypeError(f"expected (inputs, labels) or a data set of them, got {type(samples).__name__}")
    if inputs.shape[:1] != labels.shape[:1]:
        raise ValueError(f"expected a label for each input, got inputs of {inputs.shape} and labels of {labels.shape}")
    return inputs, labels


def _text(text: str) -> bytes:
    encoded = text.encode()
    return b"X" + len(encoded).to_bytes(4, "little") + encoded


def _integer(number: int) -> bytes:
    size = number.bit_length() // 8 + 1
    return b"\x8a" + bytes([size]) + number.to_bytes(size, "little", signed=True)


def _integers(numbers: Any) -> bytes:
    return b"(" + b"".join(_integer(number) for number in numbers) + b"t"


def _tensor(array: np.ndarray, place: int) -> bytes:
    """Opcodes of pickle's protocol 2 that rebuild the tensor whose numbers are the archive's file `data/place`."""
    storage = (b"(" + _text("storage") + b"ctorch\n" + _STORAGES[array.dtype.name].encode() + b"\n" + _text(str(place)) +
               _text("cpu") + _integer(array.size) + b"tQ")
    strides = [step // array.itemsize for step in array.strides]
    return (b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + _integer(0) + _integers(array.shape) + _integers(strides) +
            b"\x89ccollections\nOrderedDict\n)R" + b"tR")


def tensor_file(arrays: List[np.ndarray]) -> bytes:
    """The bytes of a file with a tuple of these arrays."""
    pickle = b"\x80\x02(" + b"".join(_tensor(array, i) for i, array in enumerate(arrays)) + b"t."
    parts = [("data.pkl", pickle)]
    parts += [(f"data/{i}", array.tobytes()) for i, array in enumerate(arrays)]
    parts.append(("version", b"3\n"))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(f"archive/{name}", _DATE), content)
    return file.getvalue()

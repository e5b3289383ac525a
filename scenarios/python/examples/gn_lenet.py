"""A learner in PyTorch: GN-LeNet (Hsieh et al.: "The Non-IID Data Quagmire of Decentralized Machine Learning", ICML 2020)
on Fashion-MNIST (Debian: python3-torch, dataset-fashion-mnist).

    [nodes]
    count = 16
    model = { python = "gn_lenet.py:GnLeNet" }
"""

import gzip
from pathlib import Path

import numpy as np
from torch import nn

import tardigrad as td

FOLDER = Path("/usr/share/datasets/fashion-mnist")
TEST_SAMPLES = 500


def read(name):
    images = np.frombuffer(gzip.decompress((FOLDER / f"{name}-images-idx3-ubyte.gz").read_bytes()), np.uint8, offset=16)
    labels = np.frombuffer(gzip.decompress((FOLDER / f"{name}-labels-idx1-ubyte.gz").read_bytes()), np.uint8, offset=8)
    return images.reshape(-1, 1, 28, 28).astype(np.float32) / np.float32(255), labels.astype(np.int64)


class GnLeNet(td.TorchLearner):
    def module(self):
        return nn.Sequential(
            nn.Conv2d(1, 32, 5, padding=2), nn.GroupNorm(2, 32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 32, 5, padding=2), nn.GroupNorm(2, 32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, padding=2), nn.GroupNorm(2, 64), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(576, 10))

    def data(self):
        test_images, test_labels = read("t10k")
        return read("train"), (test_images[:TEST_SAMPLES], test_labels[:TEST_SAMPLES])

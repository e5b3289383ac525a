"""A learner in NumPy: softmax regression on Fashion-MNIST (Debian: dataset-fashion-mnist), minibatch gradient descent.

    [nodes]
    count = 16
    model = { python = "softmax_regression.py:SoftmaxRegression" }
"""

import gzip
from pathlib import Path

import numpy as np

import tardigrad as td

FOLDER = Path("/usr/share/datasets/fashion-mnist")
CLASSES = 10
TEST_SAMPLES = 500


def images(name):
    raw = np.frombuffer(gzip.decompress((FOLDER / f"{name}-images-idx3-ubyte.gz").read_bytes()), np.uint8, offset=16)
    return raw.reshape(-1, 784).astype(np.float32) / np.float32(255)


def labels(name):
    return np.frombuffer(gzip.decompress((FOLDER / f"{name}-labels-idx1-ubyte.gz").read_bytes()), np.uint8, offset=8)


class SoftmaxRegression(td.Learner):
    plain_steps = True

    def __init__(self, settings):
        super().__init__(settings)
        order = np.random.default_rng(self.seed).permutation(60000)
        self.shards = np.array_split(order, self.nodes)  # the same samples for every node, in every process
        self.images, self.labels = images("train"), labels("train")
        self.test_images, self.test_labels = images("t10k")[:TEST_SAMPLES], labels("t10k")[:TEST_SAMPLES]

    def layout(self):
        return [("weight", (784, CLASSES)), ("bias", (CLASSES,))]

    def initial_model(self):
        return np.zeros(784 * CLASSES + CLASSES)

    def local_state(self, node):
        return {"position": np.zeros((), np.int64)}

    def shard_size(self, node):
        return len(self.shards[node])

    def train(self, node, model, state, steps, offset, factor):
        loss, size = 0.0, min(self.training.batch_size, len(self.shards[node]))
        rate = np.float32(self.training.learning_rate)
        for _ in range(steps):
            chosen = np.take(self.shards[node], range(state["position"], state["position"] + size), mode="wrap")
            state["position"] += size
            gradient, batch_loss = self.gradient(model, self.images[chosen], self.labels[chosen])
            gradient *= np.float32(factor)
            if offset is not None:
                gradient += offset
            model -= rate * gradient
            loss += batch_loss / steps
        return loss, float(rate) * steps

    def evaluate(self, model, node):
        scores = self.scores(model, self.test_images)
        right = scores.argmax(axis=1) == self.test_labels
        return float(right.mean()), self.loss(scores, self.test_labels)

    def scores(self, model, samples):
        return samples @ model[:-CLASSES].reshape(784, CLASSES) + model[-CLASSES:]

    def loss(self, scores, wanted):
        shifted = scores - scores.max(axis=1, keepdims=True)
        logarithms = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(wanted)), wanted]
        return float(logarithms.mean())

    def gradient(self, model, samples, wanted):
        scores = self.scores(model, samples)
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        shares[np.arange(len(wanted)), wanted] -= 1
        shares /= np.float32(len(wanted))
        return np.concatenate([(samples.T @ shares).reshape(-1), shares.sum(axis=0)]), self.loss(scores, wanted)

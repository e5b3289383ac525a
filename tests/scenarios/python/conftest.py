import pytest

import tardigrad as td


def small_scenario(**sections):
    """Eight nodes that learn little, for two virtual seconds: takes a moment."""
    return td.scenario(**{"nodes": dict(count=8, model="logistic-regression"), "data": "fashion-mnist",
                          "time": dict(duration="2s"),
                          "training": dict(batch_size=8, local_steps=2, learning_rate=0.1),
                          "compute": dict(step_time="20ms"), "network": dict(uplink="60Mbps"),
                          "evaluation": dict(every="500ms", samples=50),
                          "algorithms": ["divshare", "swift-push"], "name": "small", **sections})


@pytest.fixture(scope="session")
def small_run(tmp_path_factory):
    """A folder with a run of two algorithms and two seeds."""
    out = tmp_path_factory.mktemp("results") / "small"
    td.run(small_scenario(), seeds=[1, 2], out=out, threads=1)
    return out

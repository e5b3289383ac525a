"""tardigrad from Python: experiments on decentralized learning, and their results as tables and figures.

    import tardigrad as td

    results = td.run("scenarios/quickstart.toml", set={"network.uplink": "30Mbps"}, seeds=[1, 2, 3])
    results = td.load("results/quickstart")
    results.plot("accuracy")

Importing this package loads neither pandas, Matplotlib nor PyTorch: each is loaded where it is first needed.
"""

from tardigrad.errors import Error, Interrupted
from tardigrad.learner import Learner, Settings, Training
from tardigrad.protocol import Actions, Graph, LocalRound, Message, Protocol, Random
from tardigrad.results import Results, load
from tardigrad.running import run
from tardigrad.scenarios import Scenario, scenario
from tardigrad.tensorboard import to_tensorboard
from tardigrad.torch_learner import TorchLearner

__all__ = ["Actions", "Error", "Graph", "Interrupted", "Learner", "LocalRound", "Message", "Protocol", "Random", "Results", "Scenario",
           "Settings", "TorchLearner", "Training", "load", "run", "scenario", "to_tensorboard"]

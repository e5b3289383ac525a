"""DivShare (Biswas et al.: "Boosting Asynchronous Decentralized Learning with Model Fragmentation", WWW 2025) in Python. It
leaves the same bytes as the built-in `divshare`."""

import numpy as np

import tardigrad as td


class DivShare(td.Protocol):
    """fragments of the model, each to recipients of its own; unsent ones are dropped"""

    topology = "complete"
    compression = "any"
    fragments: int = 10  # K, parts that the model is cut into
    recipients: int = 6  # J, nodes that each fragment is sent to in a round
    flush: bool = True  # a new round's fragments replace what is unsent of the last

    def objection(self, graph):
        if min(graph.degree(node) for node in range(graph.size)) < self.recipients:
            return f"recipients = {self.recipients} is too many"

    def messages_per_round(self, degree):
        return self.recipients

    def on_start(self, initial, actions):
        self.newest = {}  # by sender, since the last averaging
        actions.start_round(initial)

    def on_trained(self, local, actions):
        if self.flush:
            actions.flush()
        neighbours = self.graph().neighbours(self.node)
        order = self.random("send_order", local.round)  # shuffles a node's messages over all its fragments
        for recipient in self.random("recipients", local.round).choice(neighbours, self.recipients):
            actions.send(recipient, local.values, local.round, order=order.bits())
        total = local.values
        for sender in sorted(self.newest):
            total = total + self.newest[sender].values
            actions.mixed(local.round, self.newest[sender].round)
        weight = np.float32(1) / np.float32(1 + len(self.newest))
        self.newest.clear()
        actions.start_round(total * weight)

    def on_message(self, message, actions):
        self.newest[message.sender] = message

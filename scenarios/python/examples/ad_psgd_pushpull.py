"""AD-PSGD as in the DivShare comparison, in Python. It leaves the same bytes as the built-in `ad-psgd-pushpull`."""

import numpy as np

import tardigrad as td

PUSH, ANSWER = 0, 1


class AdPsgdPushPull(td.Protocol):
    """whole models pushed, the receiver's pulled back"""

    topology = "complete"
    recipients: int = 6  # J: J / 2 pushes a round, each answered

    def messages_per_round(self, degree):
        return 2 * (self.recipients // 2)

    def on_start(self, initial, actions):
        self.latest, self.latest_round = initial, 0
        self.newest = {}  # by sender, since the last averaging
        actions.start_round(initial)

    def on_trained(self, local, actions):
        self.latest, self.latest_round = local.values, local.round
        draws = self.random("recipients", local.round, entity=self.node)
        neighbours = self.graph().neighbours(self.node)
        for order in range(self.recipients // 2):
            neighbour = neighbours[draws.below(len(neighbours))]
            actions.send(neighbour, local.values, local.round, kind=PUSH, order=order)
        total = local.values
        for sender in sorted(self.newest):
            total = total + self.newest[sender].values
            actions.mixed(local.round, self.newest[sender].round)
        weight = np.float32(1) / np.float32(1 + len(self.newest))
        self.newest.clear()
        actions.start_round(total * weight)

    def on_message(self, message, actions):
        self.newest[message.sender] = message
        if message.kind == PUSH:
            actions.send(message.sender, self.latest, self.latest_round, kind=ANSWER)

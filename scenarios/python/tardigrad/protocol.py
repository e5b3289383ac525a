"""Algorithms of one's own: a class in a Python file, which the program runs as it runs those built in.

    import tardigrad as td

    class PushGossip(td.Protocol):
        \"\"\"Sends the model to random neighbours, and averages whatever has arrived.\"\"\"

        topology = "complete"
        recipients: int = 2                                    # an option of the scenario

        def on_start(self, initial, actions):
            self.arrived = {}
            actions.start_round(initial)

        def on_trained(self, local, actions):
            draws = self.random("recipients", local.round)
            for neighbour in draws.choice(self.graph().neighbours(self.node), self.recipients):
                actions.send(neighbour, local.values, local.round)
            total = sum((self.arrived[sender] for sender in sorted(self.arrived)), local.values)
            actions.start_round(total / np.float32(1 + len(self.arrived)))
            self.arrived.clear()

        def on_message(self, message, actions):
            self.arrived[message.sender] = message.values

A scenario names it by `kind = "push_gossip.py:PushGossip"`, relative to the scenario file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Iterable, List, NamedTuple, Optional, Sequence

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Array = NDArray[numpy.float32]


class LocalRound(NamedTuple):
    """A node's local steps of one round, for one fragment."""

    round: int
    values: Array
    """float32 of shape (parameters,), read-only: the result, from the values of the last `start_round`. Empty where the
    model is "null"."""
    steps: int
    """The number of local steps: 0 in a round that only averages."""
    learning_rates: float
    """The sum of their learning rates."""


class Message(NamedTuple):
    """A message between the protocols of two nodes for the same fragment."""

    sender: int
    kind: int
    """What the protocol means by it, 0 to 255."""
    round: int
    """The number of the sender's finished rounds when the values were taken."""
    values: Optional[Array]
    """float32 of shape (parameters,), read-only; None if there are none, empty where the model is "null"."""
    encoded: Optional[bytes]


class Graph:
    """Who may send to whom in one round. Neighbours are in ascending order; in a directed graph they are the nodes to
    which a node sends."""

    size: int
    is_directed: bool

    def degree(self, node: int) -> int:
        """The number of its neighbours."""
        raise NotImplementedError

    def neighbours(self, node: int) -> List[int]:
        """The nodes to which `node` may send."""
        raise NotImplementedError

    def sources(self, node: int) -> List[int]:
        """The nodes that may send to `node`: in an undirected graph its neighbours."""
        raise NotImplementedError

    def has_edge(self, sender: int, receiver: int) -> bool:
        """Also false for nodes that do not exist."""
        raise NotImplementedError

    def weight(self, node: int, neighbour: int) -> float:
        """The weight W_ij of an edge: the graph's own (base-k, matcha), or else that of Metropolis and Hastings,
        1 / (1 + max(deg_i, deg_j))."""
        raise NotImplementedError


class Random:
    """A stream of random numbers that are a function of the run's seed, the purpose, the entity and the round alone: the
    same on every machine, for any number of threads, in any order of events."""

    def below(self, bound: int) -> int:
        """Uniform in 0 .. bound - 1."""
        raise NotImplementedError

    def uniform(self) -> float:
        """Uniform in [0, 1)."""
        raise NotImplementedError

    def normal(self) -> float:
        """Standard normal."""
        raise NotImplementedError

    def exponential(self) -> float:
        """Exponential with mean 1."""
        raise NotImplementedError

    def bits(self) -> int:
        """64 random bits: as `order` of messages they shuffle what a node sends."""
        raise NotImplementedError

    def sample(self, count: int, bound: int) -> List[int]:
        """`count` distinct numbers of 0 .. bound - 1, in order of drawing."""
        raise NotImplementedError

    def choice(self, items: Sequence[Any], count: int) -> List[Any]:
        """`count` of the items, without replacement, in order of drawing."""
        raise NotImplementedError

    def normals(self, count: int) -> Array:
        """float32 of shape (count,), standard normal."""
        raise NotImplementedError


class Actions:
    """What a protocol asks for in one call. Kept beyond that call it is of no use."""

    now: float
    """The time of the event, in seconds of emulated time."""

    def send(self, to: int, values: Optional[Array], round: int, *, kind: int = 0, order: int = 0,
             encoded: Optional[bytes] = None, payload: Optional[int] = None) -> None:
        """Sends a message to a node that is a neighbour in that round's graph.

        `values`: float32 of shape (parameters,), copied unless it is an array that a callback was given; or None.
        `order`: among messages that a node queues at one instant, lower goes first.
        `payload`: the bytes that links are charged besides the header; if left out, those of `encoded` where there
        are no values, else those of a whole fragment.
        """
        raise NotImplementedError

    def flush(self) -> None:
        """Drops the messages that this fragment has queued and not fully transmitted, before all sends."""
        raise NotImplementedError

    def update(self, values: Array) -> None:
        """Sets the fragment's values, which evaluations use from now on."""
        raise NotImplementedError

    def start_round(self, values: Array, *, offset: Optional[Array] = None, factor: float = 1.0,
                    steps: Optional[int] = None) -> None:
        """Sets the fragment's values and lets the node train its next round on them.

        A local step descends along `factor` * gradient + `offset`, where `offset` has a value for each parameter of the
        fragment. `steps`: if left out, as many as the scenario says; 0: the round only averages. All fragments of a
        node ask for the same factor and steps.
        """
        raise NotImplementedError

    def await_(self, nodes: Iterable[int], *, at_most: Optional[float] = None) -> None:
        """From now on the node waits for messages of these nodes instead of any before; for none if there are none.
        `on_wait_over` is called if it takes longer than the scenario's `wait_timeout`, or than `at_most` seconds, which
        begin anew with every call. Needs `waits = True`."""
        raise NotImplementedError

    def mixed(self, own: int, other: int) -> None:
        """Notes that a received model of round `other` took part in averaging with one's own of round `own`."""
        raise NotImplementedError

    def missed(self, nodes: int) -> None:
        """Notes that the models of so many nodes should have taken part in averaging, and were lost."""
        raise NotImplementedError


class Protocol:
    """One node's part in an algorithm, for one fragment of the model. The program makes one object a node and fragment,
    and calls it when something happens; rounds are counted from 0.

    Annotated class attributes are options, which a scenario may set: `recipients: int = 2`. Their types are bool, int,
    float, str, Literal["a", "b"] and List[float]. Other class attributes are what the class says of itself, see below.
    State is what `on_start` and later calls set on `self`; it is pickled for checkpoints. There is no `__init__`.

    Results are the same bytes every time if all that is random comes from `self.random`, and nothing is taken from
    `random`, `numpy.random`, `time`, from variables outside `self`, or from the processor (`np.sum` and `np.dot` add in
    an order of their own).
    """

    # What an algorithm says of itself. One that is annotated in a class is an option as well.
    fragments: ClassVar[int] = 1
    """The number of parts that the model is cut into, each with a protocol of its own."""
    topology: ClassVar[str] = "ring"
    """The kind of the graph if the scenario names none."""
    compression: ClassVar[str] = "none"
    """The codecs that a scenario may set between it and the network: "none", "dense" (something of every value is
    sent) or "any"."""
    waits: ClassVar[bool] = False
    """True if nodes wait for messages, which must not be lost for ever."""
    needs_every_message: ClassVar[bool] = False
    """True if one missing message spoils the result: losses for ever and nodes that leave are refused."""
    needs_plain_steps: ClassVar[bool] = False
    """True if it takes the mean gradient from the change by local steps: momentum and AdamW are refused."""
    follows_changing_graphs: ClassVar[bool] = False
    """True if the graph may change every round."""
    follows_directed_graphs: ClassVar[bool] = False
    """True if the graph may be directed."""

    _run: Any

    def __init__(self, **options: Any) -> None:
        """Options by name, the others as in the class: PushGossip(recipients=3), for `td.scenario`.

        Raises TypeError for an option that there is not.
        """
        from tardigrad import _engine

        known = _engine.options_of(type(self))
        for name, value in options.items():
            if name not in known:
                raise TypeError(f"{type(self).__name__} has no option {name!r}")
            setattr(self, name, value)

    # Called by the program.

    def on_start(self, initial: Array, actions: Actions) -> None:
        """The first call of the run. `initial` is the fragment of the common initial model."""
        actions.start_round(initial)

    def on_trained(self, local: LocalRound, actions: Actions) -> None:
        """The local steps of a round are done."""
        raise NotImplementedError(f"{type(self).__name__} has no on_trained")

    def on_message(self, message: Message, actions: Actions) -> None:
        """A message has arrived."""
        raise NotImplementedError(f"{type(self).__name__} has no on_message")

    def on_wait_over(self, actions: Actions) -> None:
        """The awaited messages have not arrived within the scenario's `wait_timeout`, or within the limit that they were
        awaited with."""

    def objection(self, graph: Graph) -> Optional[str]:
        """The reason why these options do not work on this graph, one line; None if they do. Called before the run."""
        return None

    def messages_per_round(self, degree: int) -> float:
        """The mean number of whole fragments that a node of so many neighbours sends in a round, for `check`. Called
        before the run."""
        return degree

    # What it knows of the run, from `on_start` on.

    @property
    def node(self) -> int:
        """This node, from 0."""
        return self._run.node

    @property
    def fragment(self) -> int:
        """This fragment, from 0."""
        return self._run.fragment

    @property
    def parameters(self) -> int:
        """The fragment's size, also where the model is "null" and all values are empty."""
        return self._run.parameters

    @property
    def seed(self) -> int:
        """The run's seed."""
        return self._run.seed

    def graph(self, round: int = 0) -> Graph:
        """The graph of this round, the same in all rounds unless `follows_changing_graphs`."""
        return self._run.graph(round)

    def random(self, purpose: str, round: int = 0, entity: Optional[int] = None) -> Random:
        """A stream of its own for each purpose, round and entity, from its beginning.

        `purpose`: "recipients", "send_order", "partner", "compression" or "shared_fraction".
        `entity`: if left out, this node and fragment; two nodes that name the same one draw the same numbers.
        """
        return self._run.random(purpose, round, entity)

"""The schema of scenario files against files that are right and files that are wrong: schema.py PROGRAM SCENARIOS"""

import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import tomllib
except ImportError:
    sys.exit(print("skipped: Python 3.11's tomllib is missing"))
try:
    import jsonschema
except ImportError:
    sys.exit(print("skipped: Debian's python3-jsonschema is missing"))

RIGHT = """
[time]
duration = "10s"
[nodes]
count = 8
model = { kind = "null", parameters = 1000 }
[network]
uplink = "60Mbps"
latency = { kind = "lognormal", mean = "2ms", sigma = 0.2, base = "1ms" }
loss = { rate = 0.01, mode = "retransmit", timeout = "100ms" }
topology = { kind = "spanning-tree", of = "ring" }
[[network.stragglers]]
nodes = { fraction = 0.25 }
factor = 5
mean_on = "10s"
mean_off = "30s"
[[network.changes]]
links = [[0, 1], [1, 0]]
begin = "1s"
end = "2s"
outage = true
[[algorithm]]
kind = "divshare"
fragments = 10
topology = "complete"
compression = { kind = "top-k", fraction = 0.1 }
"""

# A part of it, what stands there instead, and a part of the message.
WRONG = [
    ("[time]", "[tme]", "tme"),
    ('duration = "10s"', "", "duration"),
    ('duration = "10s"', "duration = 10", "10 is not of type"),
    ('duration = "10s"', 'duration = "10"', "does not match"),
    ('duration = "10s"', 'duration = "10s"\nclock = "reel"', "reel"),
    ("count = 8", "count = 0", "less than the minimum"),
    ("count = 8", 'count = "8"', "not of type"),
    (", parameters = 1000", "", "parameters"),
    ('"null", parameters = 1000', '"nul"', "nul"),
    ('{ kind = "null", parameters = 1000 }', '"null"', "null"),
    ('uplink = "60Mbps"', 'uplinc = "60Mbps"', "uplinc"),
    ('uplink = "60Mbps"', 'uplink = "boundless"', "boundless"),
    ('mean = "2ms", sigma', "sigma", "mean"),
    ("sigma = 0.2", "shape = 0.2", "shape"),
    ("sigma = 0.2", "sigma = 11", "11"),
    ('of = "ring"', 'of = "rings"', "rings"),
    ('mode = "retransmit"', 'mode = "again"', "again"),
    ("fraction = 0.25", "fraction = 0.25, count = 1", "fraction"),
    ("factor = 5", 'factor = 5\nuplink = "1Mbps"', "factor"),
    ('mean_off = "30s"', "", "mean_off"),
    ('end = "2s"', 'end = "2s"\nmean_on = "1s"\nmean_off = "1s"', "mean_on"),
    ("[[0, 1], [1, 0]]", "[[0, 1, 2]]", "too long"),
    ('kind = "divshare"', 'kind = "divshair"', "divshair"),
    ('kind = "divshare"', "", "kind"),
    ("fragments = 10", "fragment = 10", "fragment"),
    ("fragments = 10", "gamma = 0.1", "gamma"),
    ("fragments = 10", "fragments = 10\ntau = 1", "tau"),
    ("fraction = 0.1 }", "fraction = 0 }", "0"),
    ("fraction = 0.1 }", "fraction = 0.1, bits = 4 }", "bits"),
    ("[network]", "[data]\nset = \"text\"\n[network]", "root"),
    ("[network]", "[data]\ncontext = 5\nset = \"cifar10\"\n[network]", "context"),
    ("[time]", "seed = 1\nseeds = [1, 2]\n[time]", "seed"),
]


def messages(validator, text):
    """Of all mistakes, also within the alternatives of each."""
    found = list(validator.iter_errors(tomllib.loads(text)))
    for error in found:
        found += error.context or []
    return " ".join(error.message for error in found)


def refused_by_program(program, text):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "s.toml"
        file.write_text(text)
        return subprocess.run([program, "check", file], capture_output=True, check=False).returncode == 2


def check_defaults(schema, definitions, count=0):
    """Every default is itself a value that the schema takes."""
    if isinstance(schema, list):
        return sum(check_defaults(one, definitions) for one in schema)
    if not isinstance(schema, dict):
        return 0
    if "default" in schema and not isinstance(schema["default"], dict):
        validator = jsonschema.Draft7Validator({**schema, "definitions": definitions})
        found = " ".join(error.message for error in validator.iter_errors(schema["default"]))
        assert not found, f"{schema['description']}: {found}"
        count += 1
    return count + sum(check_defaults(value, definitions) for name, value in schema.items() if name != "default")


def main(program, scenarios):
    schema = json.loads(subprocess.run([program, "reference", "--schema"], capture_output=True, check=True).stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    shipped = sorted(pathlib.Path(scenarios).glob("*.toml")) + sorted(pathlib.Path(scenarios).glob("papers/*.toml"))
    assert len(shipped) > 20
    for file in shipped:
        found = messages(validator, file.read_text())
        assert not found, f"{file}: {found}"
    assert not messages(validator, RIGHT), messages(validator, RIGHT)
    assert not refused_by_program(program, RIGHT)
    for part, instead, told in WRONG:
        assert RIGHT.count(part) >= 1, part
        text = RIGHT.replace(part, instead, 1)
        found = messages(validator, text)
        assert told in found, f"{instead!r} in place of {part!r} is told of by {found!r}, without {told!r}"
        assert refused_by_program(program, text), f"{instead!r} in place of {part!r} is not refused by check"
    # An algorithm of the user's own has options of its own.
    own = RIGHT.replace('kind = "divshare"', 'kind = "push_gossip.py:PushGossip"').replace("fragments", "pushes")
    assert not messages(validator, own), messages(validator, own)
    assert check_defaults(schema, schema["definitions"]) > 100
    print(f"{len(shipped)} shipped scenarios are right, {len(WRONG)} others are wrong")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

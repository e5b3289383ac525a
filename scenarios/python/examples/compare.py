"""Compares the algorithms of a scenario, and leaves figures of them: python3 compare.py scenario.toml results/mine"""

import sys

import tardigrad as td

scenario, out = sys.argv[1:3]
results = td.run(scenario, out=out, force=True, on_evaluation=lambda row: print(row["algorithm"], row["accuracy_mean"]))
print(results.comparison[["algorithm", "seed", "final_accuracy_mean", "bytes_sent"]].to_string(index=False))
for path in results.figures(f"{out}-figures"):
    print(path)

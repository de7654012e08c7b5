#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The table of this folder's README, from a result directory.

    nullcline run sines --jobs 1 --out runs/sines
    studies/sines/table.py runs/sines

Points and orbits are counted over the steady inputs of the task: without a sine for the tasks that
listen, a constant cue for those that generate. "period x cue" is the period of each orbit that came
to a cycle times the frequency that the cue asks for: 1 where the cycle is the answer.

A line for each network that does not perform. Exit code 1, and a line for each, where a network was
not analyzed, or degrees do not add up to 1.
"""
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from results import finish, load, print_table, read_analysis, spread, training_of  # noqa: E402


@dataclass
class Network:
    name: str
    steps: int = 0
    reached: bool = False
    counts: list = field(default_factory=list)  # of fixed points, one an input
    unstable: Counter = field(default_factory=Counter)
    certified: int = 0
    searches: list = field(default_factory=list)
    verdicts: list = field(default_factory=list)
    turns: list = field(default_factory=list)  # period x cue, of cycles

    def objections(self):
        if self.steps == 0:
            return ["not analyzed"]
        return [f"the degrees add up to {search['degree_sum']} at {search['input']}"
                for search in self.searches if search["degree_sum"] != 1]


def network_of(directory, name, jobs):
    network = Network(name)
    if {"network", "outputs", "fixed_points", "lyapunov"} - set(jobs):
        return network
    network.steps = training_of(directory, jobs)[0]
    network.reached = read_analysis(directory, jobs, "outputs")[0]["metrics"]["reached"]
    attributes, arrays = read_analysis(directory, jobs, "fixed_points")
    network.searches = attributes["completeness"]
    network.counts = [search["fixed_points"] for search in network.searches]
    network.unstable = Counter(min(int(count), 3) for count in arrays["unstable"])
    network.certified = int(arrays["certified"].sum())
    attributes, arrays = read_analysis(directory, jobs, "lyapunov")
    for verdict, period, index in zip(arrays["verdict"], arrays["period"], arrays["input_index"]):
        network.verdicts.append(attributes["verdicts"][verdict])
        words = attributes["inputs"][index].split()  # "2 Hz"
        if attributes["verdicts"][verdict] == "cycle" and words[-1] == "Hz":
            network.turns.append(period * float(words[0]))
    return network


HEAD = ["population", "performing", "steps", "points an input", "0, 1, 2, more unstable", "certified",
        "agree", "orbits came to", "period x cue"]


def row_of(name, networks):
    known = [network for network in networks if network.steps]
    searches = [search for network in known for search in network.searches]
    counts = [count for network in known for count in network.counts]
    unstable = sum((network.unstable for network in known), Counter())
    verdicts = Counter(verdict for network in known for verdict in network.verdicts)
    agree = sum(search["completeness"] == "agree" for search in searches)
    return [name, f"{sum(n.reached for n in networks)} of {len(networks)}",
            spread([network.steps for network in known], "g"), spread(counts, "g"),
            ", ".join(str(unstable[index]) for index in range(4)),
            f"{sum(network.certified for network in known)} of {sum(counts)}",
            f"{agree} of {len(searches)}",
            ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in verdicts.most_common()),
            spread([turn for network in known for turn in network.turns], ".3f")]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    _, populations = load(Path(sys.argv[1]), network_of)
    print_table(HEAD, [row_of(name, networks) for name, networks in populations.items()])
    networks = [network for of_name in populations.values() for network in of_name]
    finish([f"{n.name}: {text}" for n in networks for text in n.objections()],
           [f"{n.name}: does not perform" for n in networks if n.steps and not n.reached],
           "All degrees add up to 1.")


if __name__ == "__main__":
    main()

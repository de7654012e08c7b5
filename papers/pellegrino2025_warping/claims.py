#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The claim table of this folder's README, from result directories.

    papers/pellegrino2025_warping/claims.py runs/pellegrino2025_warping [runs/pellegrino2025_nonlinearities]

A row is a claim: median [least .. greatest] over networks, and what of them fulfills the condition in
brackets, which is ours:

    holds     all networks do
    differs   none does
    k of n    some do
    -         a figure without a condition: the paper's is not known to us

Two to five networks are no test; the spread is there to be looked at. Rows of "all" nonlinearities
have a value for every pair of networks or of nonlinearities. The network of figure 3 is made on the
spot.
"""
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "studies"))
import measurements  # noqa: E402
import memory  # noqa: E402
from results import jobs, print_table, spread  # noqa: E402

import nullcline as nc  # noqa: E402

KINDS = ("relu", "softplus", "gelu")
ORDINAL = {1: "first", 2: "second", 3: "third", 4: "fourth"}


@dataclass
class Claim:
    figure: str
    population: str
    text: str
    value: str  # of the population's measurements
    said: str = "-"  # by the paper
    holds: Callable | None = None


def above(bound):
    return lambda value: value > bound


def below(bound):
    return lambda value: value < bound


CIRCLE = [
    Claim("2", "circle", "stretch at the boundaries over inside the classes, trained (> 1)",
          "stretch trained", "stretched at boundaries", above(1)),
    Claim("2", "circle", "the same, untrained", "stretch untrained"),
    Claim("2", "circle", "the same, trained over untrained (> 1)", "stretch grows", "-", above(1)),
    Claim("2", "circle", "arc length between ticks beside a boundary, part of the whole (> 0.5)",
          "ticks trained", "ticks spread at boundaries", above(0.5)),
    Claim("2", "circle", "the same, untrained", "ticks untrained"),
]
DECISION = [
    Claim("3, ours", "decision", "d log g_cc / dt at c = 0 over 2 lambda_u (within 5 % of 1)",
          "growth", "its network is not known", lambda v: abs(v - 1) < 0.05),
    Claim("3, ours", "decision", "&#124;c&#124; where g_cc is greatest at the end (0)", "peak",
          "the same", lambda v: v == 0),
]
CONTEXT = [
    Claim("4", "context", "compression G_irr / G_rel at the end, trained (< 1)",
          "compression trained", "irrelevant evidence compressed", below(1)),
    Claim("4", "context", "the same, untrained", "compression untrained"),
    Claim("4", "context", "the same, trained, at 1 s", "compression 1 s"),
    Claim("4", "context", "the same, trained, at 5 s", "compression 5 s"),
    Claim("4", "context", "stretch of relevant evidence at the boundary over far from it, trained (> 1)",
          "boundary trained", "stretched near the decision boundary", above(1)),
    Claim("4", "context", "the same, untrained", "boundary untrained"),
    Claim("4", "context", "s until &#124;x_t&#124; has come 95 % of its way", "settled"),
    Claim("4", "context", "s until log compression has come 10 % of its way", "compression begins"),
    Claim("4", "context", "the same over that of &#124;x_t&#124; (< 0.5)", "compression early",
          "begins in the early transient, long before convergence", below(0.5)),
    Claim("4", "context", "s until the stretch at the boundary has come 10 % of its way",
          "boundary begins"),
    Claim("4", "context", "the same over that of &#124;x_t&#124; (< 0.5)", "boundary early",
          "the same", below(0.5)),
    Claim("4", "context", "lambda_1 / sum of (e1, e2), at 0.2 s", "spectrum start"),
    Claim("4", "context", "the same, at the end", "spectrum end"),
    Claim("4", "context", "its growth (> 0)", "spectrum grows", "like a line attractor", above(0)),
    Claim("4", "context", "lambda_1 / sum of (t, e1, e2), at 0.2 s", "with time start"),
    Claim("4", "context", "the same, at the end", "with time end"),
    Claim("4", "context", "its growth (> 0)", "with time grows", "like a line attractor", above(0)),
    Claim("4", "context", "part of the relevant tangent within the readout, at the end",
          "decoder relevant", "not known"),
    Claim("4", "context", "the same, irrelevant", "decoder irrelevant"),
    Claim("4", "context", "relevant over irrelevant (> 1)", "decoder selects", "not known", above(1)),
    Claim("4", "context", "part of &#124;W - W_init&#124;^2 in its two leading singular directions",
          "change two"),
    Claim("4", "context", "part of the relevant tangent of rates within the two, at the end",
          "change relevant"),
    Claim("4", "context", "the same, irrelevant", "change irrelevant"),
    Claim("4", "context", "relevant over irrelevant (> 1)", "change selects", "not known", above(1)),
    Claim("4i", "context", "&#124;correlation&#124; over neurons of x_t with the relevant tangent, "
          "no evidence, end", "ellipse relevant"),
    Claim("4i", "context", "the same, irrelevant", "ellipse irrelevant"),
    Claim("4i", "context", "relevant over irrelevant (> 1)", "ellipse selects", "not known", above(1)),
    Claim("4i", "context", "largest difference of that correlation from the cosine (< 0.1)",
          "ellipse cosine", "none, of independent neurons with mean 0", below(0.1)),
]
TORUS = [
    Claim("5-7", "memory", "total curvature: integral of &#124;K&#124; dA over 2 pi at 2 s (> 0.1)",
          "total curvature", "curvature is not zero", above(0.1)),
    Claim("5-7", "memory", "&#124;integral of K dA&#124; over that of &#124;K&#124; (< 1e-6)",
          "gauss bonnet", "0 by theory", below(1e-6)),
    Claim("5-7", "memory", "&#124;cosine&#124; of the coordinate lines at 2 s, median", "oblique"),
    Claim("5-7", "memory", "the supplement's formula: median error over median &#124;K&#124;", "legacy"),
    Claim("5-7", "memory", "the same: part of the torus where its sign is wrong", "legacy sign"),
    *(Claim("5-7", "memory", f"least chord over distance along the torus, {when} (> 0.1)",
            f"injective {key}", "a torus", above(0.1))
      for key, when in (("encoded", "2 s"), ("delay", "5.5 s"))),
    *(Claim("5-7", "memory", f"scales with Betti numbers (1, 2, 1), greatest over least, {when} (> 1)",
            f"torus {key}", "a torus", above(1))
      for key, when in (("encoded", "2 s"), ("delay", "5.5 s"))),
]


def memory_claims(population, items):
    def claim(figure, *rest):
        return Claim(figure if items == 2 else f"5-7, K = {items}", population, *rest)
    yield claim("5-7", f"rank of the slice at the end of the trial (= {items})", "rank",
                "a torus" if items == 2 else "a hyper-torus", lambda v: v == items)
    yield claim("5-7", "changes of rank after the last input (0)", "rank changes", "0 by theory",
                lambda v: v == 0)
    yield claim("5-7", "least sigma_min / sigma_max since", "least condition")
    yield claim("5-7", "change of the metric in the delay of 3.5 s", "metric delay")
    yield claim("5-7", "the same, from go to the end of the first report, 1.5 s", "metric report")
    yield claim("5-7", "delay over report (< 1)", "metric moves", "approximately stable in the delay",
                below(1))
    yield claim("5-7", "the same per second (< 1)", "metric per s", "the same", below(1))
    yield claim("5-7", "greatest trace of the delay over its least", "trace")
    for i in range(1, items + 1):
        name = ORDINAL[i]
        yield claim("5-7", f"s from the {name} report's onset to the peak of that item's alignment with "
                    "the readout (0 to 0.5)", f"peak {i}", "aligns the item that is reported",
                    lambda v: -1e-9 < v < 0.5 + 1e-9)
        yield claim("5-7", f"alignment of the {name} item in its report over the others' (> 1)",
                    f"selects {i}", "the same", above(1))
    yield claim("5-7", "G_ii / tr G of the last item at go", "share delay")
    for i in range(1, items + 1):
        yield claim("5-7", f"the same of the {ORDINAL[i]} item in its report (> 1 / {items})",
                    f"share {i}", "not known", above(1 / items))
    yield claim("5-7", "largest angle of the states' plane at the end of encoding to that of the delay, "
                "degrees", "turn delay", "encodes dynamically")
    yield claim("5-7", "the same, to that of the first report", "turn report")
    yield claim("5-7", "mean cosine of the planes, encoding to delay", "subspace delay")
    yield claim("5-7", "the same, encoding to first report", "subspace report")


SUBTRACTION = [
    *(Claim("subtraction", "subtraction", f"lambda_2 / lambda_1 {when}", f"ratio {key}")
      for key, when in (("encoded", "at 2 s"), ("go", "at go"))),
    Claim("subtraction", "subtraction", "the same at the end of the report (< 0.1)", "ratio report",
          "collapses to one dimension", below(0.1)),
    Claim("subtraction", "subtraction", "the same at the end (< 0.1)", "ratio end", "the same",
          below(0.1)),
    Claim("subtraction", "subtraction", "&#124;cosine&#124; of the vanishing direction with (1, 1), "
          "end of the report (> 0.95)", "null", "the difference is kept", above(0.95)),
]
NONLINEAR = [
    *(Claim("nonlinearities", kind, f"{text}", value, said, condition) for kind in KINDS
      for text, value, said, condition in (
          ("compression at the end (< 1)", "compression trained", "alike", below(1)),
          ("stretch at the boundary (> 1)", "boundary trained", "alike", above(1)))),
    Claim("nonlinearities", "all", "distance of metrics: one nonlinearity, other weights", "within"),
    Claim("nonlinearities", "all", "the same: two nonlinearities, same weights at first, medians",
          "between"),
    Claim("nonlinearities", "all", "the latter over the median of the former (<= 1)", "ratio",
          "alike", lambda v: v <= 1),
]
# What no network here can tell.
OTHERS = [
    Claim("3", "the paper's network", "warp of the excitatory-inhibitory decision", "", "not known"),
    Claim("nonlinearities", "all", "differences of geodesic distances", "", "< 0.023, of which unit?"),
    Claim("decoding", "POSSM", "speed of the cursor and of travel along the trajectory", "",
          "faster movement, faster travel"),
]
CLAIMS = [*CIRCLE, *DECISION, *CONTEXT, *memory_claims("memory", 2), *TORUS,
          *memory_claims("memory_3", 3), *memory_claims("memory_4", 4), *SUBTRACTION,
          *NONLINEAR, *OTHERS]

MEASURES = {
    "circle": measurements.circle,
    "context": measurements.context,
    "memory": lambda net, _: {**memory.memory(net, measurements.grid([24] * 2)),
                              **memory.curvature(net), **memory.topology(net)},
    "memory_3": lambda net, _: memory.memory(net, measurements.grid([8] * 3)),
    "memory_4": lambda net, _: memory.memory(net, measurements.scattered(256, 4)),
    "subtraction": lambda net, _: memory.subtraction(net),
    **{kind: measurements.courses for kind in KINDS},
}


def load(directories):
    """{population: [(trained, untrained)]} of the networks that are done."""
    found = defaultdict(dict)
    for directory in map(Path, directories):
        for (population, number, kind), (job, state, _) in jobs(directory).items():
            if kind == "network" and state == "done":
                file = directory / "networks" / f"{job}.h5"
                found[population][number] = nc.load(file), nc.load(file, "initial")
    return {name: [numbered[k] for k in sorted(numbered)] for name, numbered in found.items()}


def measure(populations):
    """{population: {name: [value of each network]}}."""
    result = {"decision": [measurements.decision()]}
    for name, of in MEASURES.items():
        result[name] = [of(*pair) for pair in populations.get(name, [])]
    table = {name: {key: [one[key] for one in each] for key in each[0]}
             for name, each in result.items() if each}
    tanh = populations.get("tanh") or populations.get("context", [])
    kinds = {"tanh": tanh, **{kind: populations.get(kind, []) for kind in KINDS}}
    if all(len(pairs) > 1 for pairs in kinds.values()):
        nets = {kind: [net for net, _ in pairs] for kind, pairs in kinds.items()}
        table["all"] = measurements.nonlinearities(nets)
    return table


def verdict(claim, values):
    if claim.holds is None:
        return "-"
    good = sum(bool(claim.holds(value)) for value in values)
    return {len(values): "holds", 0: "differs"}.get(good, f"{good} of {len(values)}")


def rows(directories):
    table = measure(load(directories))
    for claim in CLAIMS:
        values = table.get(claim.population, {}).get(claim.value)
        head = [claim.figure, f"{claim.population}: {claim.text}", claim.said]
        if values is None:
            yield [*head, "-", 0, "not tested"]
        else:
            count = f"{len(values)} pairs" if claim.population == "all" else len(values)
            yield [*head, spread(values, ".3g"), count, verdict(claim, values)]


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    print_table(["figure", "claim (condition)", "paper", "ours", "networks", "verdict"],
                rows(sys.argv[1:]))

#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The claim table of this folder's README, from result directories.

    papers/amrut2021_hypotheses/claims.py runs/amrut2021_hypotheses [runs/amrut2021_theta]

One row a claim and task: the median over the networks, the smallest and largest, and of a change from
untrained to trained networks the medians of both; where a claim is a direction, Wilcoxon's signed-rank
test against the value in brackets, two-sided and exact, with its effect (1 and -1: all networks agree;
studies/paired.py), and the sign test. Where two sets of networks are compared, the exact rank-sum test.
Verdicts:

    holds        significant at 5 %, in the claimed direction
    differs      significant at 5 %, in the other one
    not settled  not significant
    no change    claimed, and not significant; a change that ten networks do not show is possible

The tests are of single claims, not corrected for their number.
"""
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "studies"))
from paired import rank_sum, sign_test, signed_rank, spearman  # noqa: E402
from results import load as load_networks, print_table, read  # noqa: E402

LEVEL = 0.05
EXCHANGES = 4  # of each search by DCA
DEGREE = np.pi / 180


def load(directory):
    """{population: [{analysis: (attributes, arrays)} for each network]}."""
    def network_of(directory, _, jobs):
        return {kind: read(directory / "analyses" / f"{job}.h5")
                for kind, job in jobs.items() if kind != "network"}
    return load_networks(Path(directory), network_of)[1]


@dataclass
class Claim:
    where: str
    text: str
    value: Callable  # of a network; None: the claim is not about its task
    than: float | None = None  # what values are tested against
    sign: int = 0  # 1: claimed to be greater, -1: less, 0: no different
    note: str = "-"  # the note's value
    parts: tuple = ()  # ((name, value of a network), ..), whose medians are told


def weights(name):
    return lambda n: n["connectivity"][0][name]


def mean_weight_change(n):
    return weights("mean_after")(n) - weights("mean_before")(n)


def size(n):
    return len(n["connectivity"][1]["change_singular_values"])


def growth_of_largest(n):
    arrays = n["connectivity"][1]
    return float(np.max(np.hypot(*arrays["eigenvalues_after"].T))
                 / np.max(np.hypot(*arrays["eigenvalues_before"].T)))


def centrality(name):
    """Nodes ranked by it, before against after."""
    def value(n):
        arrays = n["connectivity"][1]
        before, after = (f"centrality_{name}_{when}" for when in ("before", "after"))
        if before not in arrays or after not in arrays:
            return None
        return spearman(arrays[before], arrays[after])
    return value


def departure(norm, when):
    return weights(f"departure_{when}_{norm}")


def information(stage):
    return lambda n: n["dca"][0][f"{stage}_predictive_information"]


def agreement(stage):
    """Of the starts of DCA that owe nothing to one another, the part within 1 % of the best PI; the
    exchanges, which set out from the best, come last."""
    def value(n):
        starts = n["dca"][1][f"{stage}_starts"][:-EXCHANGES]
        return float(np.mean(starts >= 0.99 * information(stage)(n)))
    return value


def modulus(stage):
    """The largest modulus of an eigenvalue at the fixed points that orbits come to under the inputs of
    the conditions: stable ones, as orbits do not come to others."""
    return lambda n: n["subspaces"][0].get("transients", {}).get(stage, {}).get("largest_modulus")


def transient(space, kind, stage):
    def value(n):
        angles = n["subspaces"][0].get("transients", {}).get(stage, {}).get(space)
        return angles[kind] / DEGREE if kind in (angles or {}) else None
    return value


def layers(space, kind, stage):
    def value(n):
        found = n["subspaces"][0].get("layers", {}).get(stage)
        return None if found is None else found[space][kind]
    return value


def angle(name, dim, which):
    """Of the subspaces of dimension `dim`, degrees; which: np.nanmin or np.nanmean of their angles."""
    def value(n):
        table = n["subspaces"][1].get(name)
        if table is None or np.all(np.isnan(table[dim - 1])):
            return None
        return float(which(table[dim - 1])) / DEGREE
    return value


def minus(first, second):
    def value(n):
        a, b = first(n), second(n)
        return None if a is None or b is None else a - b
    return value


def over(first, second):
    return lambda n: first(n) / second(n)


def stable_points(n):
    """At the steady input that has fewest."""
    attributes, arrays = n["fixed_points"]
    return min(int(np.sum((arrays["input_index"] == i) & (arrays["kind"] == 0)))
               for i in range(len(attributes["inputs"])))


def unstable_points(n):
    return int(np.sum(np.isin(n["fixed_points"][1]["kind"], (1, 2))))


def training(where, text, of_stage, *more):
    """A claim about trained - untrained; of_stage("trained") is the value of a network."""
    parts = tuple((stage, of_stage(stage)) for stage in ("trained", "untrained"))
    return Claim(where, text, minus(parts[0][1], parts[1][1]), *more, parts=parts)


def transient_claims():
    plane = {stage: transient("dca", "onset_to_plane", stage) for stage in ("trained", "untrained")}
    # The sine of the angle of a random direction to a plane of R^3 is uniform: its median is 30.
    yield training("3", "onset to the plane of the fixed points, DCA, degrees: trained - untrained",
                   plane.get, 0, 1, "> 0")
    yield Claim("3", "the same, trained (orthogonal: above 30, the median of random directions)",
                plane["trained"], 30, 1, "90")
    yield Claim("3", "the same, untrained (in the plane: below 30)", plane["untrained"], 30, -1, "0")
    for kind in ("onset_to_plane", "onset_to_line", "switch_to_line"):
        yield training("3", f"{kind.replace('_', ' ')}, all units, degrees: trained - untrained",
                       lambda stage, kind=kind: transient("units", kind, stage), 0, 1, "> 0")


def layer_claims():
    gap = {(space, stage): layers(space, "gap", stage)
           for space in ("units", "dca") for stage in ("trained", "untrained")}
    yield Claim("2", "gap of the two layers, all units, trained (0.3: a linear code; 1: thin layers)",
                gap["units", "trained"], 0.3, 1, "layers")
    yield training("2", "the same, trained - untrained", lambda stage: gap["units", stage], 0, 1)
    yield training("2", "silhouette, all units, trained - untrained",
                   lambda stage: layers("units", "silhouette", stage), 0, 1)
    yield Claim("2", "gap of the two layers, DCA space, trained (0: they touch)",
                gap["dca", "trained"], 0, 1, "layers")


def angle_claims():
    for dim in (1, 2, 3):
        yield Claim("9", f"DCA before to after, {dim} dim: smallest angle, degrees (orthogonal: above 45)",
                    angle("training_dca", dim, np.nanmin), 45, 1, "nearly 90")
    for dim in (1, 2, 3):
        random = angle("random_median", dim, np.nanmin)
        yield Claim("9", f"the same, {dim} dim, less the median of random subspaces",
                    minus(angle("training_dca", dim, np.nanmin), random), 0, 0)
    for dim in (1, 2, 3):
        yield training("10", f"DCA between two inputs, {dim} dim: mean angle, degrees: trained - untrained",
                       lambda stage, dim=dim: angle(f"{stage}_conditions", dim, np.nanmean), 0, 0,
                       "about 0")
    for space in ("dca", "pca"):
        for dim in (1, 2, 3):
            yield training("11", f"{space.upper()} to the readout, {dim} dim, degrees: trained - untrained",
                           lambda stage, dim=dim, space=space:
                           angle(f"{stage}_readout_{space}", dim, np.nanmin), 0, 1, "> 0")
    for dim in (1, 2, 3):
        yield Claim("11", f"to the readout, trained, {dim} dim, degrees: DCA - PCA",
                    minus(angle("trained_readout_dca", dim, np.nanmin),
                          angle("trained_readout_pca", dim, np.nanmin)), 0, 1, "> 0")


CLAIMS = [
    Claim("1", "normalized error (criterion: below 0.05)",
          lambda n: n["outputs"][0]["metrics"]["error"], 0.05, -1, "low"),
    Claim("2, 3", "stable fixed points at the steady input with fewest", stable_points),
    *layer_claims(),
    *transient_claims(),
    Claim("4", "change of the mean weight", mean_weight_change, 0, -1, "< 0"),
    Claim("4", "mean weight after training", weights("mean_after"), 0, -1, "< 0"),
    *(Claim("sec. 1", f"part of the starts of DCA within 1 % of the best (1/2), {stage}",
            agreement(stage), 1 / 2, 1, "most") for stage in ("trained", "untrained")),
    training("6", "predictive information at theta = 0, nats: trained - untrained", information, 0, -1,
             "< 0"),
    Claim("7", "part of the weights that carries the change (1/3: normal changes)",
          weights("changed_fraction"), 1 / 3, -1, "few"),
    Claim("7", "part of the eigenvalues that carries their change (1/2: normal ones)",
          lambda n: weights("eigenvalue_participation")(n) / size(n), 1 / 2, -1, "few"),
    Claim("7", "eigenvalues outside the disk that held all before", weights("eigenvalues_outside"),
          note="few"),
    Claim("7", "eigenvalues moved by more than half the radius of that disk",
          weights("eigenvalues_moved"), note="few"),
    Claim("7", "largest eigenvalue modulus, after / before", growth_of_largest, 1, 1, "> 1"),
    Claim("5.2", "rank of the change by participation, as part of n (1/2: random)",
          lambda n: weights("participation_ratio")(n) / size(n), 1 / 2, -1, "low"),
    Claim("5.2", "norm of the change / norm of the weights (small: below 1)",
          weights("relative_change"), 1, -1, "small"),
    *(Claim("8", f"rank correlation of centrality before and after: {name.replace('_', ' ')}",
            centrality(name), 0, -1, "< 0")
      for name in ("in_strength", "out_strength", "eigenvector", "katz", "pagerank")),
    Claim("5.2", "departure from normality, Frobenius, before", departure("frobenius", "before"),
          note="16.5"),
    Claim("5.2", "departure from normality, Frobenius, after", departure("frobenius", "after"),
          note="17.5"),
    Claim("5.2", "departure from normality, Frobenius, after / before",
          over(departure("frobenius", "after"), departure("frobenius", "before")), 1, 1, "1.06"),
    Claim("5.2", "departure from normality, operator norm, after / before",
          over(departure("operator", "after"),
               departure("operator", "before")), 1, 1, "1.06"),
    *angle_claims(),
    Claim("sec. 6", "unstable fixed points, all steady inputs", unstable_points, note="0"),
    *(Claim("sec. 6", f"largest modulus of an eigenvalue at the points that orbits come to, {stage}",
            modulus(stage), note="< 1") for stage in ("trained", "untrained")),
]


def verdict(claim, values):
    p, _ = signed_rank([v - claim.than for v in values])
    if p >= LEVEL:
        return "no change" if claim.sign == 0 else "not settled"
    if claim.sign == 0:
        return "differs"
    return "holds" if claim.sign * (np.median(values) - claim.than) > 0 else "differs"


def spread_of(values):
    return f"{np.median(values):.3g} [{min(values):.3g} .. {max(values):.3g}]"


def contrast(where, text, note, task, first, second, sign):
    """A row that compares two sets of networks: their values, the first claimed to be greater (1) or
    less (-1)."""
    p, effect = rank_sum(first, second)
    verdict = "not settled" if p >= LEVEL else "holds" if sign * effect > 0 else "differs"
    return [where, text, note, task, f"{spread_of(first)} against {spread_of(second)}",
            f"rank sum p {p:.2g}, {effect:+.2f}", verdict]


def row(claim, population, networks):
    """None where the claim is not about the task."""
    values = [claim.value(n) for n in networks]
    values = [v for v in values if v is not None and not np.isnan(v)]
    if not values:
        return None
    spread = spread_of(values)
    if claim.parts:
        spread += " ({})".format(", ".join(
            f"{np.nanmedian([part(n) for n in networks if part(n) is not None]):.3g} {name}"
            for name, part in claim.parts))
    test = "-"
    if claim.than is not None:
        differences = [v - claim.than for v in values]
        p, effect = signed_rank(differences)
        test = f"[{claim.than:.3g}] p {p:.2g}, {effect:+.2f}; sign p {sign_test(differences):.2g}"
    return [claim.where, claim.text, claim.note, population, spread, test,
            verdict(claim, values) if claim.than is not None else "-"]


HEAD = ["figure", "claim", "note", "task", "median [smallest .. largest]", "test", "verdict"]


def sweep_rows(directory):
    """Figure 6: trained - untrained PI for each theta of each task, which a population's name says:
    "perception_3" is 3 pi/16."""
    tasks = defaultdict(dict)
    for name, networks in load(directory).items():
        task, sixteenths = name.rsplit("_", 1)
        tasks[task][int(sixteenths)] = networks
    for task, populations in tasks.items():
        for sixteenths, networks in sorted(populations.items()):
            networks = [n for n in networks if "dca" in n]
            sign = -1 if sixteenths == 0 else 1
            claim = training("6", f"PI at theta = {sixteenths} pi/16, nats: trained - untrained",
                             information, 0, sign, "< 0" if sign < 0 else "rises to >= 0")
            found = row(claim, task, networks)
            if found:
                found[4] += f"; {len(networks)} networks"
                yield found
        ends = [[claim.value(n) for n in populations.get(k, []) if "dca" in n] for k in (4, 0)]
        if all(ends):
            yield contrast("6", "trained - untrained PI, theta = pi/4 against 0, nats", "rises", task,
                           *ends, 1)


def mean_weight_row(populations):
    """Figure 4: the note sees the larger decrease in the decision task."""
    changes = [[mean_weight_change(n) for n in populations[task]] for task in ("decision", "perception")]
    return contrast("4", "change of the mean weight, decision against perception", "more negative",
                    "both", *changes, -1)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    populations = load(sys.argv[1])
    rows = [row(claim, name, networks)
            for claim in CLAIMS for name, networks in populations.items()]
    rows.append(mean_weight_row(populations))
    if len(sys.argv) == 3:
        rows += sweep_rows(sys.argv[2])
    print_table(HEAD, [found for found in rows if found])


if __name__ == "__main__":
    main()

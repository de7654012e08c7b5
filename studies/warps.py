# SPDX-License-Identifier: Apache-2.0
"""How far the metrics of the networks of a population are apart, for the tables of READMEs.

A network has `tangents` = (trained, untrained), of each a list of arrays (K, S, m, n), one a manifold;
all of a task have the same points. Distances are affine-invariant, |log mu| with the eigenvalues mu of
G_1^-1 G_2: the median over points at the last step, the mean over manifolds.
"""
import numpy as np

import nullcline as nc


def dispersion(networks, stage):
    """The spread about the Frechet mean of the metrics; stage 0: trained, 1: untrained."""
    if len(networks) < 2:
        return np.nan
    manifolds = range(len(networks[0].tangents[stage]))
    means = [nc.mean_metric([n.tangents[stage][c] for n in networks]) for c in manifolds]
    return np.mean([np.nanmedian(mean.dispersion) for mean in means])


def distance(one, other):
    """Of two networks, each as a list of tangents."""
    return np.mean([nc.distances_of_networks([x, y]).affine_invariant[-1, 0, 1]
                    for x, y in zip(one, other)])


def apart(first, second):
    """The mean over pairs of networks of two populations of their distances, trained."""
    return np.mean([distance(a.tangents[0], b.tangents[0])
                    for a in first for b in second if a is not b])

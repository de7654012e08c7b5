# SPDX-License-Identifier: Apache-2.0
"""SVCCA of all pairs of a population, three ways in one run, two threads each:

    pair      an SVD of both sides and then CCA by pseudo-inverses and square roots of covariances,
              for every pair: how the method's authors write it
    cached    NumPy with the orthonormal basis of each network computed once, in float32: a product
              and the singular values a pair
    nullcline nullcline.compare_all

The networks are independent noise of 128 units and 5,000 samples unless --rank is given, which makes
variances decay. The first two are timed on a sample of pairs, which is told: their cost a pair does
not depend on their number. nullcline computes all pairs of the networks, and all of a dozen of them:
the two times give its cost a network (reading and bases) and a pair, and so that of 1,000. Rounds alternate between the three, and medians are printed.

    python3 benchmarks/similarity.py --networks 200 --rounds 5
"""

import argparse
import os
import resource
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "2")

import numpy as np

import nullcline as nc


def kept(values, part):
    variances = values**2
    return int(np.searchsorted(np.cumsum(variances), part * variances.sum()) + 1)


def inverse_root(S):
    values, vectors = np.linalg.eigh(S)
    inverse = np.where(values > 1e-10 * values[-1], values, np.inf) ** -0.5
    return (vectors * inverse) @ vectors.T


def svcca_of_pair(X, Y, part):
    """X and Y: (units, samples)."""
    sides = []
    for data in (X, Y):
        centered = data - data.mean(axis=1, keepdims=True)
        _, values, Vt = np.linalg.svd(centered, full_matrices=False)
        k = kept(values, part)
        sides.append(values[:k, None] * Vt[:k])
    A, B = sides
    S = np.cov(A, B)
    k = len(A)
    scale = np.abs(S).max()
    S /= scale
    root_a, root_b = inverse_root(S[:k, :k]), inverse_root(S[k:, k:])
    return np.linalg.svd(root_a @ S[:k, k:] @ root_b, compute_uv=False).mean()


def basis(X, part):
    centered = X - X.mean(axis=1, keepdims=True)
    _, values, Vt = np.linalg.svd(centered, full_matrices=False)
    return np.ascontiguousarray(Vt[: kept(values, part)].T, dtype=np.float32)


def seconds(call):
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def peak_bytes():
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--networks", type=int, default=200)
    parser.add_argument("--units", type=int, default=128)
    parser.add_argument("--samples", type=int, default=5000)
    parser.add_argument("--rank", type=float, default=0, help="variances decay as exp(-i / rank)")
    parser.add_argument("--variance", type=float, default=0.99)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=3, help="timed of the usual way, each round")
    parser.add_argument("--cached-pairs", type=int, default=60)
    arguments = parser.parse_args()

    rng = np.random.default_rng(0)
    shape = (arguments.units, arguments.samples)
    scales = np.exp(-np.arange(arguments.units) / arguments.rank) if arguments.rank else 1
    networks = []
    for _ in range(arguments.networks):
        X = rng.standard_normal(shape)
        if arguments.rank:
            X = np.linalg.qr(rng.standard_normal((arguments.units,) * 2))[0] @ (scales[:, None] * X)
        networks.append(np.ascontiguousarray(X.T))
    count = min(12, arguments.networks)
    data = [np.ascontiguousarray(X.T) for X in networks[:count]]
    prepare_cached, bases = seconds(lambda: [basis(X, arguments.variance) for X in data])
    some = [(i, j) for j in range(count) for i in range(j)]
    cached = [some[p % len(some)] for p in range(arguments.cached_pairs)]
    pairs = arguments.networks * (arguments.networks - 1) // 2
    plan = nc.plan_comparison([arguments.units] * arguments.networks, arguments.samples)
    print(f"{arguments.networks} networks, {pairs} pairs, components kept {bases[0].shape[1]}; "
          f"nullcline will use at most {plan.bytes / 1e9:.2f} GB beside the data")

    rows = networks[:count]
    few_pairs = count * (count - 1) // 2
    times = {"pair": [], "cached": [], "nullcline": [], "network": [], "whole": [], "cpu": []}
    before = peak_bytes()
    off = 0.0
    for _ in range(arguments.rounds):
        for i, j in some[: arguments.pairs]:
            took, usual = seconds(lambda: svcca_of_pair(data[i], data[j], arguments.variance))
            times["pair"].append(took)
            ours = nc.compare(rows[i], rows[j], variance=arguments.variance).score
            off = max(off, abs(usual - ours))
        took, _ = seconds(
            lambda: [np.linalg.svd(bases[i].T @ bases[j], compute_uv=False).mean() for i, j in cached]
        )
        times["cached"].append(took / len(cached))
        cpu = time.process_time()
        took, D = seconds(
            lambda: nc.compare_all(networks, variance=arguments.variance, threads=2)
        )
        times["cpu"].append(time.process_time() - cpu)
        times["whole"].append(took)
        few, _ = seconds(
            lambda: nc.compare_all(networks[:count], variance=arguments.variance, threads=2)
        )
        # took = networks a + pairs b, few = count a + few_pairs b
        a, b = np.linalg.solve([[arguments.networks, pairs], [count, few_pairs]], [took, few])
        times["nullcline"].append(b)
        times["network"].append(a)
    exact = max(
        abs(D[i, j] - nc.compare(networks[i], networks[j], variance=arguments.variance).distance)
        for i, j in some[:10]
    )
    pair, cached_pair, ours, network, whole, cpu = (float(np.median(times[name])) for name in times)
    cached_all = cached_pair + prepare_cached / count * arguments.networks / pairs
    print(f"usual, a pair           {1e3 * pair:9.3f} ms   from {arguments.pairs} pairs a round")
    print(f"cached bases, a pair    {1e3 * cached_pair:9.3f} ms   from {len(cached)} pairs a round; "
          f"{1e3 * cached_all:.3f} with the bases")
    print(f"nullcline, a pair       {1e3 * ours:9.3f} ms   from all {pairs} pairs; "
          f"{1e3 * network:.1f} ms a network")
    print(f"nullcline is {pair / ours:.0f} x the usual way and {cached_pair / ours:.2f} x cached bases "
          f"(spread of rounds {min(times['nullcline']) * 1e3:.3f} to {max(times['nullcline']) * 1e3:.3f} ms)")
    print(f"scores agree with the usual way to {off:.1e}, all pairs with compare to {exact:.1e}")
    print(f"all pairs of {arguments.networks} networks: {whole:.0f} s, {cpu:.0f} s of the CPU, "
          f"{1e3 * cpu / pairs:.3f} ms of it a pair with everything; the process grew by "
          f"{(peak_bytes() - before) / 1e9:.2f} GB")
    print(f"1,000 networks: {1000 * network + ours * 499500:.0f} s, "
          f"the usual way {pair * 499500 / 3600:.1f} h (extrapolated)")


if __name__ == "__main__":
    main()

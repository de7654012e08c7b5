# SPDX-License-Identifier: Apache-2.0
"""Exact tests for a few networks: is the median of these numbers zero, or that of two sets the
same?"""
from math import comb

import numpy as np


def sign_test(values):
    """Two-sided p-value of as many positive values or fewer negative ones, zeros left out."""
    positive, negative = sum(v > 0 for v in values), sum(v < 0 for v in values)
    n = positive + negative
    tail = sum(comb(n, k) for k in range(min(positive, negative) + 1)) / 2 ** n
    return min(1.0, 2 * tail)


def ranks(values):
    """1 .. n, ties at their mean rank."""
    return [sum(w < v for w in values) + (sum(w == v for w in values) + 1) / 2 for v in values]


def doubled(values):
    """Twice the ranks: whole numbers, ties too."""
    return [round(2 * rank) for rank in ranks(values)]


def subset_sums(numbers):
    """{(size, sum): how many subsets}, of whole numbers."""
    counts = {(0, 0): 1}
    for number in numbers:
        for (size, total), count in list(counts.items()):
            key = size + 1, total + number
            counts[key] = counts.get(key, 0) + count
    return counts


def spearman(first, second):
    """Rank correlation of pairs of numbers, ties at their mean rank."""
    return float(np.corrcoef(ranks(list(first)), ranks(list(second)))[0, 1])


def signed_rank(values):
    """(p, effect) of Wilcoxon's signed-rank test, two-sided, over all 2^n signs; zeros are left out
    [Wilcoxon 1945]. The effect is the matched-pairs rank-biserial correlation, -1 .. 1
    [Kerby 2014]."""
    values = [v for v in values if v != 0]
    if not values:
        return 1.0, 0.0
    sizes = doubled([abs(v) for v in values])
    found = sum(size if v > 0 else -size for size, v in zip(sizes, values))
    as_far = sum(count for (_, positive), count in subset_sums(sizes).items()
                 if abs(2 * positive - sum(sizes)) >= abs(found))
    return as_far / 2 ** len(values), found / sum(sizes)


def rank_sum(first, second):
    """(p, effect) of Wilcoxon's rank-sum test, two-sided, over all ways to deal the numbers to two
    sets of these sizes [Wilcoxon 1945]. The effect is the part of all pairs with the number of the
    first set above that of the second, less the part below."""
    first, second = list(first), list(second)
    if not first or not second:
        raise ValueError(f"{len(first)} and {len(second)} values; 1 or more each")
    places = doubled(first + second)
    middle = len(first) * (len(places) + 1)
    found = sum(places[:len(first)]) - middle
    as_far = sum(count for (size, total), count in subset_sums(places).items()
                 if size == len(first) and abs(total - middle) >= abs(found))
    return as_far / comb(len(places), len(first)), found / (len(first) * len(second))

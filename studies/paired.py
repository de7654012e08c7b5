# SPDX-License-Identifier: Apache-2.0
"""Exact tests for a few networks: is the median of these numbers zero, or that of two sets the
same?"""
from itertools import combinations, product
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


def spearman(first, second):
    """Rank correlation of pairs of numbers, ties at their mean rank."""
    return float(np.corrcoef(ranks(list(first)), ranks(list(second)))[0, 1])


def signed_rank(values):
    """(p, effect) of Wilcoxon's signed-rank test, two-sided, over all 2^n signs; zeros are left out
    [Wilcoxon 1945]. The effect is the matched-pairs rank-biserial correlation, -1 .. 1
    [Kerby 2014]. At most 16 values that are not zero."""
    values = [v for v in values if v != 0]
    if len(values) > 16:
        raise ValueError(f"{len(values)} values; 2^n signs are for 16 at most")
    if not values:
        return 1.0, 0.0
    sizes = ranks([abs(v) for v in values])
    def balance(signs):
        return sum(size if sign else -size for size, sign in zip(sizes, signs))
    found = balance([v > 0 for v in values])
    as_far = sum(abs(balance(signs)) >= abs(found) - 1e-9
                 for signs in product((False, True), repeat=len(values)))
    return as_far / 2 ** len(values), found / sum(sizes)


def rank_sum(first, second):
    """(p, effect) of Wilcoxon's rank-sum test, two-sided, over all ways to deal the numbers to two
    sets of these sizes [Wilcoxon 1945]. The effect is the part of all pairs with the number of the
    first set above that of the second, less the part below. At most 20 numbers."""
    first, second = list(first), list(second)
    if not first or not second or len(first) + len(second) > 20:
        raise ValueError(f"{len(first)} and {len(second)} values; 1 or more each, 20 at most")
    places = ranks(first + second)
    middle = len(first) * (len(places) + 1) / 2
    found = sum(places[:len(first)]) - middle
    sums = [sum(dealt) for dealt in combinations(places, len(first))]
    as_far = sum(abs(each - middle) >= abs(found) - 1e-9 for each in sums)
    return as_far / len(sums), 2 * found / (len(first) * len(second))

# SPDX-License-Identifier: Apache-2.0
"""The exact tests of studies/paired.py against published critical values, and against counting."""

import sys
from itertools import combinations, product
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "studies"))
from paired import rank_sum, ranks, signed_rank  # noqa: E402


# The greatest U of two sets of n with p <= 0.05, two-sided, in the tables of Mann and Whitney's test.
@pytest.mark.parametrize("n, critical", [(5, 2), (10, 23), (20, 127)])
def test_the_rank_sum_has_the_critical_values_of_the_tables(n, critical):
    def p(u):
        """Of a first set that exceeds the second in u of the n^2 pairs."""
        above, rest = divmod(u, n)
        first = [*range(-n, -above - 1), rest + 0.5, *range(n + 1, n + 1 + above)]
        assert len(first) == n
        return rank_sum(first, range(1, n + 1))[0]

    assert p(critical) <= 0.05 < p(critical + 1)


# The greatest sum of the ranks of one sign with p <= 0.05, two-sided, in the tables of Wilcoxon's.
@pytest.mark.parametrize("n, negative, more", [
    (10, {8}, {9}), (20, {20, 19, 13}, {20, 19, 14}), (25, {25, 24, 23, 17}, {25, 24, 23, 18})])
def test_the_signed_rank_has_the_critical_values_of_the_tables(n, negative, more):
    def p(below):
        return signed_rank([-v if v in below else v for v in range(1, n + 1)])[0]

    assert p(negative) <= 0.05 < p(more)


def test_ties_are_counted_as_they_are():
    first, second = [1, 2, 2, 5], [2, 3, 5, 5, 7]
    places = ranks(first + second)
    middle = 4 * 10 / 2
    dealt = [abs(sum(some) - middle) for some in combinations(places, 4)]
    found = sum(places[:4]) - middle
    p, effect = rank_sum(first, second)
    assert p == sum(d >= abs(found) for d in dealt) / len(dealt)
    assert effect == pytest.approx((2 - 14) / 20)  # pairs above, below; four are even
    values = [1, 1, -2, 2, 3, 0]
    sizes = ranks([1, 1, 2, 2, 3])
    sums = [sum(s * size for s, size in zip(signs, sizes)) for signs in product((-1, 1), repeat=5)]
    found = sum(size if v > 0 else -size for v, size in zip(values, sizes))
    assert signed_rank(values) == (sum(abs(s) >= found for s in sums) / 32, found / sum(sizes))

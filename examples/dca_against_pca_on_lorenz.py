# SPDX-License-Identifier: Apache-2.0
"""What predicts is not what varies: DCA and PCA on a Lorenz system under noise.

The experiment of Clark, Livezey & Bouchard 2019 (arXiv:1905.09944): a three-dimensional chaotic
system in 30 units under noise without memory, whose variance falls off over space. Where noise is
strong, the directions of largest variance are the noise's; those that predict the future are still
the system's. Prints the error of both at each ratio of signal to noise and, given a path, draws it.

    python3 dca_against_pca_on_lorenz.py [dca_lorenz.svg]
"""

import sys

import numpy as np

import nullcline as nc

UNITS, SAMPLES, STEP = 30, 8000, 0.025
RATIOS = np.geomspace(0.003, 10, 10)  # of the largest variance of the signal to that of the noise


def lorenz():
    """(SAMPLES, 3), each coordinate of mean 0 and variance 1, by RK4 in five steps a sample."""

    def field(s):
        x, y, z = s
        return np.array([10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z])

    h, s, path = STEP / 5, np.ones(3), []
    for sample in range(SAMPLES + 1000):
        for _ in range(5):
            a = field(s)
            b = field(s + h / 2 * a)
            c = field(s + h / 2 * b)
            s = s + h / 6 * (a + 2 * b + 2 * c + field(s + h * c))
        path.append(s)
    path = np.array(path[1000:])
    return (path - path.mean(axis=0)) / path.std(axis=0)


def rotation(random):
    return np.linalg.qr(random.normal(size=(UNITS, UNITS)))[0]


def subspace_error(V, E):
    """Mean squared sine of the principal angles: 0 the same space, 1 a space at right angles."""
    return np.mean(np.sin(nc.subspace_angles(V, E, samples=1).angles) ** 2)


random = np.random.default_rng(0)
signal = lorenz()
E = rotation(random)[:, :3]
strongest = np.linalg.eigvalsh(np.cov(signal.T))[-1]
spectrum = np.exp(-2 * np.arange(UNITS) / 7)
noise = random.normal(size=(SAMPLES, UNITS)) * np.sqrt(spectrum) @ rotation(random).T

table = []
print("signal / noise     PCA     DCA   DCA, where it shows")
for ratio in RATIOS:
    X = signal @ E.T + np.sqrt(strongest / ratio) * noise
    dca = nc.dca(X, dim=3, window=4, starts=2, exchanges=0)
    V = dca.projection  # filters: y = V'x; y shows in x in the space of C(0) V
    row = [nc.pca(X, 3).basis, V, np.cov(X.T) @ V]
    table.append([subspace_error(U, E) for U in row])
    print(f"{ratio:14.3f}  " + "  ".join(f"{error:6.3f}" for error in table[-1]))


def draw(path, table):
    """A figure without any package: errors against the ratio, on a logarithmic axis."""
    left, top, width, height = 62, 16, 380, 220
    x = left + width * np.log(RATIOS / RATIOS[0]) / np.log(RATIOS[-1] / RATIOS[0])
    y = top + height * (1 - np.array(table))
    text = '<text x="{:.0f}" y="{:.0f}" text-anchor="{}"{}>{}</text>'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 150} {top + height + 50}" '
        'font-family="sans-serif" font-size="12" fill="#444">',
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="#fff" stroke="#999"/>',
        text.format(left + width / 2, top + height + 38, "middle", "", "signal / noise (largest variances)"),
        text.format(16, top + height / 2, "middle", f' transform="rotate(-90 16 {top + height / 2})"',
                    "subspace error"),
    ]
    for tick in (0.01, 0.1, 1, 10):
        at = left + width * np.log(tick / RATIOS[0]) / np.log(RATIOS[-1] / RATIOS[0])
        parts.append(f'<path d="M{at:.1f} {top + height}v5" stroke="#999"/>')
        parts.append(text.format(at, top + height + 18, "middle", "", tick))
    for tick in (0, 0.5, 1):
        parts.append(text.format(left - 7, top + height * (1 - tick) + 4, "end", "", tick))
    curves = [("PCA", "#8a8a8a"), ("DCA: filters V", "#0f6fb5"), ("DCA: C(0) V", "#c4520f")]
    for k, (name, color) in enumerate(curves):
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y[:, k]))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{color}"/>' for a, b in zip(x, y[:, k])]
        parts.append(f'<path d="M{left + width + 12} {top + 12 + 20 * k}h20" stroke="{color}" stroke-width="2"/>')
        parts.append(text.format(left + width + 38, top + 16 + 20 * k, "start", "", name))
    with open(path, "w") as file:
        file.write("\n".join([*parts, "</svg>\n"]))


if len(sys.argv) > 1:
    draw(sys.argv[1], table)

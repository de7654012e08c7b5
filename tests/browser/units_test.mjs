// SPDX-License-Identifier: Apache-2.0
// node units_test.mjs WEB/src: what the page computes itself, against closed forms.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import test from 'node:test';

const esbuild = createRequire(join(process.env.NODE_PATH, 'page.js'))('esbuild');
const source = process.argv[2];

async function load(file) {
  const { outputFiles } = esbuild.buildSync({
    entryPoints: [join(source, file)],
    bundle: true,
    write: false,
    format: 'esm',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
}

const { spectrum } = await load('modes.ts');
const { extent, quantile, ranks, rankCorrelation, standardError } = await load('statistics.ts');
const { zeroContour } = await load('contour.ts');
const { mix } = await load('color.ts');
const { format, enumerate, logarithmicMarks } = await load('text.ts');
const { decode } = await load('array.ts');
const { parse } = await load('document.ts');

const { arcLength, ellipse, normalized } = await load('gridlines.ts');
const { colorAt } = await load('color.ts');
const { edges } = await load('heatmap.ts');

const near = (a, b) => assert.ok(Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(b)), `${a} is not ${b}`);

test('a damped rotation has its time constant in seconds and its frequency in hertz', () => {
  const [dt, tau, hertz] = [0.01, 0.25, 4];
  const modulus = Math.exp(-dt / tau);
  const angle = 2 * Math.PI * hertz * dt;
  const [mode] = spectrum([modulus * Math.cos(angle)], [modulus * Math.sin(angle)], dt);
  near(mode.decay, tau);
  near(mode.frequency, hertz);
});

test('growth has a negative time constant, and modes come slowest first', () => {
  const modes = spectrum([0.5, 1.1, -0.9], [0, 0, 0], 0.01);
  assert.deepEqual(modes.map((mode) => mode.real), [1.1, -0.9, 0.5]);
  assert.ok(modes[0].decay < 0);
  near(modes[1].frequency, 50); // a sign change every step is half the sampling rate
});

test('extents leave out what is not finite', () => {
  assert.deepEqual(extent([3, NaN, -1, Infinity]), [-1, 3]);
});

test('quantiles interpolate and ignore what is not a number', () => {
  assert.equal(quantile([3, NaN, 1, 2, 4], 0.5), 2.5);
  assert.ok(Number.isNaN(quantile([], 0.5)));
});

test('the standard error of a mean, which one number has not', () => {
  near(standardError([1, 2, 3, 4]), Math.sqrt(5 / 3 / 4));
  assert.ok(Number.isNaN(standardError([1])));
});

test('the zero contour of a plane is its line, on a grid of any spacing', () => {
  const [x, y] = [[0, 1, 3, 4], [-1, 0.5, 2]];
  const plane = (a, b) => a + 2 * b - 3;
  const pieces = zeroContour(x, y, y.map((b) => x.map((a) => plane(a, b))));
  for (const [x0, y0, x1, y1] of pieces) {
    assert.ok(Math.abs(plane(x0, y0)) < 1e-12 && Math.abs(plane(x1, y1)) < 1e-12);
  }
  // From (0, 1.5) down to (4, -0.5), whole.
  const length = pieces.reduce((sum, [x0, y0, x1, y1]) => sum + Math.hypot(x1 - x0, y1 - y0), 0);
  near(length, Math.hypot(4, 2));
});

test('a saddle joins what its middle says, and a gap has no line', () => {
  const square = (corner) => zeroContour([0, 1], [0, 1], [[corner, -1], [-1, corner]]);
  assert.deepEqual(square(3), [[0.75, 0, 1, 0.25], [0.25, 1, 0, 0.75]]);
  assert.deepEqual(square(0.5).map(([x0, y0]) => x0 + y0 < 0.67), [true, false]);
  assert.deepEqual(square(NaN), []);
  assert.deepEqual(zeroContour([0, 1], [0, 1], [[1, 1], [1, 1]]), []);
});

test('colors mix in each channel', () => {
  assert.equal(mix('#000000', '#ff8001', 0), '#000000');
  assert.equal(mix('#000000', '#ff8001', 1), '#ff8001');
  assert.equal(mix('#102030', '#304050', 0.5), '#203040');
});

test('ties share their mean rank, and order reversed correlates by -1', () => {
  assert.deepEqual(ranks([10, 20, 10, 30]), [1.5, 3, 1.5, 4]);
  near(rankCorrelation([1, 2, 3, 4], [9, 7, 5, 1]), -1);
});

test('numbers read well at every size', () => {
  assert.equal(format(0), '0');
  assert.equal(format(-0.0123), '−0.0123');
  assert.equal(format(1.5e-13, 2), '1.5\u00a0×\u00a010⁻¹³');
  assert.equal(format(123456.7), '1.23\u00a0×\u00a010⁵');
  assert.equal(format(0.99961), '1.00');
  assert.equal(format(0.001), '0.001');
  assert.equal(format(4.5e-4), '4.5\u00a0×\u00a010⁻⁴');
  assert.equal(format(NaN), '–');
  assert.equal(format(-Infinity), '−∞');
  assert.equal(enumerate(['a', 'b', 'c']), 'a, b and c');
});

test('arrays decode in C order with not-a-number and infinity intact', () => {
  const bytes = Buffer.alloc(24);
  [1, 2, NaN, -Infinity, 5, 6].forEach((value, i) => bytes.writeFloatLE(value, 4 * i));
  const array = decode({ shape: [2, 3], dtype: 'f4', data: bytes.toString('base64') });
  assert.deepEqual(array.row(1), [-Infinity, 5, 6]);
  assert.ok(Number.isNaN(array.at(0, 2)));
  assert.throws(() => decode({ shape: [7], dtype: 'f4', data: bytes.toString('base64') }), RangeError);
});

test('numbers that JSON does not have come back', () => {
  const page = parse('{"study":{"a":{"number":"nan"},"b":[{"number":"-inf"}]},"groups":[]}');
  assert.ok(Number.isNaN(page.study.a));
  assert.equal(page.study.b[0], -Infinity);
});

test('arc length of a linear speed is exact, from the center both ways', () => {
  const places = [-2, -1, 0, 1, 2];
  const length = arcLength(places, places.map((x) => 3 + x), 2); // the integral of 3 + x: 3 x + x^2 / 2
  places.forEach((x, i) => near(length[i], 3 * x + (x * x) / 2));
});

test('relative arc length ends where the inputs do, each half by itself', () => {
  const length = normalized([-10, -4, 0, 1, 8], [-0.2, -0.1, 0, 0.1, 0.2], 2);
  [-0.2, -0.08, 0, 0.025, 0.2].forEach((value, i) => near(length[i], value));
  near(normalized([0, 3, 6], [0, 1, 4], 0)[1], 2); // around a circle there is one half
});

test('the ellipse of a metric is long where it stretches', () => {
  const angle = 0.4; // a rotation of diag(9, 4)
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const { x, y } = ellipse(9 * c * c + 4 * s * s, 5 * c * s, 9 * s * s + 4 * c * c, Math.sqrt, 361);
  near(x[0], 3 * c);
  near(y[0], 3 * s);
  near(x[90], -2 * s);
  near(y[90], 2 * c);
});

test('colors lie between their steps, and beyond the ends are those of the ends', () => {
  const scale = [[0, '#000000'], [0.5, '#0000ff'], [1, '#ffffff']];
  assert.equal(colorAt(scale, 0.25), '#000080');
  assert.equal(colorAt(scale, 0.5), '#0000ff');
  assert.equal(colorAt(scale, -3), '#000000');
  assert.equal(colorAt(scale, 3), '#ffffff');
});

test('cells of a map meet half-way', () => {
  assert.deepEqual(edges([0, 1, 3]), [-0.5, 0.5, 2, 4]);
});

test('marks of a logarithmic scale are whole powers, or fine, and never the same twice', () => {
  assert.deepEqual(logarithmicMarks(0.08, 6).values, [0.1, 0.2, 0.5, 1, 2, 5]);
  assert.deepEqual(logarithmicMarks(2e-5, 200).texts, ['10⁻⁴', '0.01', '1', '100']);
  const narrow = logarithmicMarks(9.8, 10.1);
  assert.equal(new Set(narrow.texts).size, 4);
  near(narrow.values[3], 10.1);
});

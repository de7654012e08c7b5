// SPDX-License-Identifier: Apache-2.0
import { mix } from '../color';
import { zeroContour } from '../contour';
import { asNumber, having, result, type Group, type JsonObject } from '../document';
import type { Frame } from '../frame';
import { heatMap } from '../heatmap';
import type { Key } from '../legend';
import { axis, type Trace } from '../plot';
import { extent, mean, standardError } from '../statistics';
import { count, enumerate, format, label } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

register({
  id: 'lyapunov_noise',
  title: 'Input and the stable phase',
  caption:
    'The largest Lyapunov exponent of networks under white noise on their inputs, by the gain of their weights and the ' +
    'standard deviation of the noise: below zero the input alone decides where orbits go, above zero they part. Where ' +
    'gains differ, the line through the map is where the mean over networks is zero, linear between the middles of the ' +
    'cells; it goes to larger gains where input widens the stable phase. Bars are standard errors: of the mean over ' +
    'networks, or of the estimate itself where there is one network. Crosses are means within three of them of zero. ' +
    'The amplitudes are choices of ours.',
  needs: ['lyapunov'],
  across: true,
  applies: (group) => series(group).length > 0,
  draw(frame, group, theme) {
    const all = series(group);
    const names = all.map((one, i): [string, string] => [String(i), one.name]);
    const one = all[Number(all.length > 1 ? frame.choice('series', 'Networks', names) : 0)];
    if (one.gains.length > 1) drawMap(frame, one, theme);
    drawLines(frame, one, theme);
    frame.legend(keys(one, theme));
    frame.note(inWords(one));
  },
});

/** The networks of one gain under one noise. */
interface Cell {
  gain: number;
  noise: number;
  exponent: number;
  error: number;
  networks: number;
  range: [low: number, high: number];
}

/** Populations that differ in nothing but the gain of their weights. */
interface Series {
  name: string;
  gains: number[];
  noises: number[];
  cells: Cell[];
}

/** By task and settings of the cell but its gain; a cell without a gain stands for itself. */
function series(group: Group): Series[] {
  const alike = new Map<string, Group[]>();
  for (const population of group.populations ?? []) {
    if (!having(population, 'lyapunov').some((network) => result(network, 'lyapunov').has('noise'))) continue;
    const { gain, ...rest } = (population.task.cell ?? {}) as JsonObject;
    const key = JSON.stringify([population.task.name, population.task.settings, rest, gain === undefined ? population.name : '']);
    alike.set(key, [...(alike.get(key) ?? []), population]);
  }
  const all = Array.from(alike.values(), (populations) => ({ populations, cells: cells(populations) }));
  const distinct = (values: number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
  return all
    .map(({ populations, cells }) => ({
      name: nameOf(populations, all.map((other) => other.populations)),
      gains: distinct(cells.map(({ gain }) => gain)),
      noises: distinct(cells.map(({ noise }) => noise)),
      cells,
    }))
    .filter(({ noises }) => noises.length > 1);
}

const gainOf = (population: Group): number => asNumber((population.task.cell as JsonObject | undefined)?.gain);
const unitsOf = (population: Group): number => asNumber((population.task.cell as JsonObject | undefined)?.units);

/** "16 units" where that tells populations of many gains apart. */
function nameOf(populations: Group[], all: Group[][]): string {
  if (populations.length === 1) return label(populations[0].name);
  const units = unitsOf(populations[0]);
  const isAlone = all.filter(([other]) => unitsOf(other) === units).length === 1;
  return isAlone && !Number.isNaN(units) ? count(units, 'unit') : `${label(populations[0].name)} and like it`;
}

function cells(populations: Group[]): Cell[] {
  const samples = new Map<string, { gain: number; noise: number; values: number[]; errors: number[] }>();
  for (const population of populations) {
    for (const network of having(population, 'lyapunov')) {
      const found = result(network, 'lyapunov');
      if (!found.has('noise')) continue;
      found.array('noise').list().forEach((noise, a) => {
        const gain = gainOf(population);
        const key = `${gain} ${noise}`;
        const cell = samples.get(key) ?? { gain, noise, values: [], errors: [] };
        const value = found.array('driven_exponent').at(a);
        if (Number.isFinite(value)) {
          cell.values.push(value);
          cell.errors.push(found.array('driven_error').at(a));
        }
        samples.set(key, cell);
      });
    }
  }
  return [...samples.values()].filter(({ values }) => values.length > 0).map(({ gain, noise, values, errors }) => ({
    gain, noise, exponent: mean(values), error: values.length > 1 ? standardError(values) : errors[0],
    networks: values.length, range: extent(values),
  }));
}

const isNearZero = (cell: Cell): boolean => Math.abs(cell.exponent) <= 3 * cell.error;

function describe(cell: Cell): string {
  const spread = cell.networks > 1 ? `, ${format(cell.range[0])} to ${format(cell.range[1])}` : '';
  return [
    `${Number.isNaN(cell.gain) ? '' : `gain ${format(cell.gain)}, `}noise ${format(cell.noise)}`,
    `λ(1) = ${format(cell.exponent)} ± ${format(cell.error, 2)} 1/s`,
    `${count(cell.networks, 'network')}${spread}`,
  ].join('<br>');
}

function drawMap(frame: Frame, one: Series, theme: Theme): void {
  const most = Math.max(...one.cells.map(({ exponent }) => Math.abs(exponent)));
  const rows = one.noises.map((noise) => one.gains.map((gain) => one.cells.find((cell) => cell.gain === gain && cell.noise === noise)));
  const values = rows.map((row) => row.map((cell) => cell?.exponent ?? NaN));
  const line = zeroContour(one.gains, one.noises, values);
  const near = one.cells.filter(isNearZero);
  frame.plot({
    title: 'Gain and noise',
    description: 'The mean largest Lyapunov exponent by gain and input noise, as colored cells, with the line where it is zero',
    height: 380,
    traces: [
      ...heatMap({
        x: one.gains, y: one.noises, z: values, low: -most, high: most,
        scale: [[0, theme.blue], [0.5, theme.paper], [1, theme.red]],
        title: 'λ(1)', marks: { title: { text: 'λ(1) (1/s)', side: 'right' } },
        hover: (i, j) => {
          const cell = rows[i][j];
          return cell ? describe(cell) : '';
        },
      }),
      {
        type: 'scatter', mode: 'markers', hoverinfo: 'skip', x: near.map(({ gain }) => gain), y: near.map(({ noise }) => noise),
        marker: { symbol: 'x', size: 7, color: theme.muted },
      },
      {
        type: 'scatter', mode: 'lines', hoverinfo: 'skip', line: { color: theme.text, width: 2.5 },
        x: line.flatMap(([x0, , x1]) => [x0, x1, null]), y: line.flatMap(([, y0, , y1]) => [y0, y1, null]),
      },
    ],
    layout: {
      hoverdistance: 60,
      xaxis: axis('Gain of the weights', theme, { showgrid: false, tickmode: 'array', tickvals: one.gains }),
      yaxis: axis('Input noise (sd a step)', theme, { showgrid: false, tickmode: 'array', tickvals: one.noises }),
    },
  });
}

/** Gains have an order, and so have their colors. */
const gainColor = (one: Series, gain: number, theme: Theme): string =>
  mix(theme.blue, theme.red, one.gains.length > 1 ? one.gains.findIndex((g) => Object.is(g, gain)) / (one.gains.length - 1) : 0);

function drawLines(frame: Frame, one: Series, theme: Theme): void {
  const [low, high] = extent(one.noises);
  const lines = one.gains.map((gain): Trace => {
    const own = one.cells.filter((cell) => Object.is(cell.gain, gain)).sort((a, b) => a.noise - b.noise);
    const color = gainColor(one, gain, theme);
    return {
      type: 'scatter', mode: 'lines+markers', x: own.map(({ noise }) => noise), y: own.map(({ exponent }) => exponent),
      line: { color, width: 1.5 }, marker: { color, size: 6 },
      error_y: { type: 'data', array: own.map(({ error }) => error), color, thickness: 1.5, width: 4 },
      text: own.map(describe),
      hovertemplate: '%{text}<extra></extra>',
    };
  });
  frame.plot({
    title: 'Against the noise',
    description: 'The mean largest Lyapunov exponent against input noise, a line with error bars for each gain',
    height: 380,
    traces: [
      { type: 'scatter', mode: 'lines', hoverinfo: 'skip', x: [low, high], y: [0, 0], line: { color: theme.muted, width: 1.5, dash: 'dash' } },
      ...lines,
    ],
    layout: { xaxis: axis('Input noise (sd a step)', theme, { tickmode: 'array', tickvals: one.noises }), yaxis: axis('Largest exponent (1/s)', theme) },
  });
}

function keys(one: Series, theme: Theme): Key[] {
  const isMap = one.gains.length > 1;
  return [
    ...(isMap
      ? [
          { text: 'mean exponent zero', color: theme.text, line: 'solid' as const, width: 2.5 },
          { text: 'within three standard errors of zero', color: theme.muted, symbol: 'x' },
          ...one.gains.map((gain): Key => ({
            text: `gain ${format(gain)}`, color: gainColor(one, gain, theme), line: 'solid', symbol: 'circle', width: 1.5,
          })),
        ]
      : []),
    { text: 'zero', color: theme.muted, line: 'dash', width: 1.5 },
  ];
}

function inWords(one: Series): string {
  const [low, high] = [one.noises[0], one.noises[one.noises.length - 1]];
  const stable = (noise: number): string => {
    const gains = one.cells.filter((cell) => cell.noise === noise && cell.exponent < 0 && !isNearZero(cell)).map(({ gain }) => gain);
    if (one.gains.length === 1) return gains.length > 0 ? 'yes' : 'no';
    return gains.length > 0 ? `gain ${enumerate(gains.sort((a, b) => a - b).map((gain) => format(gain)))}` : 'no gain';
  };
  return (
    `${one.name}. Mean exponent more than three standard errors below zero: at noise ${format(low)}, ${stable(low)}; ` +
    `at noise ${format(high)}, ${stable(high)}. Above zero: ${one.cells.filter(({ exponent }) => exponent > 0).length} of ` +
    `${count(one.cells.length, 'mean')}, ${one.cells.filter((cell) => cell.exponent > 0 && !isNearZero(cell)).length} by more than that.`
  );
}

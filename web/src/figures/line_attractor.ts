// SPDX-License-Identifier: Apache-2.0
import { having, result, type Result } from '../document';
import type { Frame } from '../frame';
import type { Key } from '../legend';
import { axis, type Trace } from '../plot';
import { drawSpace, noteFlat, scale, type Point3 } from '../space';
import { count, enumerate, format, label, percent, plain } from '../text';
import { stability, type Theme } from '../theme';
import { register } from './registry';

register({
  id: 'line_attractor',
  title: 'Line attractors',
  caption:
    'States of trials after some steps at a constant input, where only what is slow is left of them, in their own first ' +
    'principal components. Where they are a line, they are colored by their place along it. Beside them the output along ' +
    'the line, which a line that stores a number spreads out. Below, how fast the linear dynamics at places along the line ' +
    'forget: the slow mode along it, and the next one, which is quick where the line attracts (line attractors of networks ' +
    'trained on sentiment, Maheswaranathan et al. 2019); and the drift along it, whose zeros are the true fixed points that ' +
    'a line has which is not quite continuous. When a set of states counts as a line is a choice of ours.',
  needs: ['line_attractor'],
  applies: (group) => having(group, 'line_attractor').length > 0,
  draw(frame, _group, theme) {
    const found = result(frame.network('line_attractor'), 'line_attractor');
    const inputs = found.texts('inputs').map((name, i): [string, string] => [String(i), `${name}: ${verdict(found, i)}`]);
    if (inputs.length === 0) {
      frame.note('No states relaxed: the task has no steady input.');
      return;
    }
    const input = Number(frame.choice('input', 'Input', inputs));
    const names = found.texts('output_names');
    const output = names.length > 1 ? Number(frame.choice('output', 'Output', names.map((name, i) => [String(i), name]))) : 0;
    const states = statesAt(found, input);
    drawStates(frame, found, states, theme);
    if (states.line.length > 0) drawOutput(frame, found, states, input, output, theme);
    const isTimed = drawTimes(frame, found, input, theme);
    if (states.line.length > 0) drawDrift(frame, found, input, theme);
    frame.legend([...keys(found, states, input, theme), ...(isTimed ? modeKeys(theme) : [])]);
    noteFlat(frame);
    frame.note(inWords(found, input));
  },
});

function verdict(found: Result, input: number): string {
  return (found.texts('verdicts')[found.array('verdict').at(input)] ?? 'unknown').replace(/_/g, ' ');
}

/** Rows of the relaxed states at one input: along the line, and beside it. */
interface States {
  line: number[];
  beside: number[];
}

function statesAt(found: Result, input: number): States {
  const theta = found.array('theta').list();
  const own = found.array('input_index').list().flatMap((index, p) => (index === input ? [p] : []));
  return {
    line: own.filter((p) => !Number.isNaN(theta[p])).sort((p, q) => theta[p] - theta[q]),
    beside: own.filter((p) => Number.isNaN(theta[p])),
  };
}

function drawStates(frame: Frame, found: Result, states: States, theme: Theme): void {
  const coordinates = found.array('coordinates');
  const at = (rows: number[]): Point3 => {
    const [x, y, z] = [0, 1, 2].map((d) => rows.map((p) => coordinates.at(p, d)));
    return [x, y, z];
  };
  const theta = states.line.map((p) => found.array('theta').at(p));
  const text = states.line.map((p, m) => plain(`place ${format(theta[m])}, speed ${format(found.array('speed').at(p), 2)} 1/s`));
  drawSpace(
    frame,
    {
      title: 'Relaxed states',
      axes: ['PC 1', 'PC 2', 'PC 3'],
      paths: [],
      points: [
        { at: at(states.beside), name: 'beside a line', color: theme.untrained, symbol: 'circle', size: 7 },
        { at: at(states.line), name: 'on the line', color: theme.text, symbol: 'circle', size: 9, text, values: theta, low: -1, high: 1 },
      ].filter((points) => points.at[0].length > 0),
      description: `Relaxed states in three principal components, ${states.line.length} of them on a line`,
    },
    theme,
  );
}

interface Turn {
  place: number;
  isStable: boolean;
  time: number;
}

function turnsAt(found: Result, input: number): Turn[] {
  const zeros = found.array('zeros');
  return Array.from({ length: zeros.shape[0] }, (_, z) => zeros.row(z))
    .filter(([index]) => index === input)
    .map(([, place, isStable, time]) => ({ place, isStable: isStable > 0, time }));
}

/** From its beginning, in units of the state. */
const arclength = (found: Result, input: number, theta: number): number => ((theta + 1) / 2) * found.array('length').at(input);

function drawOutput(frame: Frame, found: Result, states: States, input: number, output: number, theme: Theme): void {
  const theta = states.line.map((p) => found.array('theta').at(p));
  const y = states.line.map((p) => found.array('output').at(p, output));
  const name = label(found.texts('output_names')[output] ?? 'output');
  frame.plot({
    title: 'Output along the line',
    description: `${name} against arclength along the line`,
    height: 370,
    traces: [
      {
        type: 'scatter', mode: 'markers', x: theta.map((place) => arclength(found, input, place)), y,
        marker: { size: 6, color: theta, colorscale: scale(theme), cmin: -1, cmax: 1, line: { width: 0.5, color: theme.muted } },
        hovertemplate: 'arclength %{x:.3g}<br>%{y:.4g}<extra></extra>',
      },
    ],
    layout: { xaxis: axis('Arclength (units of the state)', theme), yaxis: axis(plain(name), theme) },
  });
}

/** 1 / |ln |lambda|| of the slow mode and the next one; one that grows is open. False where there is none. */
function drawTimes(frame: Frame, found: Result, input: number, theme: Theme): boolean {
  const places = found.array('place').row(input).filter((place) => !Number.isNaN(place));
  if (places.length === 0) return false;
  const dt = found.number('dt');
  const at = (name: string): number[] => found.array(name).row(input);
  const isLine = found.array('length').at(input) > 0;
  const x = isLine ? places.map((place) => arclength(found, input, place)) : places.map((_, s) => s + 1);
  const modes = [
    { name: 'slow mode', color: theme.trained, moduli: at('leading_real').map((re, s) => Math.hypot(re, at('leading_imag')[s])) },
    { name: 'next mode', color: theme.change, moduli: at('second_modulus') },
  ];
  frame.plot({
    title: isLine ? 'Time constants along it' : 'Time constants at some of them',
    description: 'Time constants of the slowest two modes at places along the line',
    height: 370,
    traces: modes.map(({ name, color, moduli }): Trace => {
      const shown = moduli.slice(0, places.length);
      return {
        type: 'scatter', mode: 'lines+markers', x, y: shown.map((modulus) => (modulus > 0 ? dt / Math.abs(Math.log(modulus)) : null)),
        line: { color, width: 1 },
        marker: { color, size: 7, symbol: shown.map((modulus) => (modulus > 1 ? 'circle-open' : 'circle')), line: { width: 2, color } },
        text: shown.map((modulus) => (modulus > 1 ? 'grows' : 'decays')),
        hovertemplate: `${name} %{text} with %{y:.3g} s<br>at %{x:.3g}<extra></extra>`,
      };
    }),
    layout: {
      xaxis: axis(isLine ? 'Arclength (units of the state)' : 'Number of the state', theme),
      yaxis: axis('Time constant (s)', theme, { type: 'log' }),
    },
  });
  return true;
}

/** Velocity along the line, towards its end where positive, and the places where it changes its sign. */
function drawDrift(frame: Frame, found: Result, input: number, theme: Theme): void {
  const places = found.array('drift_place').row(input).filter((place) => !Number.isNaN(place));
  const turns = turnsAt(found, input);
  const at = (place: number): number => arclength(found, input, place);
  const marks = [true, false].map((isStable): Trace => {
    const those = turns.filter((turn) => turn.isStable === isStable);
    const mark = stability(theme)[isStable ? 0 : 1];
    return {
      type: 'scatter', mode: 'markers', x: those.map(({ place }) => at(place)), y: those.map(() => 0),
      marker: { symbol: mark.symbol, color: mark.color, size: 11, line: { width: 1, color: theme.paper } },
      text: those.map(({ time }) => `drift ${isStable ? 'to' : 'away from'} here, time constant ${format(time)} s`),
      hovertemplate: '%{text}<br>arclength %{x:.3g}<extra></extra>',
    };
  });
  frame.plot({
    title: 'Drift along it',
    description: 'Velocity along the line against arclength, and where it is zero',
    height: 370,
    traces: [
      { type: 'scatter', mode: 'lines', hoverinfo: 'skip', x: [at(-1), at(1)], y: [0, 0], line: { color: theme.muted, width: 1.5, dash: 'dash' } },
      {
        type: 'scatter', mode: 'lines', x: places.map(at), y: found.array('drift').row(input).slice(0, places.length),
        line: { color: theme.trained, width: 2 }, hovertemplate: '%{y:.3g} a second<br>arclength %{x:.3g}<extra></extra>',
      },
      ...marks,
    ],
    layout: {
      xaxis: axis('Arclength (units of the state)', theme),
      yaxis: axis('Drift to the end (units of the state / s)', theme),
    },
  });
}

function keys(found: Result, states: States, input: number, theme: Theme): Key[] {
  const turns = turnsAt(found, input);
  const [first, middle, last] = theme.sequence;
  const [stable, saddle] = stability(theme);
  const onLine: Key[] = [
    { text: 'beginning of the line (−1)', color: first, symbol: 'circle' },
    { text: 'middle', color: middle, symbol: 'circle' },
    { text: 'end (1)', color: last, symbol: 'circle' },
  ];
  return [
    ...(states.line.length > 0 ? onLine : []),
    ...(states.beside.length > 0 ? [{ text: states.line.length > 0 ? 'beside it' : 'relaxed states', color: theme.untrained, symbol: 'circle' }] : []),
    ...(turns.some(({ isStable }) => isStable) ? [{ ...stable, text: 'drift points here' }] : []),
    ...(turns.some(({ isStable }) => !isStable) ? [{ ...saddle, text: 'drift points away' }] : []),
  ];
}

const modeKeys = (theme: Theme): Key[] => [
  { text: 'slow mode', color: theme.trained, line: 'solid', symbol: 'circle', width: 1 },
  { text: 'next mode', color: theme.change, line: 'solid', symbol: 'circle', width: 1 },
  { text: 'a mode that grows', color: theme.trained, symbol: 'circle-open' },
];

function inWords(found: Result, input: number): string {
  const at = (name: string): number => found.array(name).at(input);
  const turns = turnsAt(found, input);
  const names = found.texts('input_names');
  const alignments = found.array('input_alignments');
  const inputs = names.slice(0, alignments.shape[1] ?? 0).map((name, i) => `${name} ${format(alignments.at(input, i), 2)}`);
  const parts = [
    `Input “${found.texts('inputs')[input]}”: ${verdict(found, input)}${at('closed') > 0 ? ', closed' : ''}. ` +
      `${count(at('distinct'), 'distinct state')}, ${percent(at('chain_fraction'))} of them in one chain of local dimension ` +
      `${format(at('local_dimension'), 2)}; slow spectra at ${percent(at('slow_fraction'))} of the places.`,
  ];
  if (at('length') > 0) {
    parts.push(
      `Length ${format(at('length'))}, ${format(at('aspect_ratio'))} times its thickness; its axis has ` +
        `${percent(at('variance_explained'))} of the variance, and cosine ${format(at('readout_alignment'), 2)} with the readout` +
        `${inputs.length > 0 ? `; with the effects of inputs: ${enumerate(inputs)}` : ''}.`,
    );
    const toward = turns.filter(({ isStable }) => isStable).length;
    parts.push(
      turns.length > 0
        ? `The drift along it turns at ${count(turns.length, 'place')}, at ${toward} of which it points there from both sides.`
        : 'The drift along it turns nowhere.',
    );
  }
  return parts.join(' ');
}

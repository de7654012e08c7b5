// SPDX-License-Identifier: Apache-2.0
import { having, result, type JsonObject, type Result } from '../document';
import type { Frame } from '../frame';
import type { Key } from '../legend';
import { axis, type Trace } from '../plot';
import { drawSpace, noteFlat, type Point3, type Points3 } from '../space';
import { mean } from '../statistics';
import { count, enumerate, format, plain } from '../text';
import { stability, type Mark, type Theme } from '../theme';
import { register } from './registry';

register({
  id: 'connections',
  title: 'Which fixed points lead to which',
  caption:
    'The fixed points of one trained network under a constant input, by their number of unstable directions, stable ' +
    'ones at the bottom. An arrow says that an orbit that leaves the upper point ends at the lower one; the signs are ' +
    'the outputs there, rounded. Places from left to right mean nothing: a point stands above those it leads to. In ' +
    'the other layout the points stand in the space of their own first principal components.',
  needs: ['connections'],
  applies: (group) => having(group, 'connections').length > 0,
  draw(frame, _group, theme) {
    const found = result(frame.network('connections'), 'connections');
    const inputs = found.texts('inputs').map((name, i): [string, string] => [String(i), name]);
    if (inputs.length === 0) {
      frame.note('No graph was sought: the task has no steady input.');
      return;
    }
    const input = Number(frame.choice('input', 'Input', inputs));
    const layout = frame.choice('layout', 'Layout', [['', 'by unstable directions'], ['space', 'in space']]);
    const shown = frame.choice('edges', 'Arrows', [['', 'all'], ['stable', 'to stable points']]);
    const graph = graphAt(found, input, shown === 'stable');
    if (layout === 'space') drawInSpace(frame, graph, theme);
    else drawLayers(frame, graph, theme);
    frame.legend(keys(graph, layout === 'space', theme));
    noteFlat(frame);
    frame.note(inWords(found, input));
  },
});

interface Node {
  number: number;
  unstable: number;
  isCycle: boolean;
  label: number[];
  output: number[];
  place: number[];
}

interface Edge {
  from: Node;
  to: Node;
  way: string;
}

interface Graph {
  nodes: Node[];
  edges: Edge[];
}

function graphAt(found: Result, input: number, onlyToStable: boolean): Graph {
  const all = found.array('input_index').list();
  const nodes = new Map<number, Node>();
  all.forEach((index, v) => {
    if (index !== input) return;
    nodes.set(v, {
      number: nodes.size + 1,
      unstable: found.array('unstable').at(v),
      isCycle: found.array('cycle').at(v) > 0,
      label: found.array('label').row(v),
      output: found.array('output').row(v),
      place: found.array('positions').row(v),
    });
  });
  const ways = found.texts('found');
  const edges = found.array('found').list().flatMap((way, e): Edge[] => {
    const from = nodes.get(found.array('edges').at(e, 0));
    const to = nodes.get(found.array('edges').at(e, 1));
    if (!from || !to || (onlyToStable && to.unstable > 0)) return [];
    return [{ from, to, way: ways[way] ?? '' }];
  });
  return { nodes: [...nodes.values()], edges };
}

/** How the arrows are told apart: what orbits were seen to do, what was looked for, what follows. */
const groups: { text: string; ways: string[]; line: 'solid' | 'dash' | 'dot' }[] = [
  { text: 'followed', ways: ['branch', 'sampled'], line: 'solid' },
  { text: 'between saddles, found on a boundary or by aiming', ways: ['edge', 'aimed'], line: 'dash' },
  { text: 'follows from two others', ways: ['implied'], line: 'dot' },
];

const edgeColor = (line: string, theme: Theme): string =>
  line === 'solid' ? theme.trained : line === 'dash' ? theme.change : theme.untrained;

interface Kind {
  mark: Mark;
  nodes: Node[];
}

/** Stable points, unstable ones, and cycles, those that are there. */
function kinds(graph: Graph, theme: Theme): Kind[] {
  const [stable, saddle] = stability(theme);
  const cycle: Mark = { text: 'cycle', symbol: 'square', color: theme.categories[0] };
  return [
    { mark: stable, nodes: graph.nodes.filter((node) => !node.isCycle && node.unstable === 0) },
    { mark: { ...saddle, text: 'unstable point' }, nodes: graph.nodes.filter((node) => !node.isCycle && node.unstable > 0) },
    { mark: cycle, nodes: graph.nodes.filter((node) => node.isCycle) },
  ].filter((kind) => kind.nodes.length > 0);
}

const sign = (value: number): string => (value > 0 ? '+' : value < 0 ? '−' : '0');

/** "+−0" of few outputs, else the number of the point. */
function nodeName(node: Node): string {
  return node.label.length > 0 && node.label.length <= 6 ? node.label.map(sign).join('') : String(node.number);
}

function describe(node: Node, graph: Graph): string {
  const from = graph.edges.filter((edge) => edge.to === node).length;
  const to = graph.edges.filter((edge) => edge.from === node).length;
  return [
    `${node.isCycle ? 'cycle' : 'point'} ${node.number}, ${count(node.unstable, 'unstable direction')}`,
    `outputs ${node.output.map((value) => format(value)).join(', ')}`,
    `leads to ${to}, reached from ${from}`,
  ]
    .map(plain)
    .join('<br>');
}

function drawLayers(frame: Frame, graph: Graph, theme: Theme): void {
  const x = layout(graph);
  const top = Math.max(0, ...graph.nodes.map((node) => node.unstable));
  const inLayer = (k: number): number => graph.nodes.filter((node) => node.unstable === k).length;
  const widest = Math.max(1, ...Array.from({ length: top + 1 }, (_, k) => inLayer(k)));
  const size = widest <= 16 ? 12 : widest <= 40 ? 8 : 6;
  const room = window.innerWidth < 600 ? 6 : 16; // for names side by side; else their signs stand upon each other
  const name = (node: Node): string => (inLayer(node.unstable) <= room ? nodeName(node) : [...nodeName(node)].join('<br>'));
  // Between layers arrows come from above and leave below: there the name stands beside its point.
  const isBeside = (node: Node): boolean => node.unstable < top && inLayer(node.unstable) <= room && nodeName(node).length <= 3;
  const place = (node: Node): string =>
    node.unstable === 0 ? 'bottom center' : isBeside(node) && window.innerWidth >= 600 ? 'middle right' : 'top center';
  frame.plot({
    description: `Graph of ${count(graph.nodes.length, 'fixed point')} and ${count(graph.edges.length, 'connection')}`,
    height: 180 + 110 * Math.min(top + 1, 5),
    traces: [
      ...[...groups].reverse().map((group) => arrows(graph.edges.filter((edge) => group.ways.includes(edge.way)), x, group.line, size, theme)),
      ...kinds(graph, theme).map(({ mark, nodes }): Trace => ({
        type: 'scatter', mode: widest <= 40 ? 'markers+text' : 'markers', cliponaxis: false,
        x: nodes.map((node) => x.get(node)), y: nodes.map((node) => node.unstable),
        text: nodes.map((node) => (place(node) === 'middle right' ? ` ${name(node)}` : name(node))),
        textposition: nodes.map(place),
        textfont: { size: 12, color: theme.text, shadow: Array(4).fill(`0 0 3px ${theme.paper}`).join(', ') },
        customdata: nodes.map((node) => describe(node, graph)),
        hovertemplate: '%{customdata}<extra></extra>',
        marker: { symbol: mark.symbol, color: mark.color, size, line: { width: 1, color: theme.paper } },
      })),
    ],
    layout: {
      margin: { l: 56, r: 24, t: 10, b: 16 },
      xaxis: { visible: false, range: [-1.12, 1.12], fixedrange: true },
      yaxis: axis('Unstable directions', theme, { dtick: Math.max(1, Math.ceil(top / 10)), range: [-0.35, top + 0.35], showline: false, showgrid: false }),
    },
  });
}

/** One trace for all arrows of a kind: lines with a head before their end. */
function arrows(edges: Edge[], x: Map<Node, number>, line: string, size: number, theme: Theme): Trace {
  const color = edgeColor(line, theme);
  return {
    type: 'scatter', mode: 'lines+markers', hoverinfo: 'skip', cliponaxis: false,
    x: edges.flatMap((edge) => [x.get(edge.from), x.get(edge.to), null]),
    y: edges.flatMap((edge) => [edge.from.unstable, edge.to.unstable, null]),
    line: { color, width: 1, dash: line === 'dot' ? 'dot' : line === 'dash' ? 'dash' : 'solid' },
    opacity: edges.length > 60 ? 0.5 : 0.8,
    marker: {
      symbol: 'arrow', angleref: 'previous', color, standoff: size / 2,
      size: edges.flatMap(() => [0, Math.min(9, size), 0]), line: { width: 0 },
    },
  };
}

/**
 * Places in -1 .. 1: the lowest layer by its first principal component, each layer above it by the
 * mean place of what its points lead to, evenly spread.
 */
function layout(graph: Graph): Map<Node, number> {
  const x = new Map<Node, number>();
  const layers = [...new Set(graph.nodes.map((node) => node.unstable))].sort((a, b) => a - b);
  for (const layer of layers) {
    const nodes = graph.nodes.filter((node) => node.unstable === layer);
    const wanted = new Map(
      nodes.map((node): [Node, number] => {
        const below = graph.edges.filter((edge) => edge.from === node && x.has(edge.to) && edge.to.unstable === layers[0]);
        return [node, below.length > 0 ? mean(below.map((edge) => x.get(edge.to)!)) : 0];
      }),
    );
    const compare = (a: Node, b: Node): number => wanted.get(a)! - wanted.get(b)! || a.place[0] - b.place[0];
    nodes.sort(compare).forEach((node, i) => x.set(node, ((2 * i + 1) / nodes.length - 1) * (nodes.length > 1 ? 1 : 0)));
  }
  return x;
}

function drawInSpace(frame: Frame, graph: Graph, theme: Theme): void {
  const path = (edges: Edge[]): Point3 =>
    [0, 1, 2].map((d) => edges.flatMap((edge) => [edge.from.place[d], edge.to.place[d], NaN])) as Point3;
  const clouds = kinds(graph, theme).map(({ mark, nodes }): Points3 => ({
    at: [0, 1, 2].map((d) => nodes.map((node) => node.place[d])) as Point3,
    name: mark.text, color: mark.color, symbol: mark.symbol, size: 12,
    text: nodes.map((node) => describe(node, graph)),
  }));
  drawSpace(
    frame,
    {
      title: 'Fixed points and their connections',
      description: 'Fixed points in the space of their first three principal components',
      axes: ['PC 1', 'PC 2', 'PC 3'],
      paths: groups.map((group) => ({
        at: path(graph.edges.filter((edge) => group.ways.includes(edge.way))),
        name: group.text, color: edgeColor(group.line, theme), width: 1,
      })).filter((group) => group.at[0].length > 0),
      points: clouds,
    },
    theme,
  );
}

function keys(graph: Graph, isInSpace: boolean, theme: Theme): Key[] {
  const used = new Set(graph.edges.map((edge) => edge.way));
  return [
    ...kinds(graph, theme).map(({ mark }) => mark),
    ...groups
      .filter((group) => group.ways.some((way) => used.has(way)))
      .map((group): Key => ({
        text: group.text, color: edgeColor(group.line, theme), line: isInSpace ? 'solid' : group.line, width: 1.5,
      })),
  ];
}

function inWords(found: Result, input: number): string {
  const all = graphAt(found, input, false);
  const byIndex = [...new Set(all.nodes.map((node) => node.unstable))]
    .sort((a, b) => a - b)
    .map((k) => `${all.nodes.filter((node) => node.unstable === k).length} with ${k}`);
  const graphs = found.attributes.graphs;
  const about = (Array.isArray(graphs) ? graphs[input] : {}) as JsonObject;
  const distance = about.flip_flop_distance as JsonObject | undefined;
  const parts = [
    `${count(all.nodes.length, 'node')} by unstable directions: ${enumerate(byIndex)}; ` +
      `${all.edges.length === 0 ? 'none leads to another' : count(all.edges.length, 'connection')}.`,
  ];
  if (all.nodes.length === 0) parts[0] = 'No fixed point was followed: none was found, too many, or they are not isolated.';
  if (Number(about.undecided_orbits) > 0) parts.push(`${count(Number(about.undecided_orbits), 'orbit')} ended nowhere in the time given.`);
  if (distance) {
    parts.push(
      `From the graph of bits that do not influence each other: ${format(Number(distance.labeled))} by weights, ` +
        `${format(Number(distance.labeled_edges))} by arrows, ${format(Number(distance.unlabeled))} without labels.`,
    );
  }
  return parts.join(' ');
}

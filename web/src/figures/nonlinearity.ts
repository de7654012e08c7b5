// SPDX-License-Identifier: Apache-2.0
import { asNumber, having, result, type Group, type JsonObject } from '../document';
import { axis, type Trace } from '../plot';
import { median } from '../statistics';
import { format, label } from '../text';
import { register } from './registry';

register({
  id: 'nonlinearity',
  title: 'Predictive information against the nonlinearity',
  caption:
    'Networks of leaky ReLU, f(x) = x above zero and x tan θ below (figure 5 of the 2021 note): θ = 0 is ReLU, θ = π/4 is ' +
    'linear. Below, the predictive information in DCA space of networks trained and untrained with each θ (figure 6). Dots ' +
    'are networks, lines their medians. That every θ has networks trained with it is our reading of the note; dimension, window ' +
    'and ridge of DCA are choices of ours.',
  needs: ['dca'],
  across: true,
  applies: (group) => series(group).length > 0,
  draw(frame, group, theme) {
    const all = series(group);
    const angles = all[0].parts.map(({ theta }) => theta);
    frame.plot({
      title: 'The activation',
      description: 'Leaky ReLU for each angle',
      height: 300,
      traces: angles.map((theta, i): Trace => ({
        type: 'scatter', mode: 'lines', x: [-1, 0, 1], y: [-Math.tan(theta), 0, 1],
        line: { color: theme.categories[i % theme.categories.length], width: 2 },
        hovertemplate: `θ = ${inPi(theta)}<extra></extra>`,
      })),
      layout: { xaxis: axis('x', theme), yaxis: axis('f(x)', theme) },
    });
    frame.legend(angles.map((theta, i) => ({
      text: `θ = ${inPi(theta)}`, color: theme.categories[i % theme.categories.length], line: 'solid' as const,
    })));
    for (const { task, parts } of all) {
      frame.plot({
        title: label(task),
        description: `Predictive information of networks of the task ${task} against theta`,
        height: 320,
        traces: (['untrained', 'trained'] as const).flatMap((stage, s): Trace[] => {
          const values = parts.map((part) => part[stage]);
          const shift = (s - 0.5) * 0.012;
          return [
            {
              type: 'scatter', mode: 'markers', x: parts.flatMap(({ theta }, i) => values[i].map(() => theta + shift)),
              y: values.flat(), marker: { color: theme[stage], size: 5, opacity: 0.6 },
              hovertemplate: `${stage}: %{y:.3g} nats<extra></extra>`,
            },
            {
              type: 'scatter', mode: 'lines', x: parts.map(({ theta }) => theta + shift), y: values.map(median),
              line: { color: theme[stage], width: 2 }, hovertemplate: `${stage}: median %{y:.3g} nats<extra></extra>`,
            },
          ];
        }),
        layout: {
          xaxis: axis('θ (radians)', theme, { tickmode: 'array', tickvals: angles, ticktext: angles.map(inPi) }),
          yaxis: axis('Predictive information (nats)', theme, { rangemode: 'tozero' }),
        },
      });
    }
    frame.legend([
      { text: 'untrained', color: theme.untrained, line: 'solid' },
      { text: 'trained', color: theme.trained, line: 'solid' },
    ]);
  },
});

interface Part {
  theta: number;
  trained: number[];
  untrained: number[];
}

/** The populations of a task that differ in theta, by theta; tasks with one theta are none. */
function series(group: Group): { task: string; parts: Part[] }[] {
  const byTask = new Map<string, Part[]>();
  for (const population of group.populations ?? []) {
    const theta = asNumber((population.task.cell as JsonObject | undefined)?.theta);
    const found = having(population, 'dca').map((network) => result(network, 'dca'));
    if (Number.isNaN(theta) || found.length === 0) continue;
    const name = String(population.task.name);
    const information = (stage: string): number[] =>
      found.map((one) => one.number(`${stage}_predictive_information`)).filter((value) => !Number.isNaN(value));
    byTask.set(name, [...(byTask.get(name) ?? []), { theta, trained: information('trained'), untrained: information('untrained') }]);
  }
  return Array.from(byTask, ([task, parts]) => ({ task, parts: parts.sort((a, b) => a.theta - b.theta) }))
    .filter(({ parts }) => new Set(parts.map(({ theta }) => theta)).size > 1);
}

function inPi(theta: number): string {
  const sixteenths = (16 * theta) / Math.PI;
  const n = Math.round(sixteenths);
  if (Math.abs(sixteenths - n) > 1e-6) return format(theta);
  if (n === 0) return '0';
  const over = n % 4 === 0 ? 4 : n % 2 === 0 ? 8 : 16;
  const times = (n * over) / 16;
  return `${times === 1 ? '' : times}π/${over}`;
}

// SPDX-License-Identifier: Apache-2.0
import { having, result, type Group, type Network, type Result } from '../document';
import { drawSpace, noteFlat, type Path3, type Point3 } from '../space';
import { format } from '../text';
import type { Theme } from '../theme';
import { axisNames, hasGrid, type Analysis, type Stage } from './latent';
import { register } from './registry';

register({
  id: 'isocontours',
  title: 'Isocontours over pairs of inputs',
  caption:
    'Where the network comes to rest for every pair of constant inputs on a grid (figure 2 of the 2021 note): along ' +
    'each line one input varies while the other is held. Lines alternate between blue and red; the lines in the ' +
    'color of the text hold the other input at its smallest or largest level. Grid and levels are choices of ours.',
  needs: ['dca'],
  applies: (group) => hasGrid(group) || inputs(group) >= 2,
  draw(frame, group, theme) {
    const spaces = (['dca', 'pca'] as const).filter((name) => withGrid(group, name).length > 0);
    if (spaces.length === 0) {
      frame.note('Not drawn: the analyses “dca” and “pca” of this task hold no grid of input pairs.');
      return;
    }
    const analysis = frame.choice('space', 'Space', spaces.map((name) => [name, name.toUpperCase()])) as Analysis;
    const network = frame.network(analysis);
    const found = result(network, analysis);
    for (const stage of ['trained', 'untrained'] as const) {
      for (const varied of [0, 1] as const) {
        drawSpace(
          frame,
          {
            title: `${stage === 'trained' ? 'Trained' : 'Untrained'}, ${inputName(network, varied)} varies`,
            description: `Isocontours of the ${stage} network in ${analysis.toUpperCase()} space`,
            axes: axisNames(found, analysis, stage),
            paths: contours(found, network, stage, varied, theme),
            points: [],
          },
          theme,
        );
      }
    }
    frame.legend([
      { text: '1st, 3rd, … level of the held input', color: theme.blue, line: 'solid' },
      { text: '2nd, 4th, … level', color: theme.red, line: 'solid' },
      { text: 'smallest and largest level', color: theme.text, line: 'solid', width: 3 },
    ]);
    noteFlat(frame);
  },
});

function withGrid(group: Group, analysis: Analysis): Network[] {
  return having(group, analysis).filter((network) => result(network, analysis).has('trained_grid'));
}

function inputs(group: Group): number {
  const known = having(group, 'outputs')[0];
  return known ? result(known, 'outputs').array('inputs').shape[2] : 0;
}

function inputName(network: Network, i: number): string {
  const names = network.results.get('outputs')?.texts('input_names') ?? [];
  return names[i] ?? `input ${i + 1}`;
}

/** The grid is (levels of input 1, levels of input 2, 3). */
function contours(found: Result, network: Network, stage: Stage, varied: 0 | 1, theme: Theme): Path3[] {
  const grid = found.array(`${stage}_grid`);
  const held = 1 - varied;
  const levels = grid.shape[held];
  const level = (j: number): string =>
    found.has(`grid_levels${held + 1}`) ? format(found.array(`grid_levels${held + 1}`).at(j)) : String(j + 1);
  const point = (i: number, j: number, d: number): number => (varied === 0 ? grid.at(i, j, d) : grid.at(j, i, d));
  return Array.from({ length: levels }, (_, j) => {
    const isExtreme = j === 0 || j === levels - 1;
    return {
      at: [0, 1, 2].map((d) => Array.from({ length: grid.shape[varied] }, (_unused, i) => point(i, j, d))) as Point3,
      name: `${inputName(network, held)} held at ${level(j)}`,
      color: isExtreme ? theme.text : j % 2 === 0 ? theme.blue : theme.red,
      width: isExtreme ? 3 : 1.5,
    };
  });
}

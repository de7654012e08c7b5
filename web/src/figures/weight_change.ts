// SPDX-License-Identifier: Apache-2.0
import { having, networkName, type Group, type Network, type Result } from '../document';
import type { Frame } from '../frame';
import { axis, type Trace } from '../plot';
import { circleKey, planeLayout, unitCircle } from '../plane';
import { format, percent, plain } from '../text';
import type { Theme } from '../theme';
import { chosenWeights, type WeightsOf } from '../weights';
import { register } from './registry';

register({
  id: 'weight_change',
  title: 'What training changed in the weights',
  caption:
    'Change of the recurrent weights ΔW = W after − W before (figure 7 of the 2021 note): its entries and its ' +
    'singular values in decreasing order, the distances that eigenvalues moved, for the chosen network and, thin, all others; and eigenvalues of W before ' +
    'and after and of ΔW in the complex plane. Few large values mean few weights and few directions changed. The ' +
    'note draws eigenvalues before and after; singular values and those of ΔW are added by us.',
  needs: ['connectivity'],
  draw(frame, group, theme) {
    const network = frame.network('connectivity');
    const weights = chosenWeights(frame, group);
    drawSorted(frame, group, network, weights, theme, {
      name: 'change_sorted', title: 'Entries', x: 'Share of the weights (%)', y: '|ΔW|', isShare: true,
    });
    drawSorted(frame, group, network, weights, theme, {
      name: 'change_singular_values', title: 'Singular values', x: 'Index', y: 'Singular value of ΔW', isShare: false,
    });
    const found = weights(network);
    if (found.has('eigenvalue_change_sorted')) {
      drawSorted(frame, group, network, weights, theme, {
        name: 'eigenvalue_change_sorted', title: 'Change of the eigenvalues', x: 'Index', y: 'Distance |λ after − λ before|', isShare: false,
      });
    }
    drawPlane(frame, theme, 'Eigenvalues of W', [
      eigenvalues(found, 'eigenvalues_before', 'before', 'circle-open', theme.untrained),
      eigenvalues(found, 'eigenvalues_after', 'after', 'circle', theme.trained),
    ]);
    drawPlane(frame, theme, 'Eigenvalues of ΔW', [
      eigenvalues(found, 'eigenvalues_change', 'change', 'diamond', theme.change),
    ]);
    frame.legend([
      { text: 'this network', color: theme.change, line: 'solid', width: 2.5 },
      { text: 'other networks', color: theme.untrained, line: 'solid', width: 1 },
      { text: 'eigenvalue before', color: theme.untrained, symbol: 'circle-open' },
      { text: 'after', color: theme.trained, symbol: 'circle' },
      { text: 'of the change', color: theme.change, symbol: 'diamond' },
      circleKey(theme),
    ]);
    frame.note(inWords(found));
    if (found.has('eigenvalue_change_sorted')) frame.note(moved(found));
  },
});

function inWords(found: Result): string {
  const departure = (norm: string): string =>
    `${format(found.number(`departure_before_${norm}`))} → ${format(found.number(`departure_after_${norm}`))}`;
  return (
    `This network: |ΔW| / |W| = ${percent(found.number('relative_change'))} (Frobenius), effective rank of ΔW ` +
    `${format(found.number('effective_rank'))}. Departure from normality, the strictly upper triangle of the Schur ` +
    `form: ${departure('operator')} in the operator norm, ${departure('frobenius')} in the Frobenius norm; the note ` +
    `does not say which norm it means.`
  );
}

function moved(found: Result): string {
  const n = found.array('eigenvalue_change_sorted').size;
  return (
    `Eigenvalues before and after are paired so that the sum of distances is least. Of ${n}, ` +
    `${found.number('eigenvalues_outside')} are after training outside the disk that held all of them before, of radius ` +
    `${format(found.number('eigenvalue_radius_before'))}; ${found.number('eigenvalues_moved')} moved by more than half of it; ` +
    `the squared changes have the participation ${format(found.number('eigenvalue_participation'))} of ${n}.`
  );
}

interface Sorted {
  name: string;
  title: string;
  x: string;
  y: string;
  isShare: boolean;
}

function drawSorted(frame: Frame, group: Group, chosen: Network, weights: WeightsOf, theme: Theme, what: Sorted): void {
  const line = (network: Network): Trace => {
    const isChosen = network === chosen;
    const values = weights(network).array(what.name);
    const picked = thin(values.size);
    return {
      type: 'scatter', mode: 'lines',
      x: picked.map((i) => (what.isShare ? (100 * (i + 1)) / values.size : i + 1)),
      y: picked.map((i) => values.at(i)),
      line: { color: isChosen ? theme.change : theme.untrained, width: isChosen ? 2.5 : 0.9 },
      opacity: isChosen ? 1 : 0.6,
      hovertemplate: `network ${plain(networkName(group, network))}<br>%{x:.3g}: %{y:.3g}<extra></extra>`,
    };
  };
  const others = having(group, 'connectivity').filter((network) => network !== chosen);
  frame.plot({
    title: what.title,
    description: `${what.y} in decreasing order`,
    height: 280,
    traces: [...others, chosen].map(line),
    layout: {
      xaxis: axis(what.x, theme, { rangemode: 'tozero' }),
      yaxis: axis(what.y, theme, { rangemode: 'tozero' }),
    },
  });
}

/** At most a few hundred places of a sorted list, dense where it is steep: at its start. */
function thin(size: number): number[] {
  const wanted = 400;
  if (size <= wanted) return Array.from({ length: size }, (_, i) => i);
  const places = Array.from({ length: wanted }, (_, k) => Math.round((size - 1) * (k / (wanted - 1)) ** 3));
  return Array.from(new Set(places));
}

function eigenvalues(found: Result, name: string, text: string, symbol: string, color: string): Trace {
  const values = found.array(name);
  const column = (part: number): number[] => Array.from({ length: values.shape[0] }, (_, i) => values.at(i, part));
  return {
    type: 'scatter', mode: 'markers', x: column(0), y: column(1),
    marker: { symbol, color, size: symbol === 'circle-open' ? 9 : 5 },
    hovertemplate: `${text}<br>%{x:.3f} + %{y:.3f} i<extra></extra>`,
  };
}

function drawPlane(frame: Frame, theme: Theme, title: string, clouds: Trace[]): void {
  frame.plot({
    title,
    description: `${title} in the complex plane with the unit circle`,
    height: 330,
    traces: [unitCircle(theme), ...clouds],
    layout: planeLayout(theme),
  });
}

// SPDX-License-Identifier: Apache-2.0
// What was found, in words, with the numbers of the document and nothing else.
import { asNumber, having, networkName, result, type Group, type Network } from './document';
import { h } from './dom';
import { extent, mean, median } from './statistics';
import { count, enumerate, format, label, percent } from './text';

export function overview(groups: Group[]): HTMLElement {
  return h(
    'div',
    { class: 'findings' },
    ...groups.map((group) =>
      h(
        'section',
        {},
        h('h3', {}, label(group.name)),
        h('ul', {}, ...sentences(group).map((sentence) => h('li', {}, sentence))),
      ),
    ),
  );
}

function sentences(group: Group): string[] {
  return [training, information, restPoints, warp, weights, change].flatMap((write) => write(group) ?? []);
}

function range(values: number[], digits = 3): string {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.every((value) => value === known[0])) return `${format(known[0], digits)} in each`;
  const [low, high] = extent(known);
  return `median ${format(median(known), digits)}, from ${format(low, digits)} to ${format(high, digits)}`;
}

function training(group: Group): string[] {
  const all = group.networks.length;
  const reached = group.networks.filter((network) => network.metrics.reached === true);
  const missed = group.networks.filter((network) => network.metrics.reached === false);
  const errors = group.networks.map((network) => asNumber(network.metrics.error)).filter((e) => !Number.isNaN(e));
  const criterion = group.networks.map((n) => asNumber(n.metrics.criterion)).find((c) => !Number.isNaN(c));
  const met = criterion === undefined ? 'met the criterion' : `met the criterion, an error below ${format(criterion)} of the variance of the targets`;
  const judged = reached.length + missed.length > 0; // a study without `outputs` judges none
  const out = judged ? [`${reached.length} of ${count(all, 'network')} ${met}.`] : [];
  if (missed.length > 0) out.push(`Not met by network ${enumerate(missed.map((network) => networkName(group, network)))}.`);
  if (errors.length > 0) out.push(`Mean squared error relative to that variance: ${range(errors)}.`);
  return out;
}

function information(group: Group): string[] | undefined {
  const pairs = having(group, 'dca')
    .map((network) => result(network, 'dca'))
    .map((found) => [found.number('trained_predictive_information'), found.number('untrained_predictive_information')])
    .filter(([trained, untrained]) => !Number.isNaN(trained) && !Number.isNaN(untrained));
  if (pairs.length === 0) return undefined;
  const higher = pairs.filter(([trained, untrained]) => trained > untrained).length;
  return [
    `Predictive information in DCA space, median over networks: ${format(median(pairs.map(([t]) => t)))} nats trained, ` +
      `${format(median(pairs.map(([, u]) => u)))} nats untrained; higher when trained in ${higher} of ${pairs.length}.`,
  ];
}

const kinds = ['stable', 'saddle', 'repelling', 'marginal', 'slow', 'unknown'];

function restPoints(group: Group): string[] | undefined {
  const networks = having(group, 'fixed_points');
  if (networks.length === 0) return undefined;
  const codes = networks.map((network) => result(network, 'fixed_points').array('kind').list());
  const everything = codes.flat();
  const parts = kinds
    .map((kind, code) => ({ kind, n: everything.filter((c) => c === code).length }))
    .filter(({ n }) => n > 0)
    .map(({ kind, n }) => `${n} ${kind}`);
  const found = `Fixed and slow points under constant inputs, a network: ${range(codes.map((c) => c.length))}`;
  return [parts.length > 0 ? `${found}; in all ${enumerate(parts)}.` : 'No fixed or slow point was found.', ...proofs(networks)];
}

/** How many of the fixed points are proven, where the analysis looked. */
function proofs(networks: Network[]): string[] {
  const looked = networks.map((network) => result(network, 'fixed_points')).filter((found) => found.has('certified'));
  const fixed = looked.flatMap((found) => found.array('kind').list()).filter((code) => kinds[code] !== 'slow').length;
  if (fixed === 0) return [];
  const certified = looked.flatMap((found) => found.array('certified').list()).filter((yes) => yes > 0).length;
  return [`${certified} of ${count(fixed, 'fixed point')} certified: proven to exist, rounding errors included.`];
}

/** What became of small differences of the input at the end of a trial. */
function warp(group: Group): string[] | undefined {
  const values = (name: string): number[] => group.networks.map((network) => asNumber(network.metrics[name])).filter((v) => !Number.isNaN(v));
  const [after, before, seen] = ['manifold_volume', 'manifold_volume_untrained', 'manifold_visible'].map(values);
  if (after.length === 0 || before.length === 0) return undefined;
  return [
    `Volume element √det G of the input manifold in the states at the end of a trial, medians: ${format(median(after))} trained, ${format(median(before))} before` +
      `${seen.length > 0 ? `; the readout sees ${percent(median(seen))} of the metric` : ''}.`,
  ];
}

function attribute(networks: Network[], name: string): number[] {
  return networks.map((network) => result(network, 'connectivity').number(name)).filter((v) => !Number.isNaN(v));
}

function weights(group: Group): string[] | undefined {
  const networks = having(group, 'connectivity');
  const before = attribute(networks, 'mean_before');
  const after = attribute(networks, 'mean_after');
  if (before.length === 0 || after.length !== before.length) return undefined;
  const falling = after.filter((value, i) => value < before[i]).length;
  return [
    `The mean recurrent weight goes from ${format(mean(before))} to ${format(mean(after))}; it falls in ${falling} of ` +
      `${count(before.length, 'network')} and ends below zero in ${after.filter((value) => value < 0).length}.`,
  ];
}

function change(group: Group): string[] | undefined {
  const networks = having(group, 'connectivity');
  const rank = attribute(networks, 'effective_rank');
  const relative = attribute(networks, 'relative_change');
  const from = attribute(networks, 'departure_before_frobenius');
  const to = attribute(networks, 'departure_after_frobenius');
  const out: string[] = [];
  if (rank.length > 0 && relative.length > 0) {
    out.push(
      `The change of the weights is ${format(100 * median(relative))} % of their size (Frobenius norm) and of effective ` +
        `rank ${format(median(rank))} (medians).`,
    );
  }
  if (from.length > 0 && to.length > 0) {
    out.push(
      `Departure from normality (Frobenius norm) goes from ${format(median(from))} to ${format(median(to))} (medians).`,
    );
  }
  return out;
}

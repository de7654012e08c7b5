// SPDX-License-Identifier: Apache-2.0
import { asNumber, networkNumber, type Group, type Json, type Network } from '../document';
import { h } from '../dom';
import { table, type Column } from '../table';
import { format, label } from '../text';
import { register } from './registry';

register({
  id: 'networks',
  title: 'The networks',
  caption:
    'Every network of the task with its seed, how its training ended, and whether its score met the criterion of the task. ' +
    'The error is the mean squared error over the scored time steps relative to the variance of the targets, and the score ' +
    'of tasks that have no other; criteria are choices of ours. Click a heading to sort, scroll sideways for all that the study keeps.',
  needs: [],
  draw(frame, group) {
    frame.add(table(columns(group), group.networks, 'Networks').element);
  },
});

const known: Record<string, string> = {
  error: 'Error',
  criterion: 'Criterion',
  score: 'Score',
  score_criterion: 'Criterion of the score',
  score_untrained: 'Score before training',
  final_loss: 'Final loss',
  predictive_information: 'Predictive information (nats)',
};

function columns(group: Group): Column<Network>[] {
  const names = new Set(group.networks.flatMap((network) => Object.keys(network.metrics)));
  names.delete('reached');
  names.delete('number');
  const order = [...Object.keys(known).filter((name) => names.has(name)), ...[...names].filter((name) => !(name in known))];
  return [
    { title: 'Network', value: (n) => networkNumber(group, n) },
    { title: 'Seed', value: (n) => Number(n.seed), text: (n) => n.seed },
    { title: 'Id', value: (n) => n.id, text: (n) => h('code', { title: n.id }, n.id.slice(0, 12)) },
    { title: 'Status', value: (n) => n.status },
    { title: 'Criterion met', value: (n) => (n.metrics.reached === true ? 1 : 0), text: reached, isText: true },
    ...order.map((name) => metric(name)),
  ];
}

function reached(network: Network): HTMLElement {
  const value = network.metrics.reached;
  if (value === true) return h('span', {}, 'yes');
  return h('strong', { class: 'failed' }, value === false ? '✗ no' : 'unknown');
}

function metric(name: string): Column<Network> {
  return {
    title: known[name] ?? label(name),
    value: (network) => comparable(network.metrics[name]),
    text: (network) => text(network.metrics[name]),
  };
}

function comparable(value: Json | undefined): number | string {
  return typeof value === 'string' ? value : typeof value === 'boolean' ? Number(value) : asNumber(value);
}

function text(value: Json | undefined): string {
  if (typeof value === 'number') return format(value);
  if (value === undefined || value === null) return '–';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : typeof value === 'string' ? value : JSON.stringify(value);
}

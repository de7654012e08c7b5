// SPDX-License-Identifier: Apache-2.0
import { having, networkName, result } from '../document';
import { axis } from '../plot';
import { median } from '../statistics';
import { format, percent, plain } from '../text';
import { stability } from '../theme';
import { register } from './registry';

register({
  id: 'local_information',
  title: 'Predictive information near slow points',
  caption:
    'Each mark is a fixed or slow point of a network: the predictive information of the linear dynamics there under ' +
    'white noise in all units, along the directions that decay, against the part of the time that noisy trials spend ' +
    'near it. A network’s measure is the mean weighted by that time (question 5 of the 2021 note). What counts as near, ' +
    'and the noise, are choices of ours.',
  needs: ['local_information'],
  applies: (group) => having(group, 'local_information').length > 0,
  draw(frame, group, theme) {
    const part = frame.choice('part', 'Modes', [['information', 'all stable modes'], ['slow_information', 'the slowest ones']]);
    const kinds = stability(theme);
    const networks = frame.networks('all together', 'local_information');
    const known = networks.map((network) => ({ network, found: result(network, 'local_information') }));
    frame.plot({
      description: 'Predictive information at each point against the part of the time spent near it',
      height: 400,
      traces: known.map(({ network, found }) => {
        const at = found.array('input_index').list();
        return {
          type: 'scatter', mode: 'markers', x: found.array('weight').list(), y: found.array(part).list(),
          marker: {
            size: 8, opacity: 0.75,
            symbol: found.array('kind').list().map((kind) => kinds[kind].symbol),
            color: found.array('kind').list().map((kind) => kinds[kind].color),
          },
          text: found.array('kind').list().map((kind, p) =>
            plain(`network ${networkName(group, network)}<br>${kinds[kind].text}, ${found.texts('inputs')[at[p]]}`)),
          hovertemplate: '%{text}<br>%{y:.4g} nats, %{x:.1%} of the time<extra></extra>',
        };
      }),
      layout: {
        xaxis: axis('Part of the time near the point', theme, { tickformat: '.0%', rangemode: 'tozero' }),
        yaxis: axis('Predictive information (nats)', theme),
      },
    });
    frame.legend(kinds.map((kind) => ({ text: kind.text, color: kind.color, symbol: kind.symbol })));
    const near = median(known.map(({ found }) => found.array('weight').list().reduce((a, b) => a + b, 0)));
    const metric = part === 'information' ? 'local_information' : 'local_slow_information';
    const means = networks.map((network) => Number(network.metrics[metric] ?? NaN));
    frame.note(
      `Weighted mean ${format(median(means))} nats${networks.length > 1 ? ' (median over networks)' : ''}; trials spend ` +
        `${percent(near)} of their time near a point.`,
    );
  },
});

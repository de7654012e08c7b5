// SPDX-License-Identifier: Apache-2.0
// The document as nullcline::report writes it into the page.
import { decode, type Encoded, type NdArray } from './array';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A figure asked for something that the study did not compute. */
export class Missing extends Error {}

/** What one analysis found for one network: named arrays and attributes. */
export class Result {
  private readonly decoded = new Map<string, NdArray>();
  private readonly parts = new Map<string, Result>();

  constructor(
    readonly analysis: string,
    private readonly arrays: Record<string, Encoded>,
    readonly attributes: JsonObject,
  ) {}

  has(name: string): boolean {
    return name in this.arrays;
  }

  names(): string[] {
    return Object.keys(this.arrays);
  }

  /** Throws Missing, naming the analysis and the array. */
  array(name: string): NdArray {
    const known = this.decoded.get(name);
    if (known) return known;
    const encoded = this.arrays[name];
    if (!encoded) throw new Missing(`the analysis “${this.analysis}” has no array “${name}”`);
    const array = decode(encoded);
    this.decoded.set(name, array);
    return array;
  }

  /** What is known of one of several matrices: the arrays "name/..." and the attributes of `matrix`. */
  ofMatrix(name: string): Result {
    const known = this.parts.get(name);
    if (known) return known;
    const prefix = `${name}/`;
    const arrays = Object.entries(this.arrays).filter(([array]) => array.startsWith(prefix));
    const all = (this.attributes.matrix ?? {}) as Record<string, JsonObject>;
    const part = new Result(
      this.analysis, Object.fromEntries(arrays.map(([array, values]) => [array.slice(prefix.length), values])), all[name] ?? {},
    );
    this.parts.set(name, part);
    return part;
  }

  /** An attribute that is a number; NaN where it is absent. */
  number(name: string): number {
    return asNumber(this.attributes[name]);
  }

  /** An attribute that is a list of texts; empty where it is absent. */
  texts(name: string): string[] {
    const value = this.attributes[name];
    return Array.isArray(value) ? value.map(String) : [];
  }
}

export interface Network {
  id: string;
  seed: string; // 64 bits do not fit a JavaScript number
  status: string;
  metrics: JsonObject;
  results: Map<string, Result>;
}

export interface Group {
  name: string;
  task: JsonObject;
  networks: Network[];
  /** Of the group of all networks: the populations that they come from, */
  populations?: Group[];
  /** and what joins found of them, by "join/part". */
  joins?: Map<string, Result>;
}

export interface Document {
  title: string;
  description: string;
  version: string;
  study: Json;
  groups: Group[];
  joins: Map<string, Result>;
}

export function asNumber(value: Json | undefined): number {
  return typeof value === 'number' ? value : NaN;
}

/** The networks of a group that have the results of an analysis. */
export function having(group: Group, ...analyses: string[]): Network[] {
  return group.networks.filter((network) => analyses.every((name) => network.results.has(name)));
}

export function result(network: Network, analysis: string): Result {
  const found = network.results.get(analysis);
  if (!found) throw new Missing(`network ${network.id} has no analysis “${analysis}”`);
  return found;
}

/** The number of a network in its study, from one; where it has none, its place in the group. */
export function networkNumber(group: Group, network: Network): number {
  const number = asNumber(network.metrics.number);
  return Number.isNaN(number) ? group.networks.indexOf(network) + 1 : number;
}

/** "3 (seed 1003)", or "3 (id 5f0c21)" where all networks grow from the seed of the study. */
export function networkName(group: Group, network: Network): string {
  const hasOwnSeeds = new Set(group.networks.map((other) => other.seed)).size > 1;
  const mark = hasOwnSeeds ? `seed ${network.seed}` : `id ${network.id.slice(0, 6)}`;
  return `${networkNumber(group, network)} (${mark})`;
}

/** JSON has no NaN or infinity: they travel as {"number": "NaN"}. */
function revive(_key: string, value: Json): Json {
  if (value && typeof value === 'object' && !Array.isArray(value)) {
    const keys = Object.keys(value);
    if (keys.length === 1 && keys[0] === 'number' && typeof value.number === 'string') {
      return Number(value.number.replace('inf', 'Infinity').replace('nan', 'NaN'));
    }
  }
  return value;
}

type RawResults = Record<string, { arrays: Record<string, Encoded>; attributes: JsonObject }>;

interface RawNetwork extends Omit<Network, 'results'> {
  results: RawResults;
}

export function parse(text: string): Document {
  const raw = JSON.parse(text, revive) as Omit<Document, 'groups' | 'joins'> & {
    groups: (Omit<Group, 'networks'> & { networks: RawNetwork[] })[];
    joins?: RawResults;
  };
  const results = (all: RawResults): Map<string, Result> =>
    new Map(
      Object.entries(all).map(([name, found]) => [name, new Result(name, found.arrays, found.attributes ?? {})]),
    );
  const network = (entry: RawNetwork): Network => ({ ...entry, results: results(entry.results) });
  return {
    ...raw,
    groups: raw.groups.map((group) => ({ ...group, networks: group.networks.map(network) })),
    joins: results(raw.joins ?? {}),
  };
}

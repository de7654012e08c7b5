// SPDX-License-Identifier: Apache-2.0
// Numbers and lists as a reader wants them.

const raised: Record<string, string> = {
  '-': '⁻', '0': '⁰', '1': '¹', '2': '²', '3': '³', '4': '⁴',
  '5': '⁵', '6': '⁶', '7': '⁷', '8': '⁸', '9': '⁹',
};

/** 0.0123, 4.56, 123, 1.2 × 10⁻⁵; a true minus sign; NaN as a dash. */
export function format(value: number, digits = 3): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5 && Number(value.toPrecision(digits)) === value) return minus(String(value));
  if (size >= 1e-3 && size < 1e5) return minus(size < 10 ** digits ? value.toPrecision(digits) : value.toFixed(0));
  const isShort = Number(value.toPrecision(digits)) === value;
  const [mantissa, exponent] = (isShort ? value.toExponential() : value.toExponential(digits - 1)).split('e');
  const power = exponent.replace('+', '').split('').map((c) => raised[c]).join('');
  return `${minus(mantissa)}\u00a0×\u00a010${power}`; // does not break over lines
}

/** From `low` to `high`, both above 0: 1, 2 and 5 times the powers of ten, or these alone, or quarters. */
export function logarithmicMarks(low: number, high: number): { values: number[]; texts: string[] } {
  const [first, last] = [low, high].map(Math.log10);
  const powers = Array.from({ length: Math.ceil(last) - Math.floor(first) + 1 }, (_, i) => Math.floor(first) + i);
  const within = (digits: number[]): number[] =>
    powers.flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`))).filter((value) => value >= low && value <= high);
  const every = Math.ceil(powers.length / 6);
  const whole = powers.filter((power) => power % every === 0).map((power) => Number(`1e${power}`)).filter((value) => value >= low && value <= high);
  const fine = within([1, 2, 5]);
  const values = fine.length > 7 ? whole : fine.length > 2 ? fine : [0, 1, 2, 3].map((i) => 10 ** (first + ((last - first) * i) / 3));
  return { values, texts: values.map((value) => format(value).replace(/^1\u00a0×\u00a0/, '')) };
}

export function percent(fraction: number): string {
  const value = 100 * fraction;
  return Number.isNaN(value) ? '–' : `${minus(value.toFixed(Math.abs(value) < 10 ? 1 : 0))} %`;
}

function minus(text: string): string {
  return text.replace('-', '−');
}

/** For Plotly, which reads tags and %{...} in its texts. */
export function plain(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/%\{/g, '% {');
}

/** "3 networks", "1 network". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** "a, b and c". */
export function enumerate(parts: string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
}

/** A name from the document as the start of a heading or label: "in_strength" -> "In strength". */
export function label(name: string): string {
  const words = name.replace(/_/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

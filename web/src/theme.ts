// SPDX-License-Identifier: Apache-2.0
// Light and dark. The categorical colors follow Okabe & Ito (2008), which readers with the common
// color vision deficiencies tell apart; they are darkened for white and lightened for black paper.

export interface Theme {
  name: 'light' | 'dark';
  text: string;
  muted: string;
  grid: string;
  paper: string;
  categories: string[];
  /** First, middle and last of what has an order; told apart without red or green. */
  sequence: [string, string, string];
  trained: string;
  untrained: string;
  change: string;
  blue: string;
  red: string;
}

const light: Theme = {
  name: 'light',
  text: '#1b1f24',
  muted: '#5a636e',
  grid: '#dfe3e8',
  paper: '#ffffff',
  categories: ['#0068a8', '#c84f00', '#00805c', '#a94a86', '#946c00', '#2f7fb8'],
  sequence: ['#00224e', '#7c7b78', '#fee838'], // Cividis
  trained: '#0068a8',
  untrained: '#7a838e',
  change: '#c84f00',
  blue: '#0068a8',
  red: '#c8381e',
};

const dark: Theme = {
  name: 'dark',
  text: '#e8eaed',
  muted: '#a3abb5',
  grid: '#3a4048',
  paper: '#16191d',
  categories: ['#5ab4f0', '#ff9a57', '#3ecb9f', '#e79bc8', '#e8c547', '#9fc5e8'],
  sequence: ['#4a78c4', '#a3a19b', '#fee838'], // its first colors are lost on black
  trained: '#5ab4f0',
  untrained: '#9aa3ad',
  change: '#ff9a57',
  blue: '#5ab4f0',
  red: '#ff8068',
};

export type Choice = 'auto' | 'light' | 'dark';

/** The theme that holds: the reader's choice, else what the system prefers, followed as it changes. */
export class Themes {
  private readonly system = window.matchMedia('(prefers-color-scheme: dark)');
  private choice: Choice = 'auto';

  constructor(private readonly changed: () => void) {
    this.system.addEventListener('change', () => this.choice === 'auto' && this.apply());
    this.mark();
  }

  get current(): Theme {
    const isDark = this.choice === 'auto' ? this.system.matches : this.choice === 'dark';
    return isDark ? dark : light;
  }

  choose(choice: Choice): void {
    this.choice = choice;
    this.apply();
  }

  private mark(): void {
    document.documentElement.dataset.theme = this.current.name;
  }

  private apply(): void {
    this.mark();
    this.changed();
  }
}

/** Shapes for plots of two dimensions alone. */
type Flat = 'triangle-up' | 'x' | `${'circle' | 'diamond' | 'square' | 'triangle-up'}-open${'' | '-dot'}`;

/**
 * Where a point of rest stands: color and shape say the same, for print and for color-blind eyes.
 * In three dimensions Plotly draws symbols as letters; these shapes are in every system font.
 */
export interface Mark {
  text: string;
  symbol: 'circle' | 'diamond' | 'square' | 'square-open' | 'circle-open' | Flat;
  color: string;
}

/** In the order of the codes of the analysis “fixed_points”. */
export function stability(theme: Theme): Mark[] {
  const [, , green, purple, gold] = theme.categories;
  return [
    { text: 'stable', symbol: 'circle', color: green },
    { text: 'saddle', symbol: 'diamond', color: purple },
    { text: 'repelling', symbol: 'square', color: theme.red },
    { text: 'marginal', symbol: 'square-open', color: gold },
    { text: 'slow point', symbol: 'circle-open', color: theme.text },
    { text: 'unknown stability', symbol: 'diamond-open', color: theme.text },
  ];
}

// SPDX-License-Identifier: Apache-2.0
// Eigenvalues of one step as modes in time.
import { format } from './text';

export interface Mode {
  real: number;
  imaginary: number;
  modulus: number;
  /** Seconds: time constant of decay, negative where the direction grows. */
  decay: number;
  /** Hz. */
  frequency: number;
}

/** The modes of lambda per step of dt seconds, the largest modulus first. */
export function spectrum(real: number[], imaginary: number[], dt: number): Mode[] {
  return real
    .map((re, i) => {
      const modulus = Math.hypot(re, imaginary[i]);
      return {
        real: re,
        imaginary: imaginary[i],
        modulus,
        decay: -dt / Math.log(modulus),
        frequency: Math.abs(Math.atan2(imaginary[i], re)) / (2 * Math.PI * dt),
      };
    })
    .sort((a, b) => b.modulus - a.modulus);
}

export function inTime(mode: Mode): string {
  const grows = mode.decay < 0 ? 'grows' : 'decays';
  return `${grows} with ${format(Math.abs(mode.decay))} s, ${format(mode.frequency)} Hz`;
}

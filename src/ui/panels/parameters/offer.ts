/** What is said of a model before it is loaded. */
import type { ModelOffer } from '../../../training/model-offer.ts';
import { formatNumber } from '../../format.ts';

export function offerWords(offer: ModelOffer): { readonly name: string; readonly value: string }[] {
  const { architecture, parameters, trained, positions, vocabulary, bytes, memoryBytes } = offer;
  return [
    { name: 'Kind', value: architecture },
    {
      name: 'Parameters',
      value: `${formatNumber(parameters)}, of adapters ${formatNumber(trained)}`,
    },
    { name: 'Vocabulary', value: `${formatNumber(vocabulary)} tokens` },
    { name: 'Context', value: `${formatNumber(positions)} tokens` },
    { name: 'Files', value: bytesText(bytes) },
    { name: 'Memory', value: `up to ${bytesText(memoryBytes)}` },
    { name: 'A step', value: `${secondsText(offer.stepSeconds)}, estimated from a short timing` },
    { name: 'Licence', value: offer.licence ?? 'not said by its card' },
  ];
}

export function bytesText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(0)} MB` : `${(bytes / 1e3).toFixed(0)} KB`;
}

/** Two digits at most: it is an estimate. */
export function secondsText(seconds: number): string {
  if (seconds < 1) return 'less than a second';
  if (seconds < 100) return `about ${Number(seconds.toPrecision(1))} s`;
  if (seconds < 5400) return `about ${Number((seconds / 60).toPrecision(1))} min`;
  return `about ${Number((seconds / 3600).toPrecision(2))} hours`;
}

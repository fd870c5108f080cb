/** What is said of a model before it is loaded. */
import type { ModelOffer } from '../../../training/model-offer.ts';
import { formatBytes, formatNumber } from '../../format.ts';

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
    { name: 'Files', value: formatBytes(bytes) },
    { name: 'Memory', value: `up to ${formatBytes(Number(memoryBytes.toPrecision(2)))}` },
    { name: 'A step', value: `${secondsText(offer.stepSeconds)}, estimated from a short timing` },
    { name: 'Licence', value: offer.licence ?? 'not said by its card' },
  ];
}

/** Two digits at most: it is an estimate. */
function secondsText(seconds: number): string {
  if (seconds < 1) return 'less than a second';
  if (seconds < 100) return `about ${Number(seconds.toPrecision(1))} s`;
  if (seconds < 5400) return `about ${Number((seconds / 60).toPrecision(1))} min`;
  return `about ${Number((seconds / 3600).toPrecision(2))} hours`;
}

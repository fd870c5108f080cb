import type { Manifest } from '../manifest.ts';

export const ENSEMBLES = {
  variants: [
    {
      id: 'ensembles',
      label: 'Ensembles (three models on small tables)',
      summary: 'Three models predict a small table together; replace one at a time.',
      checkpoints: ['nano'],
    },
  ],
  scenario: {
    label: 'Ensembles',
    watch:
      'Revising pays: one model more costs a third of a fresh try, and both are held to one price.',
  },
} as const satisfies Manifest;

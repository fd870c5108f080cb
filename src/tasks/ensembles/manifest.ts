import type { Manifest } from '../manifest.ts';

export const ENSEMBLES = {
  variants: [
    {
      id: 'ensembles',
      label: 'Ensembles (three models on small tables)',
      summary:
        'Choose three models that predict a small table together, then replace them one by one; what is paid for is every model trained.',
      checkpoints: ['nano'],
    },
  ],
} as const satisfies Manifest;

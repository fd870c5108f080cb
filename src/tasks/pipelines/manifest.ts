import type { Manifest } from '../manifest.ts';

export const PIPELINES = {
  variants: [
    {
      id: 'pipelines',
      label: 'Pipelines (machine learning on small tables)',
      summary: 'Choose the seven parts of a model for a small table; it is scored.',
    },
  ],
  mixture: {
    param: 'mixPipelines',
    of: 'pipelines',
    tasks: 'ML engineering',
    checkpoints: ['nano', 'micro'],
  },
  scenario: {
    label: 'Pipelines',
    watch:
      'Machine learning on small tables: quality is a validated score, so attempts differ by shades.',
  },
  part: 'the choice that a failed pipeline is blamed on and every choice of one that is as good as solved',
  file: {
    name: 'CSV file',
    accept: '.csv,.tsv,.txt,text/csv,text/tab-separated-values',
    hint: 'as a table: CSV with the names of the columns in the first line, and what is to be predicted in the last column; what is understood of it is shown below, and can be put right',
  },
} as const satisfies Manifest;

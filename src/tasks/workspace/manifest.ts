import type { Manifest } from '../manifest.ts';

export const WORKSPACE = {
  variants: [
    {
      id: 'workspace',
      label: 'Workspace (files over several turns)',
      summary: 'Do what is asked of the files; each command is marked:',
    },
  ],
  mixture: {
    param: 'mixWorkspace',
    of: 'the workspace',
    tasks: 'tool use',
    checkpoints: ['nano', 'micro'],
  },
  scenario: {
    label: 'Workspace',
    watch: 'Files over several turns: the last attempt of one turn is where the next one starts.',
  },
  part: 'a call in the workspace',
} as const satisfies Manifest;

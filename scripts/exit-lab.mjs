#!/usr/bin/env node
/**
 * The program, straight from its source: from a checkout and from an installed package alike. The loader
 * runs in this very process: a launcher with a child would end it before a run is saved on Ctrl-C.
 */
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

// Its own, not that of the folder that it is called in.
register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
const { main } = await import('../src/cli/main.ts');
await main(process.argv.slice(2));

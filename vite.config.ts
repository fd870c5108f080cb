/// <reference types="vitest/config" />
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type Plugin } from 'vite';
import { chromiumLaunchOptions } from './scripts/chromium.mjs';

const TENSORFLOW = [
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgpu',
];

const DRAWING = ['react', 'react/jsx-dev-runtime', 'react-dom/client', 'recharts'];

/** The in-memory file system asks for three modules of Node's; in a browser these stand in. */
const FILE_SYSTEM = '@jsonjoy.com/fs-core';
const STAND_INS = [
  { find: /^node:buffer$/, replacement: 'buffer/' },
  { find: /^process$/, replacement: 'process/browser.js' },
  { find: '@jsonjoy.com/fs-node-builtins/lib/path', replacement: 'path-browserify' },
];

/** The Hugging Face Hub, and where it keeps files, in the words of its documentation: any host of hf.co. */
const HUB = 'https://huggingface.co https://*.hf.co';

/**
 * What the built page may load and run: its own files alone, and no text as code. WebAssembly is compiled
 * from bytes, which needs a word of its own; pictures may come from memory. The hub is asked where a person
 * asks for it, and never before.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self'",
  `connect-src 'self' ${HUB}`,
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
].join('; ');

/** In the built page only: the development server puts scripts into the page. */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/**
 * Parts of a worker that are loaded late must not import the worker's own file for what they share with
 * it: WebKit runs that file once more then, and two trainers answer each message. Vite sets the option
 * itself, so that it has to be set after.
 */
function entriesOfTheirOwn(): Plugin {
  return {
    name: 'entries-of-their-own',
    options: (options) => ({ ...options, preserveEntrySignatures: 'strict' }),
  };
}

export default defineConfig({
  // Relative, so that dist/ runs from any host and sub-path.
  base: './',
  plugins: [react(), contentSecurityPolicy()],
  resolve: { alias: STAND_INS },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 2000,
    // How long plugins took is nobody's news on `npm start`.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  // As a header too: a worker obeys that of its own file, and not the page's.
  preview: {
    host: 'localhost',
    headers: {
      'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    },
  },
  worker: { format: 'es', plugins: () => [entriesOfTheirOwn()] },
  // Found in the worker, in tests or late only, so the scanner misses them and a reload in mid-test would
  // follow.
  optimizeDeps: { include: [...TENSORFLOW, FILE_SYSTEM, ...DRAWING, 'idb'] },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['src/**/*.test.{ts,tsx}'],
          exclude: ['**/*.browser.test.*'],
          // One fewer by default, which is one of two.
          maxWorkers: '100%',
          // Some train; on a busy machine they take many times as long.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['src/**/*.browser.test.{ts,tsx}'],
          // The software WebGPU adapter compiles its first shaders for many seconds.
          testTimeout: 120_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromiumLaunchOptions() }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});

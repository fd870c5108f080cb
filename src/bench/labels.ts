/** What the runtimes are called on the page. */
export const WHERE_LABELS = { node: 'Node', chromium: "Chromium's worker" } as const;

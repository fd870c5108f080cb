/** What places are called on the page. */
export const WHERE_WORDS = { node: 'Node', chromium: "Chromium's worker" } as const;

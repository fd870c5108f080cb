export const TARGET: URL;
export function compileKernels(): Promise<string>;

export function findChromium(env?: NodeJS.ProcessEnv): string | undefined;

export function chromiumLaunchOptions(): {
  executablePath?: string;
  channel?: string;
  args: string[];
};

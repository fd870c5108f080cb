import { useSession } from '../../../app/hooks.ts';
import { Segmented } from '../../controls/Segmented.tsx';
import { formatFixed } from '../../format.ts';
import type { ClipOptions, TokenMeasure } from './tokens.ts';

export interface TokenLegendProps {
  readonly measure: TokenMeasure;
  readonly setMeasure: (measure: TokenMeasure) => void;
  readonly clip: ClipOptions;
  /** Whether there is no policy to ask, as in a recording. */
  readonly isMute: boolean;
}

const MEASURES = [
  { value: 'logprob', label: 'log-probability' },
  { value: 'ratio', label: 'ratio' },
  { value: 'entropy', label: 'entropy' },
  { value: 'clipping', label: 'clipping' },
] as const;

/** What the colour and the line of a token say. */
export function TokenLegend({ measure, setMeasure, clip, isMute }: TokenLegendProps) {
  return (
    <div className="token-legend">
      <span className="token-legend-title" id="token-measure">
        Tokens by
      </span>
      <Segmented
        label="Tokens by"
        options={MEASURES}
        value={measure}
        choose={setMeasure}
        describedBy="token-meaning"
      />
      <p id="token-meaning">
        <Meaning measure={measure} clip={clip} />
        {isMute && measure !== 'logprob' && ' Not known here: there is no policy to ask.'}
      </p>
    </div>
  );
}

function Meaning({ measure, clip }: Pick<TokenLegendProps, 'measure' | 'clip'>) {
  const step = useSession((session) => session.step);
  const ratio =
    clip.importanceSampling === 'sequence' ? 'ratio of the whole sequence' : 'ratio of the token';
  const now = `as it stands now, after step ${step}`;
  switch (measure) {
    case 'logprob':
      return 'The longer the line and the stronger the colour, the less likely the policy that sampled the token held it to be.';
    case 'ratio':
      return `The ${ratio}: its probability under the policy ${now}, over that under the policy that sampled it. Blue has become likelier, orange less likely; the line is full at twice or half. ${clipText(clip)}`;
    case 'entropy':
      return `Entropy, in nats, of what the policy ${now}, would draw the token from: the longer the line, the more open the choice.`;
    case 'clipping':
      return `${clipText(clip)} Measured with the policy ${now}. Where the advantage points the same way, such a token would bring no gradient.`;
    default:
      return measure satisfies never;
  }
}

function clipText({ clipLow, clipHigh }: ClipOptions): string {
  return `▼ and ▲: a ratio below 1 − ε = ${formatFixed(1 - clipLow)} or above 1 + ε = ${formatFixed(1 + clipHigh)}, outside the clip range.`;
}

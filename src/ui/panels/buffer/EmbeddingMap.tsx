import { useMemo, useRef, useState } from 'react';
import { panelState } from '../../../app/panel-state.ts';
import { useAnswer } from '../../../app/answers.ts';
import {
  useFocus,
  useFocusActions,
  useHasSteps,
  useRunInfo,
  usePanelState,
} from '../../../app/hooks.ts';
import type { DomainInfo } from '../../../training/session-info.ts';
import type { AttemptMap } from '../../../runs/index/queries.ts';
import { Segmented } from '../../controls/Segmented.tsx';
import { AttemptCard } from './AttemptCard.tsx';
import type { Colouring } from './renderMap.ts';
import { MapCanvas } from './MapCanvas.tsx';
import { MapLegend } from './MapLegend.tsx';
import { PointList } from './PointList.tsx';
import type { MapPoint } from './points.ts';
import { Spread } from './Spread.tsx';
import { useVisible } from '../../useVisible.ts';
import { AHEAD } from './useBuffer.ts';
import { domainNames } from './labels.ts';

const MOST = 600;
/** ms. */
const REFRESH = 2000;

/** How different attempts are, and where the policy drifts. */
export function EmbeddingMap() {
  const root = useRef<HTMLDivElement>(null);
  const ready = useRunInfo() !== null;
  const started = useHasSteps();
  const asks = useVisible(root, AHEAD) && ready;
  const { value: map, problem } = useAnswer('attemptMap', asks ? { most: MOST } : null, {
    every: REFRESH,
  });
  const empty = map === null || map.step.length === 0;
  return (
    <div ref={root} className="map">
      <p className="buffer-note" role={problem === null ? undefined : 'alert'}>
        {problem ?? (empty ? emptyWords(started) : EXPLANATION)}
      </p>
      {!empty && <Map map={map} />}
    </div>
  );
}

function emptyWords(started: boolean): string {
  return started ? 'Reading the attempts …' : 'Press play: each attempt becomes a point here.';
}

const EXPLANATION =
  'Attempts whose words are alike lie close together; equal ones lie side by side in a disc. A cloud that shrinks is diversity lost.';

const COLOURINGS = [
  { value: 'step', label: 'Step' },
  { value: 'quality', label: 'Quality' },
  { value: 'mode', label: 'Mode' },
  { value: 'domain', label: 'Domain' },
] as const;
const OF_ONE_DOMAIN = COLOURINGS.filter(({ value }) => value !== 'domain');

const COLOURING = panelState<Colouring>('step');

const NO_DOMAINS: readonly DomainInfo[] = [];

function Map({ map }: { readonly map: AttemptMap }) {
  const [chosen, setColouring] = usePanelState(COLOURING);
  const infos = useRunInfo()?.domains ?? NO_DOMAINS;
  const domains = useMemo(() => domainNames(infos), [infos]);
  const isMixed = domains.length > 1;
  const colouring = chosen === 'domain' && !isMixed ? 'step' : chosen;
  const [active, activate] = useState<MapPoint | null>(null);
  const [held, hold] = useState<MapPoint | null>(null);
  const pinned = useFocus((focus) => focus.pinned);
  const { pin: pinStep } = useFocusActions();
  const pin = (point: MapPoint): void => {
    hold(point);
    pinStep(point.step, point.group, point.completion);
  };
  const shown = active ?? (held?.step === pinned ? held : null);
  return (
    <div className="map-columns">
      <figure className="map-figure">
        <Segmented
          label="Colour of the points"
          options={isMixed ? COLOURINGS : OF_ONE_DOMAIN}
          value={colouring}
          choose={setColouring}
        />
        <MapCanvas
          {...{ map, colouring, domains, pinned, active, selected: shown, activate, pin }}
        />
        <figcaption className="map-axes">
          <span>→ first component: {percent(map.explained[0])} of the variance</span>
          <span>↑ second: {percent(map.explained[1])}</span>
        </figcaption>
        <MapLegend {...{ map, colouring, domains, pinned }} />
        <PointList map={map} pin={pin} />
      </figure>
      <div className="map-side">
        <h3>Diversity inside the groups</h3>
        <Spread />
        {shown ? (
          <AttemptCard point={shown} />
        ) : (
          <p className="buffer-note">Point at an attempt to read it; click it to pin its step.</p>
        )}
      </div>
    </div>
  );
}

function percent(share: number | undefined): string {
  return `${Math.round(100 * (share ?? 0))}%`;
}

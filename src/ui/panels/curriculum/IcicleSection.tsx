import { useMemo, useRef } from 'react';
import { useWidth } from '../../charts/useSize.ts';
import { useMediaQuery } from '../../useMediaQuery.ts';
import { IciclePanel } from './IciclePanel.tsx';
import '../../charts/charts.css';
import './curriculum.css';

/** The task space as it grows, as wide as its place. */
export function IcicleSection() {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const narrow = useMediaQuery('(max-width: 699px)');
  const size = useMemo(() => ({ width, height: narrow ? 130 : 170 }), [width, narrow]);
  return (
    <div ref={frame}>
      <IciclePanel size={size} />
    </div>
  );
}

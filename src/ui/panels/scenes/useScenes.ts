import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { useLab } from '../../../app/hooks.ts';
import { createDrive, SCENES, type SceneId } from './drive.ts';

/** The middle of the window: one scene at a time crosses it. */
const MIDDLE = '-48% 0px -48% 0px';

interface SceneInView {
  /** The one that is being read; null outside of them, and until a person has scrolled. */
  readonly scene: SceneId | null;
  /** Whose picture stands beside the text: that of the last one outside of them. */
  readonly shown: SceneId;
}

/** Which scene is read; while there is one it drives the picture above. */
export function useSceneInView(frame: RefObject<HTMLElement | null>): SceneInView {
  const lab = useLab();
  const [{ scene, shown }, setView] = useState<SceneInView>({ scene: null, shown: 'task' });
  const crossing = useRef(new Set<SceneId>());
  useEffect(() => {
    const inside = crossing.current;
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const id = SCENES.find((one) => one === target.getAttribute('data-scene'));
          if (id && isIntersecting) inside.add(id);
          else if (id) inside.delete(id);
        }
        const next = window.scrollY > 0 ? (SCENES.find((one) => inside.has(one)) ?? null) : null;
        setView((view) => ({ scene: next, shown: next ?? view.shown }));
      },
      { rootMargin: MIDDLE },
    );
    frame.current?.querySelectorAll('[data-scene]').forEach((one) => observer.observe(one));
    return () => observer.disconnect();
  }, [frame]);
  const [drive] = useState(() => createDrive(lab));
  useEffect(() => drive.enter(scene), [drive, scene]);
  useEffect(() => () => drive.enter(null), [drive]);
  return { scene, shown };
}

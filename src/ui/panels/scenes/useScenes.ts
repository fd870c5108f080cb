import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { useLab } from '../../../app/hooks.ts';
import { createDrive, SCENES, type SceneId } from './drive.ts';

/** The middle of the window: one scene at a time crosses it. */
const MIDDLE = '-48% 0px -48% 0px';

/**
 * The scene that is being read; null outside of them, and until a person has scrolled. While there is one
 * it drives the picture above.
 */
export function useSceneInView(frame: RefObject<HTMLElement | null>): SceneId | null {
  const lab = useLab();
  const [scene, setScene] = useState<SceneId | null>(null);
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
        setScene(window.scrollY > 0 ? (SCENES.find((one) => inside.has(one)) ?? null) : null);
      },
      { rootMargin: MIDDLE },
    );
    frame.current?.querySelectorAll('[data-scene]').forEach((one) => observer.observe(one));
    return () => observer.disconnect();
  }, [frame]);
  const [drive] = useState(() => createDrive(lab));
  useEffect(() => drive.enter(scene), [drive, scene]);
  useEffect(() => () => drive.enter(null), [drive]);
  return scene;
}

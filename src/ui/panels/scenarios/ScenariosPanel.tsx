import { useState } from 'react';
import { STORIES, STORY_GROUPS, STORY_IDS, storiesOf, story } from '../../../schema/scenarios.ts';
import type { StoryGroup, StoryId } from '../../../schema/scenarios.ts';
import { useActions, useConfig, useSession } from '../../../app/hooks.ts';
import { Share } from './Share.tsx';
import { UndoRedo } from './UndoRedo.tsx';
import './scenarios.css';

/** Runs that are worth watching, one click each, and what to watch for. */
export function StoriesPanel() {
  const told = useConfig(({ current }) => storiesOf(current).join(' ')).split(' ');
  const [chosen, setChosen] = useState<StoryId | null>(null);
  const idle = useSession(({ phase, busy }) => phase === 'ready' && busy === null);
  const { playWith } = useActions();
  const play = (id: StoryId): void => {
    if (!idle) return;
    setChosen(id);
    void playWith(story(id).values);
  };
  const watched = watchedOf(told, chosen);
  return (
    <section className="stories" aria-label="Stories">
      <div className="stories-row">
        {(Object.keys(STORY_GROUPS) as StoryGroup[]).map((group) => (
          <div key={group} role="group" aria-label={STORY_GROUPS[group]} className="story-group">
            <span className="story-group-name" aria-hidden="true">
              {STORY_GROUPS[group]}
            </span>
            {STORY_IDS.filter((id) => STORIES[id].group === group).map((id) => (
              <button
                key={id}
                type="button"
                className="story"
                aria-pressed={told.includes(id)}
                aria-disabled={!idle}
                title={`Sets the parameters and plays. ${STORIES[id].watch}`}
                onClick={() => play(id)}
              >
                {STORIES[id].label}
              </button>
            ))}
          </div>
        ))}
      </div>
      <div className="stories-below">
        <p className="stories-watch" role="status">
          {watched === null ? (
            'Parameters of your own. A story sets them, and plays.'
          ) : (
            <>
              <strong>{STORIES[watched].label}.</strong> {STORIES[watched].watch}
            </>
          )}
        </p>
        <div className="stories-end">
          <UndoRedo />
          <Share />
        </div>
      </div>
    </section>
  );
}

/** The one that was clicked while it holds; else a failure, then the method, then the domain. */
function watchedOf(told: readonly string[], chosen: StoryId | null): StoryId | null {
  if (chosen !== null && told.includes(chosen)) return chosen;
  const order: readonly StoryGroup[] = ['failure', 'ladder', 'domain'];
  for (const group of order) {
    const id = STORY_IDS.find((one) => told.includes(one) && STORIES[one].group === group);
    if (id) return id;
  }
  return null;
}

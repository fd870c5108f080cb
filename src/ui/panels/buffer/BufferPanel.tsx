import { panelState } from '../../../app/panel-state.ts';
import { usePanelState } from '../../../app/hooks.ts';
import { EmbeddingMap } from './EmbeddingMap.tsx';
import { Stored } from './Stored.tsx';
import { Tabs, type Tab } from './Tabs.tsx';
import './buffer.css';

type View = 'stored' | 'map';

const VIEWS: readonly Tab<View>[] = [
  { id: 'stored', label: 'The buffer', panel: () => <Stored /> },
  { id: 'map', label: 'Embedding map', panel: () => <EmbeddingMap /> },
];

const VIEW = panelState<View>('stored');

/** What training can start from now, and how different the attempts are that come of it. */
export function BufferPanel() {
  const [view, setView] = usePanelState(VIEW);
  return (
    <section className="buffer" aria-labelledby="buffer-title">
      <div className="buffer-head">
        <h2 id="buffer-title">Replay buffer</h2>
        <Tabs label="Views of the buffer" tabs={VIEWS} chosen={view} choose={setView} />
      </div>
    </section>
  );
}

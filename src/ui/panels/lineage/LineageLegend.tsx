/** What lines and marks of the tree mean. */
export function LineageLegend() {
  return (
    <ul className="lineage-legend" aria-label="Legend">
      <Edge kind="solve" words="solve, from the task" />
      <Edge kind="improve" words="improve" />
      <Edge kind="diverge" words="diverge" />
      <Edge kind="best" words="way to the best" />
      <Node kind="buffer" words="in the buffer; filled as far as its quality" />
      <Node kind="gone" words="left the buffer" />
      <Node kind="solved" words="solved" />
    </ul>
  );
}

interface ItemProps {
  readonly kind: string;
  readonly words: string;
}

function Edge({ kind, words }: ItemProps) {
  return (
    <li>
      <svg className={`lineage-key is-${kind}`} width="26" height="10" aria-hidden="true">
        <path d="M1 5H25" />
      </svg>
      {words}
    </li>
  );
}

function Node({ kind, words }: ItemProps) {
  return (
    <li>
      <svg className={`lineage-key is-${kind}`} width="28" height="14" aria-hidden="true">
        <rect className="fill" x="2" y="2" width={kind === 'solved' ? 24 : 14} height="10" rx="5" />
        <rect className="line" x="2" y="2" width="24" height="10" rx="5" />
      </svg>
      {words}
    </li>
  );
}

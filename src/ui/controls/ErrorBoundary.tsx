/** Keeps a fault in one part of the page from taking the rest with it: transport and export stay. */
import { Component, type ReactNode } from 'react';
import { plainMessage } from '../../base/missing-part.ts';
import './error-boundary.css';

interface Props {
  /** What stands here, as a person would call it, e.g. "Lineage". */
  readonly name: string;
  readonly children: ReactNode;
}

interface State {
  readonly error: unknown;
}

/** Null and undefined can be thrown too. */
const NONE = Symbol('none');

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: NONE };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === NONE) return this.props.children;
    const { name } = this.props;
    return (
      <section className="error-boundary" aria-label={`${name} could not be drawn`}>
        <p className="notice-title">{name} could not be drawn.</p>
        <p>{reasonOf(error)}</p>
        <p>Training goes on, and everything else on the page works.</p>
        <div className="error-boundary-actions">
          <button type="button" onClick={() => this.setState({ error: NONE })}>
            Draw it again
          </button>
          <button type="button" onClick={() => location.reload()}>
            Reload the page
          </button>
        </div>
      </section>
    );
  }
}

function reasonOf(error: unknown): string {
  return plainMessage(error instanceof Error ? error.message : String(error));
}

import { useId, useState } from 'react';
import { configToQuery } from '../../../schema/url.ts';
import { withView } from '../../../schema/view.ts';
import { useConfig } from '../../../app/hooks.ts';
import { Icon } from '../../controls/Icon.tsx';
import { Floating } from '../../controls/Floating.tsx';
import { embedCode } from './embedCode.ts';

/** The page with these parameters, as an address and as a frame for a page of one's own. */
export function Share() {
  const query = useConfig(({ current }) => configToQuery(current));
  const at = (search: string): string =>
    typeof location === 'undefined'
      ? `?${search}`
      : `${location.origin}${location.pathname}${search && `?${search}`}`;
  return (
    <Floating
      className="quiet"
      label="Share"
      face={
        <>
          <Icon name="share" />
          <span className="share-word">Share</span>
        </>
      }
    >
      <Copyable
        name="Link"
        text={at(query)}
        about="Opens this page with the parameters as they are."
      />
      <Copyable
        name="Embed code"
        text={embedCode(at(withView(query, { embed: true })))}
        about="Charts and transport only, for a page of yours."
      />
    </Floating>
  );
}

interface CopyableProps {
  readonly name: string;
  readonly text: string;
  readonly about: string;
}

function Copyable({ name, text, about }: CopyableProps) {
  const id = useId();
  const [copied, setCopied] = useState<string | null>(null);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(text),
      // Refused in a frame or without a secure origin: the field is there to copy from by hand.
      () => document.getElementById(id)?.focus(),
    );
  };
  return (
    <span className="copyable">
      <label htmlFor={id}>{name}</label>
      <span role="status" className="copyable-done">
        {copied === text && 'Copied.'}
      </span>
      <input
        id={id}
        type="text"
        readOnly
        value={text}
        aria-describedby={`${id}-about`}
        onFocus={(event) => event.currentTarget.select()}
      />
      <button type="button" onClick={copy}>
        Copy <span className="visually-hidden">{name.toLowerCase()}</span>
      </button>
      <span className="copyable-about" id={`${id}-about`}>
        {about}
      </span>
    </span>
  );
}

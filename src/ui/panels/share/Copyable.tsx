import { useId, useState } from 'react';

interface CopyableProps {
  readonly name: string;
  readonly text: string;
  readonly about: string;
}

/** A text to be taken along, with a button that does it. */
export function Copyable({ name, text, about }: CopyableProps) {
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

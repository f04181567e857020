import { useState } from 'preact/hooks';
import { useText } from '../language/language.js';
import type { CallExample } from './call-example.js';

const KINDS = ['curl', 'sdk', 'cli'] as const;

/** What the page does here, for those who want to do it from a program. */
export const Calls = ({ example }: { example: CallExample }) => {
  const t = useText();
  const [kind, setKind] = useState<(typeof KINDS)[number]>('curl');
  const [copied, setCopied] = useState(false);
  const names = { curl: 'curl', sdk: 'SDK', cli: t.commandLine };
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(example[kind]);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <details class="calls">
      <summary>{t.asCode}</summary>
      <fieldset class="row" aria-label={t.asCode}>
        {KINDS.map((one) => (
          <button
            type="button"
            key={one}
            class="quiet"
            aria-pressed={kind === one}
            onClick={() => setKind(one)}
          >
            {names[one]}
          </button>
        ))}
        <button type="button" class="quiet push" onClick={() => void copy()}>
          {copied ? t.copied : t.copy}
        </button>
      </fieldset>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, with the keyboard too */}
      <pre tabIndex={0}>{example[kind]}</pre>
    </details>
  );
};

import { curlOf } from '../calls/call-example.js';
import { Calls } from '../calls/calls.js';
import { Failure } from '../failure/failure.js';
import { useLanguage, useText } from '../language/language.js';
import { hrefTo } from '../route.js';
import { useVoices } from './use-voices.js';
import { VoiceList } from './voice-list.js';

const example = {
  curl: curlOf({ method: 'GET', path: '/open/v1/list_common_audio', fields: { page: 1, size: 100 } }),
  sdk: 'for await (const voice of client.voices.list()) console.log(voice.id, voice.name, voice.lang);',
  cli: 'chanjing-avatar voices --server',
};

/** Every voice, to be listened to and used. */
export const VoicesPage = () => {
  const t = useText();
  const language = useLanguage();
  const { value, error, again } = useVoices();
  return (
    <div class="stack">
      <div>
        <h1>{t.voices}</h1>
        <p class="lead">{t.voicesLead}</p>
      </div>
      <Failure error={error} onAgain={again} />
      {value ? (
        <section class="card all-voices">
          <VoiceList voices={value} firstLanguage={language}>
            {(voice) => <a href={hrefTo('new', { voice: voice.id })}>{t.useVoice}</a>}
          </VoiceList>
        </section>
      ) : error ? null : (
        <p role="status">{t.loading}</p>
      )}
      <Calls example={example} />
    </div>
  );
};

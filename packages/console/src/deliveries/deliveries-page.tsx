import type { Delivery } from '@chanjing-avatar/client';
import { useState } from 'preact/hooks';
import { commandOf, curlOf } from '../calls/call-example.js';
import { Calls } from '../calls/calls.js';
import { useClient } from '../client-context.js';
import { Empty } from '../design/empty.js';
import { Pager } from '../design/pager.js';
import { Failure } from '../failure/failure.js';
import { formatTime } from '../language/format.js';
import { useLanguage, useText } from '../language/language.js';
import { goTo, hrefTo } from '../route.js';
import { useCall } from '../use-call.js';
import { useRefresh } from '../use-refresh.js';

const PAGE_SIZE = 20;

/** Looks of the states, those of tasks. */
const LOOKS = { pending: 10, delivered: 20, failed: 30, stopped: 0 } as const;

const DeliveryCard = ({ delivery, onResend }: { delivery: Delivery; onResend: () => void }) => {
  const t = useText();
  const language = useLanguage();
  const names = {
    pending: t.deliveryPending,
    delivered: t.deliveryDelivered,
    failed: t.deliveryFailed,
    stopped: t.deliveryStopped,
  };
  const { status, tries } = delivery;
  return (
    <li class="card stack">
      <div class="row">
        <code class="grow wrap">{delivery.url}</code>
        <span class={`tag state-${LOOKS[status]}`}>{names[status]}</span>
      </div>
      <p class="hint">
        {formatTime(language, delivery.create_time)} · {t.tries(tries.length)} ·{' '}
        <a href={hrefTo(`tasks/${delivery.task_id}`)}>{t.task}</a> · <code>{delivery.id}</code>
      </p>
      <ol class="tries">
        {tries.map(({ number, time, http_status, error, duration_ms }) => (
          <li key={number}>
            <strong>{t.tryNumber(number)}</strong> {formatTime(language, time)} ·{' '}
            {http_status === null ? `${t.noAnswer}: ${error}` : `HTTP ${http_status}`} · {duration_ms} ms
          </li>
        ))}
      </ol>
      {status === 'pending' ? null : (
        <div class="row">
          <button type="button" onClick={onResend}>
            {t.sendAgain}
          </button>
        </div>
      )}
    </li>
  );
};

/** Callbacks with each try, of all tasks or one. */
export const DeliveriesPage = ({ query }: { query: URLSearchParams }) => {
  const t = useText();
  const client = useClient();
  const task = query.get('task') ?? '';
  const page = Number(query.get('page') ?? 1);
  const fields = { page, page_size: PAGE_SIZE, ...(task ? { task_id: task } : {}) };
  const deliveries = useCall(
    (signal) => client.callbacks.list(fields, { signal }).page(),
    JSON.stringify(fields),
  );
  useRefresh(deliveries.value?.list.some(({ status }) => status === 'pending') ?? false, deliveries.again);
  const [problem, setProblem] = useState<unknown>();
  const resend = async (id: string): Promise<void> => {
    setProblem(undefined);
    await client.callbacks.resend(id).catch(setProblem);
    deliveries.again();
  };
  return (
    <div class="stack">
      <h1>{task ? t.ofTask : t.deliveries}</h1>
      {task ? (
        <p>
          <a href="#/deliveries">{t.allDeliveries}</a>
        </p>
      ) : null}
      <Failure error={deliveries.error ?? problem} onAgain={deliveries.again} />
      {deliveries.value ? null : <p role="status">{t.loading}</p>}
      {deliveries.value?.list.length === 0 ? <Empty text={t.noDeliveries} /> : null}
      <ul class="plain stack">
        {deliveries.value?.list.map((delivery) => (
          <DeliveryCard key={delivery.id} delivery={delivery} onResend={() => void resend(delivery.id)} />
        ))}
      </ul>
      {deliveries.value ? (
        <Pager
          info={deliveries.value.page_info}
          onPage={(next) => goTo('deliveries', { task, page: next })}
        />
      ) : null}
      <Calls
        example={{
          curl: curlOf({ method: 'POST', path: '/open/v1/callback/list', fields }),
          sdk: "for await (const delivery of client.callbacks.list()) console.log(delivery);\nawait client.callbacks.resend('msg_…');",
          cli: commandOf(['apps', 'deliveries'], { task }),
        }}
      />
    </div>
  );
};

import type { FileService, ListedFile } from '@chanjing-avatar/client';
import { useState } from 'preact/hooks';
import { curlOf } from '../calls/call-example.js';
import { Calls } from '../calls/calls.js';
import { useClient } from '../client-context.js';
import { Confirm } from '../design/confirm.js';
import { Empty } from '../design/empty.js';
import { Pager } from '../design/pager.js';
import { Failure } from '../failure/failure.js';
import { formatBytes, formatClock, formatTime } from '../language/format.js';
import { useLanguage, useText } from '../language/language.js';
import { reasonIn } from '../language/reasons.js';
import { goTo, hrefTo } from '../route.js';
import { useCall } from '../use-call.js';
import { useRefresh } from '../use-refresh.js';

const PAGE_SIZE = 50;

const FileState = ({ status, msg, reason }: Pick<ListedFile, 'status' | 'msg' | 'reason'>) => {
  const t = useText();
  const language = useLanguage();
  const names: Readonly<Record<number, string>> = {
    0: t.fileNotReady,
    1: t.fileReady,
    2: t.fileReady,
    98: t.fileRejected,
    99: t.fileDeleted,
    100: t.filePurged,
  };
  const look = status === 98 ? 30 : status === 1 || status === 2 ? 20 : 0;
  return (
    <>
      <span class={`tag state-${look}`}>{names[status]}</span>
      {status === 98 ? <p class="hint">{reasonIn(language, reason) ?? msg}</p> : null}
    </>
  );
};

const FileRow = ({ file, onDelete }: { file: ListedFile; onDelete: () => void }) => {
  const t = useText();
  const language = useLanguage();
  const isThere = file.status < 99;
  const isReady = file.status === 1 || file.status === 2;
  const picture = file.picture ? `${file.picture.width}×${file.picture.height}` : '';
  return (
    <tr>
      <th scope="row">{isReady ? <a href={file.full_path}>{file.name}</a> : file.name}</th>
      <td data-name={t.kind}>{file.service === 'lip_sync_video' ? t.kindVideo : t.kindAudio}</td>
      <td data-name={t.bytes}>{[formatBytes(language, file.size), picture].filter(Boolean).join(', ')}</td>
      <td data-name={t.length}>{file.duration > 0 ? formatClock(file.duration) : ''}</td>
      <td data-name={t.created}>{formatTime(language, file.create_time)}</td>
      <td data-name={t.state}>
        <FileState status={file.status} msg={file.msg} reason={file.reason} />
      </td>
      <td class="row">
        {isReady ? <a href={hrefTo('new', { file: file.id })}>{t.useFile}</a> : null}
        {isThere ? (
          <button type="button" class="quiet" aria-label={`${t.deleteFile}: ${file.name}`} onClick={onDelete}>
            {t.deleteFile}
          </button>
        ) : null}
      </td>
    </tr>
  );
};

/** Every upload. */
export const FilesPage = ({ query }: { query: URLSearchParams }) => {
  const t = useText();
  const client = useClient();
  const page = Number(query.get('page') ?? 1);
  const service = query.get('kind') ?? '';
  const fields = { page, page_size: PAGE_SIZE, ...(service ? { service: service as FileService } : {}) };
  const files = useCall((signal) => client.files.list(fields, { signal }).page(), JSON.stringify(fields));
  useRefresh(files.value?.list.some(({ status, size }) => status === 0 && size > 0) ?? false, files.again);
  const [deleting, setDeleting] = useState<ListedFile>();
  const [problem, setProblem] = useState<unknown>();
  const remove = async ({ id }: ListedFile): Promise<void> => {
    setProblem(undefined);
    await client.files.delete(id).catch(setProblem);
    files.again();
  };
  const heads = [t.name, t.kind, t.bytes, t.length, t.created, t.state, t.actions];
  return (
    <div class="stack">
      <h1>{t.files}</h1>
      <label class="field narrow">
        <span>{t.kind}</span>
        <select value={service} onChange={(event) => goTo('files', { kind: event.currentTarget.value })}>
          <option value="">{t.anyKind}</option>
          <option value="lip_sync_video">{t.kindVideo}</option>
          <option value="lip_sync_audio">{t.kindAudio}</option>
        </select>
      </label>
      <Failure error={files.error ?? problem} onAgain={files.again} />
      {files.value ? null : <p role="status">{t.loading}</p>}
      {files.value?.list.length === 0 ? (
        <Empty text={t.noFiles}>
          <a class="button primary" href={hrefTo('new')}>
            {t.newVideo}
          </a>
        </Empty>
      ) : null}
      {files.value && files.value.list.length > 0 ? (
        <table class="card">
          <caption class="unseen">{t.files}</caption>
          <thead>
            <tr>
              {heads.map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {files.value.list.map((file) => (
              <FileRow key={file.id} file={file} onDelete={() => setDeleting(file)} />
            ))}
          </tbody>
        </table>
      ) : null}
      {files.value ? (
        <Pager info={files.value.page_info} onPage={(next) => goTo('files', { kind: service, page: next })} />
      ) : null}
      <Calls
        example={{
          curl: curlOf({ method: 'POST', path: '/open/v1/common/file_list', fields }),
          sdk: 'for await (const file of client.files.list()) console.log(file.id, file.name);',
          cli: 'chanjing-avatar upload clip.mp4',
        }}
      />
      {deleting ? (
        <Confirm
          question={t.deleteFileAsk(deleting.name)}
          action={t.deleteFile}
          onYes={() => void remove(deleting)}
          onClose={() => setDeleting(undefined)}
        />
      ) : null}
    </div>
  );
};

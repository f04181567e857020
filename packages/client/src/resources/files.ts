import { FileNotReadyError } from '../errors/file-not-ready-error.js';
import { FileRejectedError } from '../errors/file-rejected-error.js';
import { UnexpectedReplyError } from '../errors/unexpected-reply-error.js';
import { UnknownStatusError } from '../errors/unknown-status-error.js';
import { WaitTimeoutError } from '../errors/wait-timeout-error.js';
import { FILE_STATUS } from '../statuses.js';
import type { Transport } from '../transport/transport.js';
import { callApi } from '../transport/transport.js';
import type { FileDetail, FileService, ListedFile, Page, UploadUrl } from '../wire.js';
import type { Listing } from './listing.js';
import { listing } from './listing.js';
import { callOwnServer } from './own-server.js';
import type { Read, WaitOptions } from './poll.js';
import { poll } from './poll.js';
import type { BytesProgress } from './put-file.js';
import { putPatiently } from './put-patiently.js';
import type { OpenPath, UploadSource } from './upload-source.js';
import { openSource, serviceOf } from './upload-source.js';

const READY_TIMEOUT_MS = 300_000;

export type UploadOptions = {
  /** What the file is for; by default taken from the extension. */
  service?: FileService | undefined;
  /** Original file name with its extension; needed for streams and nameless Blobs. */
  name?: string | undefined;
  /** Length of a stream in bytes, where known. */
  size?: number | undefined;
  onProgress?: BytesProgress | undefined;
  /** How long to wait, and how often to ask, until the file is ready. Default 5 minutes. */
  ready?: Pick<WaitOptions, 'timeoutMs' | 'intervalMs'> | undefined;
  /**
   * Called when the connection is cut. When it resolves, the upload goes on: at an own server where it stopped, elsewhere
   * from its beginning; when it rejects, the upload fails with that. By default a few tries soon after each other. For
   * sources that can be read again.
   */
  whenCut?: ((error: unknown) => Promise<void>) | undefined;
  signal?: AbortSignal | undefined;
};

export type CallOptions = { signal?: AbortSignal | undefined };

export type Files = {
  /** A URL to PUT a file to; `upload` does all of it. */
  createUploadUrl(service: FileService, name: string, options?: CallOptions): Promise<UploadUrl>;
  /**
   * Uploads a file and waits until it can be used. Returns its `file_id`. Throws FileRejectedError when the server
   * cannot use it, FileNotReadyError when that takes too long, UploadRefusedError when the storage refuses it.
   */
  upload(source: UploadSource, options?: UploadOptions): Promise<string>;
  retrieve(id: string, options?: CallOptions): Promise<FileDetail>;
  /** The app's uploads, newest first. Throws UnsupportedCallError on the vendor's cloud. */
  list(
    query?: { page?: number; page_size?: number; service?: FileService },
    options?: CallOptions,
  ): Listing<ListedFile>;
  /** Deletes an upload and everything derived from it. Throws UnsupportedCallError on the vendor's cloud. */
  delete(id: string, options?: CallOptions): Promise<void>;
  /** Waits until an uploaded file can be used. */
  waitUntilReady(id: string, options?: WaitOptions): Promise<FileDetail>;
};

/** As the vendor's clients do when a reply lacks `mime_type`. */
const ANY_TYPE = 'application/octet-stream';

const STATES: ReadonlyMap<unknown, 'wait' | 'ready' | string> = new Map([
  [FILE_STATUS.notReady, 'wait'],
  [FILE_STATUS.readyAlternative, 'ready'],
  [FILE_STATUS.ready, 'ready'],
  [FILE_STATUS.rejected, 'it was rejected'],
  [FILE_STATUS.deleted, 'it was deleted'],
  [FILE_STATUS.purged, 'it was purged after its time'],
]);

/** A reply may lack its status while the server looks at the file. */
const isReady = (id: string, { status, msg, reason }: FileDetail): boolean => {
  const state = STATES.get(status ?? FILE_STATUS.notReady);
  if (state === 'ready' || state === 'wait') return state === 'ready';
  const remedy = 'Upload another file.';
  if (state) {
    const said = (msg || state).replace(/[.。]$/, '');
    throw new FileRejectedError(
      { msg: `File ${id} cannot be used: ${said}.`, remedy },
      status,
      msg ?? '',
      reason,
    );
  }
  throw new UnknownStatusError(
    { msg: `File ${id} has status ${status}, which is not known.`, remedy },
    'file',
    status,
    msg ?? '',
  );
};

export const files = (transport: Transport, openPath: OpenPath | undefined): Files => {
  const createUploadUrl: Files['createUploadUrl'] = async (service, name, { signal } = {}) => {
    const path = '/open/v1/common/create_upload_url';
    const call = { method: 'GET', path, query: { service, name }, limit: 'file', signal } as const;
    const { data } = await callApi<UploadUrl>(transport, call);
    if (data.file_id && URL.canParse(data.sign_url)) return data;
    const request = { method: call.method, path };
    const msg = 'The reply lacks sign_url or file_id.';
    throw new UnexpectedReplyError(
      { msg, remedy: 'Check that the base URL is a server of the Open API.', request },
      200,
      'upload URL',
    );
  };
  const detail = (id: string, signal: AbortSignal | undefined) =>
    callApi<FileDetail>(transport, {
      method: 'GET',
      path: '/open/v1/common/file_detail',
      query: { id },
      limit: 'file',
      signal,
    });
  const waitUntilReady: Files['waitUntilReady'] = async (id, options = {}) => {
    const { timeoutMs = READY_TIMEOUT_MS, intervalMs, signal } = options;
    const read: Read<FileDetail> = (until) => detail(id, until);
    const pace = intervalMs === undefined ? {} : { intervalMs };
    try {
      return await poll({
        id,
        what: 'File',
        timeoutMs,
        ...pace,
        signal,
        read,
        isOver: (file) => isReady(id, file),
      });
    } catch (error) {
      if (!(error instanceof WaitTimeoutError)) throw error;
      throw new FileNotReadyError({
        msg: `File ${id} is not ready after ${timeoutMs / 1000} s.`,
        remedy: error.remedy,
      });
    }
  };
  return {
    createUploadUrl,
    waitUntilReady,
    retrieve: async (id, { signal } = {}) => (await detail(id, signal)).data,
    list: ({ page = 1, ...query } = {}, { signal } = {}) =>
      listing(page, (number) => {
        const body = { ...query, page: number };
        const call = { method: 'POST', path: '/open/v1/common/file_list', body, signal } as const;
        return callOwnServer<Page<ListedFile>>(transport, 'list files', call);
      }),
    delete: async (id, { signal } = {}) => {
      const call = { method: 'POST', path: '/open/v1/common/file_delete', body: { id }, signal } as const;
      await callOwnServer<null>(transport, 'delete a file', { ...call, limit: 'file', repliesNothing: true });
    },
    upload: async (source, options = {}) => {
      const { signal, onProgress, ready, name, size } = options;
      const opened = await openSource(source, { name, size }, openPath);
      const service = options.service ?? serviceOf(opened.name);
      const {
        sign_url: url,
        mime_type: mimeType = ANY_TYPE,
        file_id: id,
      } = await createUploadUrl(service, opened.name, { signal });
      const { fetch, timeoutMs } = transport;
      const put = { fetch, url, mimeType, source: opened, timeoutMs, onProgress, signal, from: 0 };
      await putPatiently(put, transport, opened.repeatable ? options.whenCut : undefined);
      await waitUntilReady(id, { ...ready, signal });
      return id;
    },
  };
};

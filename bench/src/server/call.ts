// The few calls that the benchmarks make, over plain fetch.

export type Reply<Data> = { trace_id: string; code: number; msg: string; data: Data };

export type Announced = { sign_url: string; mime_type: string; file_id: string; full_path: string };

export type Task = { id: string; status: number; progress: number; msg: string; video_url: string };

/** A call of one app. */
export const call = async <Data>(
  url: string,
  token: string,
  method: 'GET' | 'POST',
  path: string,
  body: object = {},
  headers: Record<string, string> = {},
): Promise<Reply<Data>> => {
  const query = method === 'GET' ? `?${new URLSearchParams(body as Record<string, string>)}` : '';
  const answer = await fetch(`${url}${path}${query}`, {
    method,
    headers: { access_token: token, 'content-type': 'application/json', ...headers },
    ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(30_000),
  });
  return (await answer.json()) as Reply<Data>;
};

export const login = async (url: string, app: { id: string; secretKey: string }): Promise<string> => {
  const pair = { app_id: app.id, secret_key: app.secretKey };
  const { data } = await call<{ access_token: string }>(url, '', 'POST', '/open/v1/access_token', pair);
  return data.access_token;
};

export const announce = async (url: string, token: string, name: string): Promise<Announced> => {
  const service = /\.(mp3|m4a|wav)$/.test(name) ? 'lip_sync_audio' : 'lip_sync_video';
  const reply = await call<Announced>(url, token, 'GET', '/open/v1/common/create_upload_url', {
    service,
    name,
  });
  if (reply.code !== 0) throw new Error(reply.msg);
  return reply.data;
};

export const put = (file: Announced, bytes: Uint8Array): Promise<Response> =>
  fetch(file.sign_url, {
    method: 'PUT',
    headers: { 'content-type': file.mime_type },
    body: bytes as Uint8Array<ArrayBuffer>,
    signal: AbortSignal.timeout(60_000),
  });

export const fileStatus = async (url: string, token: string, id: string): Promise<number> =>
  (await call<{ status: number }>(url, token, 'GET', '/open/v1/common/file_detail', { id })).data.status;

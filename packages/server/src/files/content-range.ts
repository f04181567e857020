/** The rest of a body whose beginning was kept: its first byte, and the length of the whole. */
export type Rest = { readonly from: number; readonly total: number };

/**
 * What the header `Content-Range: bytes 1000-4999/5000` says: undefined without one, 'wrong' when it is not the rest of a body.
 */
export const restOf = (
  header: string | undefined,
  contentLength: number | undefined,
): Rest | undefined | 'wrong' => {
  if (header === undefined) return undefined;
  const [, from, last, total] = (/^bytes (\d+)-(\d+)\/(\d+)$/.exec(header) ?? []).map(Number);
  const isRest = last! + 1 === total && contentLength === total! - from!;
  return isRest ? { from: from!, total: total! } : 'wrong';
};

import type { Page } from '@chanjing-avatar/client';
import { useText } from '../language/language.js';

type PagerProps = { info: Page<unknown>['page_info']; onPage: (page: number) => void };

/** Steps through the pages of a list; nothing when there is only one. */
export const Pager = ({ info, onPage }: PagerProps) => {
  const t = useText();
  if (info.total_page <= 1) return null;
  return (
    <nav class="row pager" aria-label={t.pageOf(info.page, info.total_page)}>
      <button type="button" disabled={info.page <= 1} onClick={() => onPage(info.page - 1)}>
        {t.previous}
      </button>
      <span>{t.pageOf(info.page, info.total_page)}</span>
      <button type="button" disabled={info.page >= info.total_page} onClick={() => onPage(info.page + 1)}>
        {t.next}
      </button>
    </nav>
  );
};

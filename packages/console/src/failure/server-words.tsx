/** What the server said, in the reader's language where that is known; its own words below. */
export const ServerWords = ({ said, translated }: { said: string; translated: string | undefined }) =>
  translated === undefined ? (
    <p class="failure-message">{said}</p>
  ) : (
    <>
      <p class="failure-message">{translated}</p>
      <p class="hint" lang="en">
        {said}
      </p>
    </>
  );

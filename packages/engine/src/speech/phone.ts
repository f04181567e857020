/** One speech sound in time. Times in seconds from the start of the speech. */
export type Phone = {
  readonly start: number;
  readonly end: number;
  /** IPA symbols without stress marks and tones; an empty string is silence. */
  readonly ipa: string;
  /** The word that begins with it, as it is read, where that is known. */
  readonly word?: string;
};

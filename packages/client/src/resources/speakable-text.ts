/** Emoji with their joiners, skin tones and flags, and key caps; digits and © ® ™ are ordinary text. */
const EMOJI =
  /[\u{1F1E6}-\u{1F1FF}]{2}|[#*0-9]\uFE0F?\u20E3|(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|(?![©®™])\p{Extended_Pictographic})(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic})*|[\u{1F3FB}-\u{1F3FF}]/gu;

export type SpeakableText = { readonly text: string; readonly dropped: number };

/** The service refuses to speak emoji (code 50000): they are taken out, and the spaces they leave behind. */
export const withoutEmoji = (text: string): SpeakableText => {
  const emoji = text.match(EMOJI);
  if (!emoji) return { text, dropped: 0 };
  return { text: text.replace(EMOJI, '').replace(/ {2,}/g, ' ').trim(), dropped: emoji.length };
};

/** Something that was changed on the way to the server. */
export type Notice = {
  readonly kind: 'emoji-dropped';
  readonly count: number;
  /** For people. */
  readonly message: string;
};

export type OnNotice = (notice: Notice) => void;

/** Speakable form of the text of a request; tells `onNotice` what was dropped. */
export const speakable = (text: string | string[], onNotice: OnNotice): string | string[] => {
  const parts = [text].flat().map(withoutEmoji);
  const count = parts.reduce((sum, part) => sum + part.dropped, 0);
  if (count > 0) {
    onNotice({
      kind: 'emoji-dropped',
      count,
      message: `${count} emoji dropped from the text: they cannot be spoken.`,
    });
  }
  const texts = parts.map((part) => part.text);
  return Array.isArray(text) ? texts : texts[0]!;
};

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

/** Speakable form of the text of a request; tells `onNotice` what was dropped. */
export const speakable = (text: string | string[], onNotice: (notice: string) => void): string | string[] => {
  const parts = [text].flat().map(withoutEmoji);
  const dropped = parts.reduce((sum, part) => sum + part.dropped, 0);
  if (dropped > 0) onNotice(`${dropped} emoji dropped from the text: they cannot be spoken.`);
  const texts = parts.map((part) => part.text);
  return Array.isArray(text) ? texts : texts[0]!;
};

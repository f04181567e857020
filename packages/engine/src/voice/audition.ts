/** Something to say in each language that a voice of the engine speaks. */
const AUDITION_TEXTS: Readonly<Record<string, string>> = {
  zh: '你好，很高兴为你读这段话。',
  en: 'Hello, I am happy to read this text for you.',
  de: 'Hallo, ich lese diesen Text gerne für Sie vor.',
  fr: 'Bonjour, je suis ravi de lire ce texte pour vous.',
  es: 'Hola, me alegra leer este texto para usted.',
  it: 'Ciao, sono felice di leggere questo testo per te.',
  pt: 'Olá, tenho prazer em ler este texto para você.',
  nl: 'Hallo, ik lees deze tekst graag voor.',
  sv: 'Hej, jag läser gärna den här texten för dig.',
  da: 'Hej, jeg læser gerne denne tekst for dig.',
  nb: 'Hei, jeg leser gjerne denne teksten for deg.',
  fi: 'Hei, luen mielelläni tämän tekstin sinulle.',
  pl: 'Dzień dobry, chętnie przeczytam ten tekst.',
  cs: 'Dobrý den, rád vám přečtu tento text.',
  sk: 'Dobrý deň, rád vám prečítam tento text.',
  hr: 'Dobar dan, rado ću vam pročitati ovaj tekst.',
  ro: 'Bună ziua, vă citesc cu plăcere acest text.',
  hu: 'Jó napot, szívesen felolvasom ezt a szöveget.',
  tr: 'Merhaba, bu metni sizin için seve seve okurum.',
  id: 'Halo, saya senang membacakan teks ini untuk Anda.',
  vi: 'Xin chào, tôi rất vui được đọc đoạn văn này cho bạn.',
  ru: 'Здравствуйте, я с радостью прочитаю вам этот текст.',
  uk: 'Вітаю, я залюбки прочитаю вам цей текст.',
  bg: 'Здравейте, с радост ще ви прочета този текст.',
  el: 'Γεια σας, χαίρομαι που διαβάζω αυτό το κείμενο.',
  hi: 'नमस्ते, मुझे यह पाठ पढ़कर खुशी हो रही है।',
  ko: '안녕하세요, 이 글을 읽어 드리게 되어 기쁩니다.',
  ja: 'こんにちは。この文章をお読みします。',
};

/** What a voice says to be listened to; a voice of any language speaks English. */
export const auditionText = (language: string): string => AUDITION_TEXTS[language] ?? AUDITION_TEXTS.en;

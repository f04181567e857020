import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeAudio, type Phone } from '#engine/internals';

/** A festival voice that took no part in training the speech net. */
export type HeldOutVoice = {
  readonly name: string;
  readonly language: 'en' | 'it';
  readonly engine: string;
};

export const HELD_OUT_VOICES: readonly HeldOutVoice[] = [
  { name: 'cmu_us_slt_arctic_hts', language: 'en', engine: 'HTS' },
  { name: 'kal_diphone', language: 'en', engine: 'diphones' },
  { name: 'ked_diphone', language: 'en', engine: 'diphones' },
  { name: 'lp_diphone', language: 'it', engine: 'diphones' },
  { name: 'pc_diphone', language: 'it', engine: 'diphones' },
];

export const FESTIVAL_PACKAGES =
  'festival festlex-cmu festlex-poslex festlex-ifd festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts festvox-italp16k festvox-itapc16k';

export type KnownSpeech = {
  readonly text: string;
  /** 16 kHz, peak 0.6. */
  readonly samples: Float32Array;
  /** Exact times, from the synthesiser. */
  readonly phones: readonly Phone[];
};

const SAMPLE_RATE = 16_000;

const run = promisify(execFile);

/**
 * Lets a festival voice read sentences.
 *
 * @throws Error with code ENOENT when festival is not installed
 */
export const readByFestival = async (
  { name, language }: HeldOutVoice,
  sentences: readonly string[],
): Promise<KnownSpeech[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'held-out-'));
  try {
    const script = sentences.map(
      (text, k) =>
        `(set! u (eval (list 'Utterance 'Text "${text}"))) (utt.synth u) ` +
        `(utt.save.wave u "${folder}/${k}.wav" 'riff) (utt.save.segs u "${folder}/${k}.lab")`,
    );
    await writeFile(join(folder, 'read.scm'), [`(voice_${name})`, ...script].join('\n'));
    await run('festival', ['-b', join(folder, 'read.scm')]);
    const speeches: KnownSpeech[] = [];
    for (const [k, text] of sentences.entries()) {
      const samples = await decodeAudio(join(folder, `${k}.wav`), SAMPLE_RATE);
      const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-3);
      const labels = await readFile(join(folder, `${k}.lab`), 'latin1');
      speeches.push({
        text,
        samples: samples.map((sample) => (0.6 * sample) / peak),
        phones: phonesOf(labels, language),
      });
    }
    return speeches;
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Lines `end colour name`, each phone beginning where the one before ends. */
const phonesOf = (labels: string, language: 'en' | 'it'): Phone[] => {
  const phones: Phone[] = [];
  for (const line of labels.split('\n')) {
    const [end, , name] = line.trim().split(/\s+/u);
    if (name === undefined) continue;
    const ipa = PHONE_NAMES[language].get(name);
    if (ipa === undefined)
      throw new Error(`festival says an unknown phone "${name}"; add it to PHONE_NAMES.`);
    phones.push({ start: phones.at(-1)?.end ?? 0, end: Number(end), ipa });
  }
  return phones;
};

const table = (pairs: string): ReadonlyMap<string, string> =>
  new Map([
    ...pairs.split(' ').map((pair): [string, string] => pair.split('=') as [string, string]),
    ...['pau', 'sil', 'ssil', 'brth', '#'].map((name): [string, string] => [name, '']),
  ]);

const PHONE_NAMES = {
  en: table(
    'aa=ɑ ae=æ ah=ʌ ao=ɔ aw=aʊ ax=ə axr=ɚ ay=aɪ eh=ɛ er=ɚ ey=eɪ ih=ɪ iy=i ow=oʊ oy=ɔɪ uh=ʊ uw=u b=b ch=tʃ d=d dh=ð dx=ɾ ' +
      'el=l em=m en=n f=f g=ɡ hh=h hv=h jh=dʒ k=k l=l m=m n=n nx=n ng=ŋ p=p r=ɹ s=s sh=ʃ t=t th=θ v=v w=w y=j z=z zh=ʒ',
  ),
  it: table(
    'a=a e=e i=i o=o u=u a1=a e1=e E=ɛ E1=ɛ i1=i o1=o O=ɔ O1=ɔ u1=u p=p b=b t=t d=d k=k g=ɡ tS=tʃ dZ=dʒ ts=ts dz=dz f=f v=v ' +
      's=s z=z S=ʃ SS=ʃ m=m n=n J=ɲ JJ=ɲ l=l L=ʎ LL=ʎ r=r nf=ɱ ng=ŋ j=j w=w tts=ts ddz=dz ttS=tʃ ddZ=dʒ',
  ),
};

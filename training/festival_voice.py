"""Speech and phone times from festival, many sentences per run because loading a voice is slow."""

import subprocess
import tempfile
import unicodedata
from pathlib import Path

from phone_sets import PHONE_SETS
from sound import read_wav
from voices import Voice

# festival reads bytes: each language's voices expect its old 8-bit encoding.
_ENCODINGS = {'cs': 'iso-8859-2', 'fi': 'iso-8859-1', 'ca': 'iso-8859-1', 'en': 'ascii', 'it': 'ascii', 'ru': 'utf-8', 'hi': 'utf-8'}


def speak_all(texts: list[str], stretches: list[float], voice: Voice):
    """Yields (text, samples, sample rate, [(start, end, ipa)]) for every sentence that festival managed.

    `stretches` are factors on the length of the sounds, one for each sentence; some voices do not heed them.
    """
    table = PHONE_SETS[voice.phone_set]
    with tempfile.TemporaryDirectory() as folder:
        script = [f'(voice_{voice.name})'.encode()]
        for index, (text, stretch) in enumerate(zip(texts, stretches)):
            spoken = _encoded(text, voice.language)
            script.append(
                f"(Parameter.set 'Duration_Stretch {stretch:.2f})".encode()
                + b'(unwind-protect (begin (set! u (eval (list (quote Utterance) (quote Text) "' + spoken + b'")))'
                b'(utt.synth u)' + f'(utt.save.wave u "{folder}/{index}.wav" (quote riff))'.encode()
                + f'(utt.save.segs u "{folder}/{index}.lab")) nil)'.encode()
            )  # fmt: skip
        (Path(folder) / 'speak.scm').write_bytes(b'\n'.join(script))
        subprocess.run(['festival', '-b', f'{folder}/speak.scm'], capture_output=True)
        for index, text in enumerate(texts):
            wav, labels = Path(folder) / f'{index}.wav', Path(folder) / f'{index}.lab'
            if not labels.exists() or not wav.exists():
                continue
            phones, previous = [], 0.0
            for line in labels.read_text(encoding='latin1').splitlines():
                fields = line.split()
                if len(fields) == 3:
                    end = float(fields[0])
                    phones.append((previous, end, table[fields[2]]))
                    previous = end
            yield text, *read_wav(wav), phones


def _encoded(text: str, language: str) -> bytes:
    encoding = _ENCODINGS[language]
    if encoding == 'ascii':
        text = unicodedata.normalize('NFD', text)
    return text.replace('"', '').replace('\\', '').encode(encoding, 'ignore')

"""Prints what pocketsphinx hears in each wav file (16 kHz, 16 bit, mono) that is named on standard input."""
import sys
import wave

from pocketsphinx import Decoder

decoder = Decoder(samprate=16000, loglevel="FATAL")
for line in sys.stdin:
    with wave.open(line.strip(), "rb") as wav:
        samples = wav.readframes(wav.getnframes())
    decoder.start_utt()
    decoder.process_raw(samples, full_utt=True)
    decoder.end_utt()
    heard = decoder.hyp()
    print(heard.hypstr if heard else "", flush=True)

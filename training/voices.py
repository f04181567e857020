"""The voices the corpus is made with: what each is, its licence, and whether it trains or judges the net.

Licences of synthesisers are those of Debian 12's copyright files. Only Debian main: no mbrola, nothing from non-free.
"""

from typing import NamedTuple


class Voice(NamedTuple):
    engine: str  # 'espeak', 'flite', 'festival' or 'librispeech'
    name: str  # as the engine calls it
    language: str  # key of texts.json
    phone_set: str  # which table of phone_sets.py; '' where none is needed
    utterances: int  # at most
    package: str
    licence: str
    held_out: bool = False

    @property
    def id(self) -> str:
        return f'{self.engine}-{self.name}'


_CMU = 'CMU/CSTR free software licence (BSD-like)'
_ESPEAK = ('libespeak-ng1', 'GPL-3.0-or-later (program; its audio output is not covered)')


def _reader(number: int, utterances: int, part: str) -> Voice:
    return Voice('librispeech', str(number), 'en', '', utterances, f'LibriSpeech {part}', 'CC-BY-4.0')


_TRAIN_CLEAN_READERS = (4088, 4406, 5652, 8226)
_DEV_CLEAN_READERS = (
    84, 174, 251, 422, 652, 777, 1272, 1462, 1673, 1919, 1988, 1993, 2035, 2078, 2086, 2277, 2412, 2428, 2803, 2902,
)  # fmt: skip


def _espeak(name: str, language: str, utterances: int) -> Voice:
    return Voice('espeak', name, language, '', utterances, *_ESPEAK)


VOICES = [
    _espeak('en-us', 'en', 600),
    _espeak('en', 'en', 250),
    _espeak('cmn-latn-pinyin', 'zh', 1000),
    _espeak('fr', 'fr', 200),
    _espeak('de', 'de', 200),
    _espeak('es', 'es', 200),
    _espeak('pt-br', 'pt', 150),
    _espeak('ru', 'ru', 150),
    _espeak('pl', 'pl', 100),
    _espeak('tr', 'tr', 100),
    _espeak('ko', 'ko', 100),
    _espeak('vi', 'vi', 80),
    _espeak('sv', 'sv', 100),
    _espeak('id', 'id', 80),
    _espeak('nl', 'nl', 80),
    _espeak('hi', 'hi', 60),
    Voice('flite', 'awb', 'en', 'arpabet', 1000, 'flite', _CMU),
    Voice('flite', 'rms', 'en', 'arpabet', 1000, 'flite', _CMU),
    Voice('festival', 'czech_dita', 'cs', 'czech', 500, 'festvox-czech-dita', 'GPL-3.0-or-later'),
    Voice('festival', 'czech_krb', 'cs', 'czech', 500, 'festvox-czech-krb', 'GPL-3.0-or-later'),
    Voice('festival', 'czech_machac', 'cs', 'czech', 500, 'festvox-czech-machac', 'GPL-3.0-or-later'),
    Voice('festival', 'czech_ph', 'cs', 'czech', 500, 'festvox-czech-ph', 'GPL-3.0-or-later'),
    Voice('festival', 'suo_fi_lj_diphone', 'fi', 'finnish', 500, 'festvox-suopuhe-lj', 'LGPL-2.1-or-later'),
    Voice('festival', 'hy_fi_mv_diphone', 'fi', 'finnish', 500, 'festvox-suopuhe-mv', 'LGPL-2.1-or-later'),
    Voice('festival', 'msu_ru_nsh_clunits', 'ru', 'russian', 500, 'festvox-ru', _CMU),
    Voice('festival', 'upc_ca_ona_hts', 'ca', 'catalan', 500, 'festvox-ca-ona-hts', 'LGPL-2.1-or-later'),
    Voice('festival', 'hindi_NSK_diphone', 'hi', 'hindi', 500, 'festvox-hi-nsk', 'GPL-2.0-or-later'),
    *(_reader(number, 130, 'train-clean-100') for number in _TRAIN_CLEAN_READERS),
    *(_reader(number, 31, 'dev-clean') for number in _DEV_CLEAN_READERS),
    Voice('festival', 'kal_diphone', 'en', 'arpabet', 90, 'festvox-kallpc16k', _CMU, held_out=True),
    Voice('festival', 'ked_diphone', 'en', 'arpabet', 90, 'festvox-kdlpc16k', _CMU, held_out=True),
    Voice('festival', 'cmu_us_slt_arctic_hts', 'en', 'arpabet', 90, 'festvox-us-slt-hts', _CMU, held_out=True),
    Voice('festival', 'lp_diphone', 'it', 'italian', 90, 'festvox-italp16k', 'GPL-2.0-or-later', held_out=True),
    Voice('festival', 'pc_diphone', 'it', 'italian', 90, 'festvox-itapc16k', 'GPL-2.0-or-later', held_out=True),
]

# Timbres of espeak's one formant synthesiser; each training utterance takes one at random.
ESPEAK_VARIANTS = (
    ['']
    + [f'+m{k}' for k in range(1, 9)]
    + [f'+f{k}' for k in range(1, 6)]
    + ['+klatt', '+klatt2', '+klatt3', '+klatt4', '+klatt5']
    + ['+Andy', '+Annie', '+linda', '+steph', '+steph2', '+Michael', '+edward', '+max', '+anika', '+aunty']
    + ['+belinda', '+benjamin', '+boris', '+caleb', '+david', '+Diogo', '+Gene', '+Hugo', '+Lee', '+Mario']
    + ['+whisper', '+whisperf', '+shelby', '+victor', '+zac', '+quincy', '+grandma', '+travis']
)

"""Writes the table of packages/engine/src/text/homophones.ts: for each Mandarin syllable the most frequent character that is
read so and no other way. `pip install pypinyin jieba`; prints TypeScript."""

import collections
import jieba
from pypinyin import Style, pinyin
from pypinyin.constants import PINYIN_DICT

jieba.initialize()
frequency = collections.Counter()
for word, count in jieba.dt.FREQ.items():
    for character in word:
        frequency[character] += count


def readings(character: str) -> list[str]:
    return pinyin(character, style=Style.TONE3, heteronym=True, neutral_tone_with_five=True, v_to_u=False)[0]


best: dict[str, tuple[int, int, str]] = {}
for code in PINYIN_DICT:
    character = chr(code)
    try:
        character.encode('gb2312')
    except UnicodeEncodeError:
        continue
    found = readings(character)
    for place, syllable in enumerate(found):
        if not syllable[-1].isdigit():
            continue
        # Characters of one reading first, then those whose first reading it is, then by frequency.
        rank = (2 if len(found) == 1 else 1 if place == 0 else 0, frequency[character], character)
        if rank > best.get(syllable, (-1, 0, '')):
            best[syllable] = rank

rows = collections.defaultdict(lambda: ['-'] * 5)
for syllable, (_, _, character) in best.items():
    rows[syllable[:-1]][int(syllable[-1]) - 1] = character
print(' '.join(base + ''.join(tones) for base, tones in sorted(rows.items())))

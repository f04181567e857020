"""Sentences to be read, per language: the translated message catalogues found on any Debian machine, and made-up
sentences rich in p, b, m, f and v. Writes build/texts.json.
"""

import gettext
import glob
import json
import random
import re
import sys
from pathlib import Path

BUILD = Path(__file__).parent / 'build'
LOCALES = {
    'zh': 'zh_CN', 'fr': 'fr', 'de': 'de', 'es': 'es', 'it': 'it', 'ru': 'ru', 'ko': 'ko', 'pt': 'pt_BR', 'pl': 'pl',
    'tr': 'tr', 'vi': 'vi', 'sv': 'sv', 'fi': 'fi', 'hi': 'hi', 'id': 'id', 'nl': 'nl', 'cs': 'cs', 'ca': 'ca',
}  # fmt: skip
FEWEST_SENTENCES = 400
LABIAL_LETTERS = re.compile('[pbmfvпбмфвप-मव]', re.IGNORECASE)
LABIAL_MANDARIN = (
    '爸爸 妈妈 跑步 比赛 朋友 发票 苹果 葡萄 面包 麻烦 方便 办法 飞机 非常 明白 毛病 帮忙 部分 平方 漂亮 便宜 服务 马匹 '
    '北方 别墅 报名 冰棒 爬山 模范 品牌 判断 拍照 普通 买卖 秘密 美丽 门票 没有 每天 父母 风景 饭馆 房子 风暴 番茄 '
    '宝贝 播放 保密 芭蕾 薄荷 半夜 我们 他们 什么 慢慢 默默 泡沫 玻璃 批评 匹配 瀑布 喷泉 佛法 复本 反驳 分配 蜂蜜'
).split()


def catalogue_sentences() -> dict[str, list[str]]:
    english, translated = set(), {language: set() for language in LOCALES}
    for language, locale in LOCALES.items():
        for path in glob.glob(f'/usr/share/locale*/{locale}/LC_MESSAGES/*.mo'):
            if 'iso_' in path:
                continue
            try:
                catalogue = gettext.GNUTranslations(open(path, 'rb'))._catalog
            except Exception:
                continue
            for source, target in catalogue.items():
                source = source[0] if isinstance(source, tuple) else source
                if source and isinstance(target, str):
                    english.update(filter(is_english, lines_of(source)))
                    translated[language].update(line for line in lines_of(target) if is_speakable(line, language))
    sentences = {language: sorted(lines) for language, lines in translated.items()}
    return {'en': sorted(english)} | sentences


def lines_of(message: str) -> list[str]:
    return [line.strip(' "\'-*') for line in re.split(r'[\n.;:。；：]', message)]


def is_speakable(line: str, language: str) -> bool:
    if re.search(r'[%<>{}\[\]=/\\|_@#$^&*~`+0-9"“”«»()（）]|--', line):
        return False
    if language == 'zh':
        return 6 <= len(line) <= 30 and not re.search('[A-Za-z]', line)
    return 20 <= len(line) <= 90 if language != 'ko' else 10 <= len(line) <= 50


def is_english(line: str) -> bool:
    plain = re.fullmatch(r"[A-Za-z ,'!?-]+", line) and not re.search('[A-Z]{3}', line)
    return bool(plain) and is_speakable(line, 'en')


def labial_sentences(sentences: list[str], language: str, count: int) -> list[str]:
    """Word salads in which most words have a lip sound: catalogues are poor in p, b, m, f and v."""
    if language == 'zh':
        return ['，'.join(random.choice(LABIAL_MANDARIN) for _ in range(random.randint(4, 7))) for _ in range(count)]
    words = sorted({word for line in sentences for word in re.findall(r'\b[^\W\d_]{3,10}\b', line) if word == word.lower()})
    labial = [word for word in words if LABIAL_LETTERS.search(word)]
    if len(labial) < 50:
        return []
    pick = lambda: random.choice(labial if random.random() < 0.8 else words)
    return [' '.join(pick() for _ in range(random.randint(4, 8))) for _ in range(count)]


def main() -> None:
    random.seed(1)
    texts = {}
    for language, sentences in catalogue_sentences().items():
        if len(sentences) < FEWEST_SENTENCES:
            sys.exit(
                f'Only {len(sentences)} sentences of language "{language}" in /usr/share/locale (at least '
                f'{FEWEST_SENTENCES} are needed). Translations may be left out on this machine (dpkg path-exclude); '
                'allow them and reinstall: apt-get install --reinstall binutils-common git gettext wget coreutils bash'
            )
        random.shuffle(sentences)
        texts[language] = {'natural': sentences[:8000], 'labial': labial_sentences(sentences, language, 500)}
        print(language, len(sentences), texts[language]['labial'][:1])
    BUILD.mkdir(exist_ok=True)
    (BUILD / 'texts.json').write_text(json.dumps(texts, ensure_ascii=False))


if __name__ == '__main__':
    main()

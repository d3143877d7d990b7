"""Makes letters.ttf.zst, hangul.ttf.zst and han.ttf.zst of the fonts that README.md names.

    python3 -m venv venv && venv/bin/pip install fonttools==4.* zstandard==0.*
    venv/bin/python casefile/typeface/fonts/subset.py FOLDER

FOLDER holds the .ttf files. Outlines and widths stay as they are; tables for joining letters, kerning and hinting go, since package
typeface sets sign after sign and finds the forms of Arabic letters by their own codes.
"""

import sys
from pathlib import Path

import zstandard
from fontTools import merge, subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent

# Of each font of the first file the blocks that are taken, first and last code.
LETTERS = {
    "NotoSans-Regular.ttf": [(0x20, 0x17F), (0x180, 0x24F), (0x250, 0x2AF), (0x2B0, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1EFF), (0x1F00, 0x1FFF),
                             (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20CF), (0x2100, 0x214F), (0x2150, 0x218F), (0x2190, 0x21FF), (0x2212, 0x2212), (0xFFFD, 0xFFFD)],
    "NotoSansHebrew-Regular.ttf": [(0x590, 0x5FF)],
    "NotoSansArabic-Regular.ttf": [(0x600, 0x6FF), (0xFB50, 0xFBB1), (0xFBD3, 0xFBE9), (0xFBFC, 0xFBFF), (0xFE70, 0xFEFC)],
    "NotoSansDevanagari-Regular.ttf": [(0x900, 0x97F)],
    "NotoSansBengali-Regular.ttf": [(0x980, 0x9FF)],
    "NotoSansTamil-Regular.ttf": [(0xB80, 0xBFF)],
    "NotoSansSinhala-Regular.ttf": [(0xD80, 0xDFF)],
    "NotoSansThai-Regular.ttf": [(0xE00, 0xE7F)],
    "NotoSansLao-Regular.ttf": [(0xE80, 0xEFF)],
    "NotoSansMyanmar-Regular.ttf": [(0x1000, 0x109F)],
    "NotoSansGeorgian-Regular.ttf": [(0x10A0, 0x10FF)],
    "NotoSansArmenian-Regular.ttf": [(0x530, 0x58F)],
    "NotoSansKhmer-Regular.ttf": [(0x1780, 0x17FF)],
    "NotoSansSymbols2-Regular.ttf": [(0x25A0, 0x25A1), (0x25CB, 0x25CF)],
}
HANGUL = "NanumGothic.ttf"
HAN = "DroidSansFallbackFull.ttf"


def cut(path, codes):
    options = subset.Options(layout_features=[], hinting=False, name_IDs=[0, 1, 2, 5, 13, 14], notdef_outline=True, recommended_glyphs=False,
                             drop_tables=["GSUB", "GPOS", "GDEF", "DSIG", "BASE", "vhea", "vmtx", "STAT", "fvar", "gvar", "avar", "HVAR", "MVAR", "meta", "gasp"])
    font = TTFont(path, recalcTimestamp=False)
    s = subset.Subsetter(options)
    s.populate(unicodes=codes)
    s.subset(font)
    return font


def pack(font, name):
    # What was changed may not go by the name of the original (Open Font License, section 3).
    for record in font["name"].names:
        if record.nameID in (1, 4, 6, 16):
            record.string = "rummage-" + name.split(".")[0]
    plain = HERE / name
    font.save(plain, reorderTables=True)
    text = plain.read_bytes()
    plain.unlink()
    packed = zstandard.ZstdCompressor(level=22, write_content_size=True).compress(text)
    (HERE / (name + ".zst")).write_bytes(packed)
    print(name, len(font.getBestCmap()), "signs,", len(text), "bytes,", len(packed), "packed")


def main(folder):
    parts = []
    for name, blocks in LETTERS.items():
        codes = {c for first, last in blocks for c in range(first, last + 1)}
        part = folder / (name + ".cut")
        cut(folder / name, codes).save(part)
        parts.append(str(part))
    letters = merge.Merger().merge(parts)
    letters.recalcTimestamp = False
    letters["head"].modified = letters["head"].created
    pack(letters, "letters.ttf")

    hangul = cut(folder / HANGUL, set(range(0x1100, 0x1200)) | set(range(0x3131, 0x318F)) | set(range(0xAC00, 0xD7A4)))
    pack(hangul, "hangul.ttf")
    taken = set(letters.getBestCmap()) | set(hangul.getBestCmap())
    han = cut(folder / HAN, {c for c in TTFont(folder / HAN).getBestCmap() if c >= 0x2000} - taken)
    pack(han, "han.ttf")


main(Path(sys.argv[1]))

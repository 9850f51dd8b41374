import pytest

import unspin

MODEL = unspin.Model()


@pytest.mark.parametrize("call", [unspin.scan, unspin.restore, MODEL.scan, MODEL.restore])
@pytest.mark.parametrize(
    "text, words",
    [
        (None, "text is of the type NoneType where a str is wanted; .*scan_batch"),
        (b"bytes", r"text is of the type bytes where a str is wanted; decode it first"),
        (bytearray(b"bytes"), "decode it first"),
        (7, "text is of the type int where a str is wanted"),
        (0.5, "text is of the type float where a str is wanted"),
        (["a text"], "text is of the type list where a str is wanted"),
    ],
)
def test_what_is_no_text(call, text, words):
    with pytest.raises(TypeError, match=words):
        call(text)


@pytest.mark.parametrize("text", ["\ud800", "a \udcff b", "\ude00\ud83d"])
def test_lone_surrogates(text):
    for call in (unspin.scan, unspin.restore):
        with pytest.raises(UnicodeEncodeError, match="text holds a lone surrogate") as raised:
            call(text)
        assert raised.value.object == text
        assert "replace it" in raised.value.reason
    with pytest.raises(ValueError, match=r"texts\[2\] holds a lone surrogate"):
        unspin.scan_batch(["a", None, text])
    mended = text.encode("utf-8", "replace").decode("utf-8")
    assert unspin.scan(mended).label == "unknown"


def test_batches_name_the_text():
    with pytest.raises(TypeError, match=r"texts\[1\] is of the type bytes where a str is wanted"):
        unspin.scan_batch(["a", b"b"])
    with pytest.raises(TypeError, match=r"texts\[2\] is of the type float"):
        unspin.scan_batch(["a", None, float("nan")])


def test_what_is_no_batch():
    with pytest.raises(TypeError, match="texts is one str where a list of them is wanted; use scan"):
        unspin.scan_batch("a text")
    for texts in (None, 7):
        with pytest.raises(TypeError, match="texts is no list of str"):
            unspin.scan_batch(texts)
    with pytest.raises(TypeError, match=r"texts\[0\] is of the type int"):
        unspin.scan_batch(b"bytes")


def test_threads():
    with pytest.raises(ValueError, match="threads is 0; 1 is the least"):
        unspin.scan_batch([], threads=0)
    with pytest.raises((OverflowError, ValueError)):
        unspin.scan_batch([], threads=-1)
    with pytest.raises(TypeError):
        unspin.scan_batch([], threads="two")


def test_profiles_and_figures():
    with pytest.raises(ValueError, match='no profile "severe"; there are "strict", "balanced", "sensitive"'):
        unspin.Model(profile="severe")
    for name in ("threshold", "min_confidence"):
        for figure in (-0.1, 1.5, float("nan"), float("inf")):
            with pytest.raises(ValueError, match=f"{name} is .*; a number from 0 to 1 is wanted"):
                unspin.Model(**{name: figure})
        with pytest.raises(TypeError):
            unspin.Model(**{name: "half"})
        for figure in (0, 1, 0.5):
            assert getattr(unspin.Model(**{name: figure}), name) == figure


def test_grades():
    with pytest.raises(ValueError, match='no grade "bold"; "safe"'):
        unspin.restore("A text.", "bold")
    with pytest.raises(ValueError, match="never undone"):
        unspin.restore("A text.", "display")


def test_files_that_are_not_there(tmp_path):
    missing = tmp_path / "missing.tsv"
    with pytest.raises(FileNotFoundError) as raised:
        unspin.Model(packs=[missing])
    assert raised.value.filename == str(missing)
    with pytest.raises(IsADirectoryError):
        unspin.Model(packs=[tmp_path])
    with pytest.raises((OSError, ValueError)):
        unspin.Model(packs=["a\0b"])


@pytest.mark.parametrize(
    "content, words",
    [
        (b"one column\n", r"pack\.tsv:1: one column, .* parted by a tab"),
        (b"# said\nspherical\tround\tq\n", r"pack\.tsv:2: the part of speech `q`"),
        (b"\xff\xfe\x00", "neither a compiled dictionary nor a TSV pack in UTF-8"),
        (b"UNSPIN", r"pack\.tsv: "),
        (b"UNSPINDC\x63\x00\x00\x00", r"pack\.tsv: "),
    ],
)
def test_packs_that_are_wrong(tmp_path, content, words):
    pack = tmp_path / "pack.tsv"
    pack.write_bytes(content)
    with pytest.raises(ValueError, match=words) as raised:
        unspin.Model(packs=[str(pack)])
    assert str(raised.value).count("pack.tsv") == 1


def test_what_are_no_packs():
    with pytest.raises(TypeError, match="packs is a list of paths"):
        unspin.Model(packs="mine.tsv")
    with pytest.raises(TypeError, match="packs is a list of paths"):
        unspin.Model(packs=7)
    with pytest.raises(TypeError):
        unspin.Model(packs=[7])


def test_strange_texts():
    for text in ("", "\0", "\ufeff", "\r\n" * 1000, "🙂" * 1000, "é" * 70, "\u202e" * 9, "a" * 100_000):
        report = unspin.scan(text)
        assert report.label in ("unknown", "clean")
        assert report.bytes == len(text.encode())
        assert unspin.restore(text) == text


def test_a_long_text(genuine):
    text = genuine * (20_000_000 // len(genuine))
    report = unspin.scan(text)
    assert report.bytes == len(text.encode())
    assert report.label in ("clean", "suspect")

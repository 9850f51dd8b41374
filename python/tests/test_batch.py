import threading
import time

import pytest

import unspin


def test_a_batch_says_what_single_scans_say(spun, genuine):
    texts = [spun, None, genuine, "", "Only five words are here."] * 3
    alone = [None if text is None else unspin.scan(text) for text in texts]
    assert unspin.scan_batch(texts) == alone
    for threads in (1, 2, 3):
        assert unspin.scan_batch(texts, threads=threads) == alone


def test_anything_that_can_be_gone_through(spun):
    expected = [unspin.scan(spun)] * 2
    assert unspin.scan_batch((spun, spun)) == expected
    assert unspin.scan_batch(text for text in (spun, spun)) == expected
    assert unspin.scan_batch({"a": spun, "b": spun}.values()) == expected


def test_empty_batches():
    assert unspin.scan_batch([]) == []
    assert unspin.scan_batch([None]) == [None]
    assert unspin.scan_batch([""])[0].label == "unknown"


def test_more_than_one_portion(genuine):
    texts = [genuine * 40] * 4 + [None] + ["Short."] * 100
    number = max(1, (5 << 20) // (len(texts[0]) * 4))
    reports = unspin.scan_batch(texts * number)
    assert len(reports) == len(texts) * number
    assert reports[: len(texts)] == reports[-len(texts) :]


def test_a_generator_that_fails_says_so():
    def texts():
        yield "A text."
        raise KeyError("the source is gone")

    with pytest.raises(KeyError, match="the source is gone"):
        unspin.scan_batch(texts())


def test_many_threads_share_a_model(spun, genuine):
    model = unspin.Model()
    expected = (model.scan(spun), model.scan(genuine))
    wrong = []

    def work():
        for _ in range(3):
            if (model.scan(spun), model.scan(genuine)) != expected:
                wrong.append("scan")
            if model.scan_batch([spun, genuine]) != list(expected):
                wrong.append("scan_batch")

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("kind", ["scan", "scan_batch", "threads=1", "restore"])
def test_other_threads_go_on_meanwhile(spun, kind):
    """A thread that ticks must tick while the other one scans, not only before and after."""
    model = unspin.Model()
    work = {
        "scan": lambda: model.scan(spun * 60),
        "scan_batch": lambda: model.scan_batch([spun] * 120),
        "threads=1": lambda: model.scan_batch([spun] * 60, threads=1),
        "restore": lambda: model.restore(spun * 20),
    }[kind]
    ticks, stop = [], threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    ticking = threading.Thread(target=tick)
    ticking.start()
    while not ticks:
        time.sleep(0.001)
    begun = time.perf_counter()
    work()
    ended = time.perf_counter()
    stop.set()
    ticking.join()
    # In the middle half of the work, which one call does without a line of Python.
    quarter = (ended - begun) / 4
    assert sum(begun + quarter < t < ended - quarter for t in ticks) >= 3, ended - begun

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time

import pytest

import unspin

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
# Python warns of forks while threads run, which is what is tried here.
ignored = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def in_child(work):
    """What `work` gives in a fork of this process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with os.fdopen(writing, "wb") as out:
                out.write(pickle.dumps(work()))
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    late = threading.Timer(60, os.kill, (child, signal.SIGKILL))
    late.start()
    try:
        with os.fdopen(reading, "rb") as answer:
            pickled = answer.read()
        _, status = os.waitpid(child, 0)
    finally:
        late.cancel()
    assert status == 0, "the child failed, or waited for threads that it has not"
    return pickle.loads(pickled)


@ignored
@pytest.mark.parametrize("threads", [None, 1, 2])
def test_a_child_scans_after_its_parent_did(spun, genuine, threads):
    texts = [spun, genuine, None] * 4
    before = unspin.scan_batch(texts, threads=threads)
    assert in_child(lambda: unspin.scan_batch(texts, threads=threads)) == before
    assert in_child(lambda: in_child(lambda: unspin.scan_batch(texts, threads=threads))) == before
    assert in_child(lambda: [unspin.scan(spun), unspin.restore(spun)]) == [before[0], unspin.restore(spun)]
    assert unspin.scan_batch(texts, threads=threads) == before


@ignored
def test_forks_while_other_threads_scan(spun):
    model, stop = unspin.Model(), threading.Event()
    expected = model.scan_batch([spun] * 2)

    def work():
        while not stop.is_set():
            model.scan_batch([spun] * 4)

    scanning = threading.Thread(target=work)
    scanning.start()
    try:
        for _ in range(5):
            time.sleep(0.02)
            assert in_child(lambda: model.scan_batch([spun] * 2)) == expected
    finally:
        stop.set()
        scanning.join()


@ignored
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_pools_of_processes(spun, genuine, method):
    model = unspin.Model(profile="strict")
    texts = [spun, genuine] * 3
    unspin.scan_batch(texts)
    with multiprocessing.get_context(method).Pool(2) as pool:
        # The model goes there by its configuration, and the reports come back.
        reports = pool.map_async(model.scan, texts).get(timeout=60)
        batches = pool.map_async(unspin.scan_batch, [texts, []]).get(timeout=60)
    assert reports == [model.scan(text) for text in texts]
    assert batches == [unspin.scan_batch(texts), []]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are otherwise there")
def test_a_long_batch_can_be_interrupted(genuine):
    begun = time.monotonic()
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        unspin.scan_batch(genuine for _ in range(10**9))
    assert time.monotonic() - begun < 60

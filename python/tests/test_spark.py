import json
import os
import shutil
import sys

import pytest

import unspin

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytest.importorskip("pyarrow", reason="pyarrow is not installed")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java, and there is none", allow_module_level=True)

from pyspark.sql import SparkSession

from unspin.spark import with_restored, with_verdict


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    # The executors' Python must be the one that unspin is installed for.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local[2]")
        .appName("unspin")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "localhost")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "64")
        .getOrCreate()
    )
    yield session
    session.stop()


def test_verdicts_are_those_of_the_package(spark, spun, genuine):
    texts = [spun, genuine, None, "", "Only five words are here.", "– " + spun] * 20
    df = spark.createDataFrame(list(enumerate(texts)), "number int, text string").repartition(4)
    rows = with_verdict(df).orderBy("number").collect()
    assert [row.number for row in rows] == list(range(len(texts)))
    for row, report in zip(rows, unspin.scan_batch(texts)):
        assert row.unspin_error is None
        if report is None:
            assert row.unspin_label is None and row.unspin_report is None
            continue
        assert row.unspin_report == report.to_json()
        assert (row.unspin_label, row.unspin_probability) == (report.label, report.probability)
        assert (row.unspin_spin_rate, row.unspin_words) == (report.spin_rate, report.words)
        assert row.unspin_findings == len(report.findings) == len(json.loads(row.unspin_report)["findings"])


def test_long_texts_are_marked(spark, spun):
    df = spark.createDataFrame([(1, "Short."), (2, spun), (3, None)], "number int, body string")
    rows = with_verdict(df, "body", prefix="of_", max_chars=100).orderBy("number").collect()
    assert [row.of_label for row in rows] == ["unknown", None, None]
    assert rows[1].of_error == f"the text has {len(spun)} characters, more than max_chars=100"
    assert [row.of_error is None for row in rows] == [True, False, True]
    rows = with_restored(df, "body", max_chars=100).orderBy("number").collect()
    assert [row.restored for row in rows] == ["Short.", None, None]
    assert "max_chars=100" in rows[1].restored_error


def test_restored_texts(spark, spun, genuine):
    texts = [spun, genuine, None, ""]
    df = spark.createDataFrame(list(enumerate(texts)), "number int, text string")
    for grade in ("safe", "unsafe"):
        rows = with_restored(df, grade=grade).orderBy("number").collect()
        assert [row.restored for row in rows] == [t and unspin.restore(t, grade) for t in texts]
        assert all(row.restored_error is None for row in rows)


def test_a_model_of_ones_own(spark, spun, tmp_path):
    pack = tmp_path / "mine.tsv"
    pack.write_text("ferry firm\tferry company\tn\n", encoding="utf-8")
    model = unspin.Model(packs=[pack], profile="sensitive")
    df = spark.createDataFrame([(spun,)], "text string")
    (row,) = with_verdict(df, model=model).collect()
    assert row.unspin_report == model.scan(spun).to_json()


def test_what_cannot_be_asked(spark):
    df = spark.createDataFrame([(1, "a", "b")], "number int, text string, restored string")
    with pytest.raises(ValueError, match="no column 'body'; there are number, text, restored"):
        with_verdict(df, "body")
    with pytest.raises(ValueError, match="of the type int where string is wanted"):
        with_verdict(df, "number")
    with pytest.raises(ValueError, match="a column 'restored' already"):
        with_restored(df)
    with pytest.raises(ValueError, match='no grade "bold"'):
        with_restored(df, column="new", grade="bold")


def test_partitions_by_label(spark, spun, genuine, tmp_path):
    df = spark.createDataFrame([(spun,), (genuine,), ("Short.",)], "text string")
    with_verdict(df).write.partitionBy("unspin_label").parquet(str(tmp_path / "judged"))
    again = spark.read.parquet(str(tmp_path / "judged"))
    assert sorted(row.unspin_label for row in again.collect()) == ["clean", "spun", "unknown"]


def test_bad_rows_do_not_end_the_job():
    # Spark's strings are UTF-8; what cannot be scanned comes from elsewhere, and is marked all the same.
    from unspin.spark import _restored, _verdicts

    model = unspin.Model()
    columns = _verdicts(model, ["Short.", "\ud800", None])
    assert columns[0] == ["unknown", None, None]
    assert columns[-1][0] is None and columns[-1][2] is None
    assert columns[-1][1].startswith("UnicodeEncodeError: ")
    assert _restored("safe", model, ["Short.", "\ud800", None])[0] == ["Short.", None, None]

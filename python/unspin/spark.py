"""Verdicts and restored texts as columns of Spark's data frames.

The functions add columns by ``mapInArrow``: rows stay where they are, in their order, with all their
other columns. Every Python worker of an executor makes one model, when its first batch comes, and scans
in one thread, since Spark runs a worker a core. unspin must be installed where the executors run, and
packs of one's own must lie there under the same path.
"""

from functools import partial
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

from . import Model, Report

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

__all__ = ["with_restored", "with_verdict"]

#: Longer texts are not scanned where nothing else is said: so many characters.
MAX_CHARS = 16 << 20

_Row = Tuple[Any, ...]
_Columns = List[List[Any]]
_Rows = Callable[[Model, List[Optional[str]]], _Columns]

_NOTHING: _Row = (None,)

#: The models of this process by their configuration.
_MODELS: Dict[str, Model] = {}


def with_verdict(
    df: "DataFrame",
    text: str = "text",
    *,
    prefix: str = "unspin_",
    max_chars: int = MAX_CHARS,
    model: Optional[Model] = None,
) -> "DataFrame":
    """The rows of a data frame with what a scan says of their column ``text``.

    These columns are added, their names beginning with ``prefix``:

    ============== ======== ==============================================================
    label          string   spun, suspect, clean or unknown
    probability    double   how probable it is that the text was spun, 0 to 1
    spin_rate      double   the share of possible swaps that were made, 0 to 1
    words          long     how many words and numbers the text has
    findings       long     how many phrases were swapped
    report         string   the line of ``unspin scan --format jsonl``
    error          string   why there is nothing else; null where all went well
    ============== ======== ==============================================================

    All are null where the text is. A text of more than ``max_chars`` characters, or one that cannot be
    scanned, has only ``error``; the job goes on.

    :param model: a model of one's own, of which the executors get the configuration
    :raises ValueError: for a column that there is not, is of another type, or would be there twice
    """
    columns = {
        "label": "string",
        "probability": "double",
        "spin_rate": "double",
        "words": "long",
        "findings": "long",
        "report": "string",
        "error": "string",
    }
    added = {prefix + name: of for name, of in columns.items()}
    return _with_columns(df, text, added, _verdicts, max_chars, model)


def with_restored(
    df: "DataFrame",
    text: str = "text",
    *,
    column: str = "restored",
    grade: str = "safe",
    max_chars: int = MAX_CHARS,
    model: Optional[Model] = None,
) -> "DataFrame":
    """The rows of a data frame with their column ``text`` restored, in the column ``column``.

    It is null where the text is. Where a text has more than ``max_chars`` characters, or cannot be
    restored, it is null too, and the string column ``column`` + ``_error`` says why.

    :param grade: "safe" undoes the sure findings, "unsafe" also the likely ones
    """
    # A wrong grade is said here, not by every row.
    (model or _model(())).restore("", grade)  # type: ignore[arg-type]
    added = {column: "string", column + "_error": "string"}
    return _with_columns(df, text, added, partial(_restored, grade), max_chars, model)


def _with_columns(
    df: "DataFrame",
    text: str,
    added: Dict[str, str],
    rows: _Rows,
    max_chars: int,
    model: Optional[Model],
) -> "DataFrame":
    from pyspark.sql.types import StringType, StructType

    there = {field.name: field.dataType for field in df.schema.fields}
    if text not in there:
        raise ValueError(f"there is no column {text!r}; there are {', '.join(there)}")
    if not isinstance(there[text], StringType):
        raise ValueError(
            f"the column {text!r} is of the type {there[text].simpleString()} where string is wanted; cast it first"
        )
    for name in added:
        if name in there:
            raise ValueError(f"there is a column {name!r} already; drop it, or have the new one named otherwise")
    schema = StructType(list(df.schema.fields))
    for name, of in added.items():
        schema = schema.add(name, of)
    number = df.schema.fieldNames().index(text)
    configuration = model.__reduce__()[1] if model is not None else ()
    work = partial(_batches, number, added, rows, max_chars, configuration)
    return df.mapInArrow(work, schema)


def _model(configuration: Sequence[Any]) -> Model:
    """The one model of this process for a configuration."""
    key = repr(configuration)
    if key not in _MODELS:
        _MODELS[key] = Model(*configuration)
    return _MODELS[key]


def _batches(
    number: int,
    added: Dict[str, str],
    rows: _Rows,
    max_chars: int,
    configuration: Sequence[Any],
    batches: "Iterator[pa.RecordBatch]",
) -> "Iterator[pa.RecordBatch]":
    """Runs in the executors: gives batches with the new columns behind the others."""
    import pyarrow as pa

    types = {"string": pa.string(), "double": pa.float64(), "long": pa.int64()}
    model = _model(configuration)
    for batch in batches:
        texts: List[Optional[str]] = batch.column(number).to_pylist()
        too_long = {row: len(t) for row, t in enumerate(texts) if t is not None and len(t) > max_chars}
        for row in too_long:
            texts[row] = None
        columns = rows(model, texts)
        for row, length in too_long.items():
            columns[-1][row] = f"the text has {length} characters, more than max_chars={max_chars}"
        arrays = [pa.array(column, type=types[of]) for column, of in zip(columns, added.values())]
        yield pa.RecordBatch.from_arrays(batch.columns + arrays, names=batch.schema.names + list(added))


def _verdicts(model: Model, texts: List[Optional[str]]) -> _Columns:
    def one(text: str) -> _Row:
        return _verdict(model.scan(text))

    try:
        reports = model.scan_batch(texts, threads=1)
    except Exception:
        # One of them is bad: each by itself tells which.
        return _one_by_one(one, texts, width=7)
    return _transposed([_NOTHING * 7 if report is None else _verdict(report) for report in reports], width=7)


def _verdict(report: Report) -> _Row:
    of = report
    return (of.label, of.probability, of.spin_rate, of.words, len(of.findings), of.to_json(), None)


def _restored(grade: Any, model: Model, texts: List[Optional[str]]) -> _Columns:
    def one(text: str) -> _Row:
        return (model.restore(text, grade), None)

    return _one_by_one(one, texts, width=2)


def _one_by_one(one: Callable[[str], _Row], texts: List[Optional[str]], width: int) -> _Columns:
    """The columns of a row each; what goes wrong stands in the last."""
    rows: List[_Row] = []
    for text in texts:
        if text is None:
            rows.append(_NOTHING * width)
            continue
        try:
            rows.append(one(text))
        except Exception as error:
            rows.append(_NOTHING * (width - 1) + (f"{type(error).__name__}: {error}",))
    return _transposed(rows, width)


def _transposed(rows: List[_Row], width: int) -> _Columns:
    return [[row[column] for row in rows] for column in range(width)]

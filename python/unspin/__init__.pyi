"""Finds machine-rewritten ("spun") English and restores the wording that stood there."""

from os import PathLike
from typing import Any, Dict, Iterable, List, Literal, Optional, Tuple, TypedDict, Union, final

__all__ = [
    "Finding",
    "Model",
    "Report",
    "Section",
    "__version__",
    "restore",
    "scan",
    "scan_batch",
]

__version__: str

_Label = Literal["spun", "suspect", "clean", "unknown"]
_Profile = Literal["strict", "balanced", "sensitive"]
_Grade = Literal["safe", "unsafe"]
_Applicability = Literal["safe", "unsafe", "display"]

class _Evidence(TypedDict):
    pack: str
    context: float
    channel: float
    genuine_use: float

@final
class Finding:
    """A phrase that was swapped."""

    @property
    def start(self) -> int:
        """Where it begins, in bytes of the text's UTF-8."""

    @property
    def end(self) -> int:
        """What follows it, in bytes of the text's UTF-8."""

    @property
    def span(self) -> Tuple[int, int]:
        """The same in characters: ``text[slice(*finding.span)] == finding.text``."""

    @property
    def line(self) -> int:
        """The line it begins on, counted from 1."""

    @property
    def column(self) -> int:
        """The column it begins in, in characters, counted from 1."""

    @property
    def text(self) -> str:
        """The phrase as it stands."""

    @property
    def confidence(self) -> float:
        """How probable it is that the phrase was swapped, 0 to 1."""

    @property
    def applicability(self) -> _Applicability:
        """Whether the first replacement may be put in without a look."""

    @property
    def replacements(self) -> List[Tuple[str, float]]:
        """What may have stood there with its probability, the most probable first."""

    @property
    def evidence(self) -> _Evidence:
        """Why, in natural logarithms, and the pack that the swap is from."""

@final
class Section:
    """A run of sentences that was spun in a text that was not spun as a whole."""

    @property
    def start(self) -> int:
        """Where it begins, in bytes of the text's UTF-8."""

    @property
    def end(self) -> int:
        """What follows it, in bytes of the text's UTF-8."""

    @property
    def span(self) -> Tuple[int, int]:
        """The same in characters."""

    @property
    def line(self) -> int:
        """The line it begins on, counted from 1."""

    @property
    def end_line(self) -> int:
        """The line it ends on."""

    @property
    def words(self) -> int:
        """How many words and numbers it has."""

    @property
    def spin_rate(self) -> float:
        """The share of possible swaps that were made in it, 0 to 1."""

    @property
    def probability(self) -> float:
        """How probable it is that it was spun, judged by itself, 0 to 1."""

@final
class Report:
    """What a scan says of a text."""

    @property
    def schema(self) -> int:
        """The version of the fields of :meth:`to_dict`; fields are only ever added to it."""

    @property
    def path(self) -> Optional[str]:
        """The file, as the caller named it."""

    @property
    def id(self) -> Optional[str]:
        """The identifier that the caller gave."""

    @property
    def bytes(self) -> int:
        """The length of the text in bytes of UTF-8."""

    @property
    def words(self) -> int:
        """How many words and numbers it has."""

    @property
    def label(self) -> _Label:
        """The judgement."""

    @property
    def probability(self) -> float:
        """How probable it is that the text was spun, 0 to 1."""

    @property
    def log10_odds(self) -> float:
        """The decimal logarithm of the odds of that."""

    @property
    def spin_rate(self) -> float:
        """The share of possible swaps that were made, 0 to 1."""

    @property
    def styles(self) -> Dict[str, float]:
        """The styles that the spinning shows with their shares, the largest first."""

    @property
    def findings(self) -> List[Finding]:
        """The phrases that were swapped, in the order of the text, without overlaps."""

    @property
    def sections(self) -> List[Section]:
        """The parts that were spun where the rest was left alone; empty for a text of one piece."""

    def to_json(self) -> str:
        """The line that ``unspin scan --format jsonl`` writes, without the line feed."""

    def to_dict(self) -> Dict[str, Any]:
        """The object that this line holds."""

@final
class Model:
    """Dictionaries, language model and thresholds: everything that scanning needs.

    Immutable, and shared by all threads; pickled by its configuration, which is cheap.
    """

    def __new__(
        cls,
        packs: Optional[Iterable[Union[str, PathLike[str]]]] = None,
        profile: _Profile = "balanced",
        threshold: Optional[float] = None,
        min_confidence: Optional[float] = None,
        thesaurus: bool = True,
    ) -> Model:
        """Makes a model.

        :param packs: swaps of one's own: TSV packs, or dictionaries compiled by ``unspin dict build``
        :param profile: how ready to accuse the model is
        :param threshold: labels texts "spun" from this probability on; None for that of the profile
        :param min_confidence: reports findings from this confidence on; None for that of the profile
        :param thesaurus: whether swaps that no spinner is known for are looked for in a thesaurus
        :raises ValueError: for a profile, a figure or the content of a pack that is wrong
        :raises OSError: for a pack that cannot be read
        """

    @property
    def packs(self) -> List[str]: ...
    @property
    def profile(self) -> _Profile: ...
    @property
    def threshold(self) -> Optional[float]: ...
    @property
    def min_confidence(self) -> Optional[float]: ...
    @property
    def thesaurus(self) -> bool: ...
    def scan(self, text: str, id: Optional[str] = None, *, path: Optional[str] = None) -> Report:
        """Scans one text; other threads of Python go on meanwhile.

        :param id: put into the report as it is
        :param path: the same, where the report is to name a file
        :raises TypeError: for anything but a ``str``
        :raises UnicodeEncodeError: for a lone surrogate, which is no character
        """

    def scan_batch(
        self, texts: Iterable[Optional[str]], *, threads: Optional[int] = None
    ) -> List[Optional[Report]]:
        """Scans many texts, in their order; None among them gives None.

        Other threads of Python go on meanwhile. Of a generator only the next few megabytes are held.

        :param threads: how many threads to use; None for one a core, 1 for the calling one
        :raises TypeError: for anything but ``str`` and None, by its number
        :raises UnicodeEncodeError: for a lone surrogate, by the number of the text
        """

    def restore(self, text: str, grade: _Grade = "safe") -> str:
        """The text with its swaps undone, all else as it was.

        :param grade: "safe" undoes the sure findings, "unsafe" also the likely ones
        """

def scan(text: str, id: Optional[str] = None, *, path: Optional[str] = None) -> Report:
    """Scans one text with the default model: ``Model().scan(text, id)``."""

def scan_batch(
    texts: Iterable[Optional[str]], *, threads: Optional[int] = None
) -> List[Optional[Report]]:
    """Scans many texts with the default model: ``Model().scan_batch(texts)``."""

def restore(text: str, grade: _Grade = "safe") -> str:
    """The text with its swaps undone, by the default model: ``Model().restore(text, grade)``."""

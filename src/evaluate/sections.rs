//! An evaluation as tables, for the writers that people read.

use super::evaluation::Evaluation;
use super::figures::{EditFigures, Figures};
use super::reliability::Reliability;
use super::slices::{LabelCounts, Slice};

/// A table with what it is about.
pub(super) struct Section {
    /// What it shows.
    pub title: &'static str,
    /// How to read it.
    pub note: &'static str,
    /// The columns; the first is of names, the others of figures.
    pub head: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

fn share(value: impl Into<Option<f64>>) -> String {
    value.into().map_or_else(|| "-".into(), |v| format!("{v:.3}"))
}

fn count(value: usize) -> String {
    value.to_string()
}

/// All tables that have rows.
pub(super) fn sections(evaluation: &Evaluation) -> Vec<Section> {
    let slices = &evaluation.slices;
    let mut sections = vec![
        edits(evaluation),
        verdicts(evaluation),
        labels(evaluation),
        false_rates(evaluation),
        slice("By style", "Verdicts are compared with all genuine texts.", &slices.styles),
        slice("By rate", "Verdicts are compared with all genuine texts.", &slices.rates),
        slice("By length", "Words of the text.", &slices.lengths),
        genres(&slices.genres),
        grades(evaluation),
        thresholds(evaluation),
    ];
    let tables = [
        (
            "Reliability of verdicts",
            "Verdicts by folder",
            "said: that the document was spun; right: it was. Documents labelled unknown are left out.",
        ),
        (
            "Reliability of confidences",
            "Confidences by folder",
            "said: that the phrase was swapped; right: it overlaps a known edit.",
        ),
        (
            "Reliability of replacements",
            "Replacements by folder",
            "said: that the first replacement stood there; right: it did. Right findings only.",
        ),
    ];
    let at_prior = evaluation.reliability.documents_at_prior.as_ref();
    sections.extend(at_prior.map(|table| Section {
        title: "Reliability of verdicts at the program's prior",
        note: "As in a collection where genuine documents are twice as many as spun ones.",
        head: RELIABILITY.to_vec(),
        rows: vec![reliability_row("ALL", table)],
    }));
    for ((title, by_folder, note), (_, reliabilities)) in tables.into_iter().zip(evaluation.reliability.named()) {
        sections.extend(reliabilities.all.as_ref().map(|all| bins(title, note, all)));
        let rows = reliabilities.rows().map(|(name, r)| reliability_row(name, r)).collect();
        let head = RELIABILITY.to_vec();
        let note = "ECE: expected calibration error; log loss in natural logarithms.";
        sections.push(Section { title: by_folder, note, head, rows });
    }
    sections.retain(|s| !s.rows.is_empty());
    sections
}

fn edits(evaluation: &Evaluation) -> Section {
    let row = |(name, figures): &(String, Figures)| {
        let e: &EditFigures = figures.edits.as_ref()?;
        let mut row = vec![name.clone(), count(e.gold), share(e.detect_P), share(e.detect_R), share(e.detect_F1)];
        row.extend([share(e.restore_P), share(e.restore_R), share(e.restore_F05)]);
        row.extend([share(e.top1), share(e.top3), share(e.net)]);
        Some(row)
    };
    Section {
        title: "Edits",
        note: "P, R: precision and recall of detection and of exact restoration; top-1, top-3: of detected edits, those \
               restored by the best replacement and by one of the best three; net: (restored - damage) / edits.",
        head: vec!["folder", "edits", "detect P", "R", "F1", "restore P", "R", "F0.5", "top-1", "top-3", "net"],
        rows: evaluation.groups.iter().filter_map(row).collect(),
    }
}

fn verdicts(evaluation: &Evaluation) -> Section {
    let row = |(name, f): &(String, Figures)| {
        vec![
            name.clone(),
            f.genuine.map_or_else(|| "-".into(), |g| count(g.clean_words)),
            share(f.genuine.map(|g| g.false_per_10k)),
            share(f.separation.map(|s| s.auc)),
            share(f.separation.map(|s| s.tpr_001)),
            share(f.separation.map(|s| s.tpr_01)),
            share(f.mean_probability),
        ]
    };
    Section {
        title: "Genuine text and verdicts",
        note: "false: findings in 10,000 genuine words; found: share of spun texts found where 1 genuine text in 1,000, \
               or in 100, is accused; mean p: mean probability where texts are of one kind.",
        head: vec!["folder", "genuine words", "false/10k", "AUC", "found at .001", "at .01", "mean p"],
        rows: evaluation.groups.iter().map(row).collect(),
    }
}

fn label_cells(counts: &LabelCounts) -> [String; 5] {
    [
        count(counts.clean),
        count(counts.suspect),
        count(counts.spun),
        count(counts.unknown),
        share(counts.mean_probability),
    ]
}

fn labels(evaluation: &Evaluation) -> Section {
    let kinds = [("spun", &evaluation.labels.spun), ("genuine", &evaluation.labels.genuine)];
    let row = |(name, counts): (&str, &LabelCounts)| {
        let mut row = vec![name.to_string(), count(counts.texts)];
        row.extend(label_cells(counts));
        row
    };
    Section {
        title: "Labels",
        note: "Texts by what they are, and what they were labelled.",
        head: vec!["texts that are", "texts", "clean", "suspect", "spun", "unknown", "mean p"],
        rows: kinds.into_iter().filter(|(_, c)| c.texts > 0).map(row).collect(),
    }
}

fn false_rates(evaluation: &Evaluation) -> Section {
    let rows = evaluation.curve.iter().flat_map(|curve| {
        curve.false_rates.iter().map(|rate| {
            vec![
                format!("{}", rate.at_most),
                format!("{:.6}", rate.threshold),
                format!("{} of {}", rate.flagged, curve.genuine),
                share(rate.true_rate),
            ]
        })
    });
    Section {
        title: "Thresholds of the document probability",
        note: "Where at most this share of genuine texts lies above the threshold. With fewer genuine texts than one over \
               the share it is simply their highest probability.",
        head: vec!["at most", "threshold", "genuine above", "spun above"],
        rows: rows.collect(),
    }
}

fn slice(title: &'static str, note: &'static str, slices: &[Slice]) -> Section {
    let row = |s: &Slice| {
        let edits = s.figures.edits.as_ref();
        let labelled = |c: &LabelCounts, of: usize| share((c.texts > 0).then(|| of as f64 / c.texts as f64));
        vec![
            s.name.clone(),
            count(s.spun.texts),
            share(edits.and_then(|e| e.detect_P)),
            share(edits.and_then(|e| e.detect_R)),
            share(edits.map(|e| e.restore_F05)),
            share(edits.map(|e| e.net)),
            labelled(&s.spun, s.spun.spun),
            count(s.genuine.texts),
            share(s.figures.genuine.map(|g| g.false_per_10k)),
            labelled(&s.genuine, s.genuine.spun),
            share(s.figures.separation.map(|s| s.auc)),
            share(s.figures.separation.map(|s| s.tpr_01)),
        ]
    };
    Section {
        title,
        note,
        head: vec![
            "",
            "spun",
            "detect P",
            "R",
            "restore F0.5",
            "net",
            "labelled spun",
            "genuine",
            "false/10k",
            "labelled spun",
            "AUC",
            "found at .01",
        ],
        rows: slices.iter().map(row).collect(),
    }
}

fn genres(slices: &[Slice]) -> Section {
    let row = |s: &Slice| {
        let mut row = vec![s.name.clone(), count(s.genuine.texts)];
        row.push(s.figures.genuine.map_or_else(|| "-".into(), |g| count(g.clean_words)));
        row.push(share(s.figures.genuine.map(|g| g.false_per_10k)));
        row.extend(label_cells(&s.genuine));
        row
    };
    Section {
        title: "Genuine texts by folder",
        note: "false: findings in 10,000 words; then how many texts got which label.",
        head: vec!["folder", "texts", "words", "false/10k", "clean", "suspect", "spun", "unknown", "mean p"],
        rows: slices.iter().map(row).collect(),
    }
}

fn grades(evaluation: &Evaluation) -> Section {
    let row = |g: &super::GradeFigures| {
        vec![
            g.grade.name().to_string(),
            count(g.found),
            share(g.detect_precision),
            share(g.detect_recall),
            share(g.restore_precision),
            share(g.restore_recall),
            share(g.false_per_10k),
        ]
    };
    Section {
        title: "Findings by grade",
        note: "Recall: the share of all edits that findings of this grade account for; the sum over grades is the recall \
               of all.",
        head: vec!["grade", "findings", "detect P", "R", "restore P", "R", "false/10k"],
        rows: evaluation.grades.iter().map(row).collect(),
    }
}

fn thresholds(evaluation: &Evaluation) -> Section {
    let row = |t: &super::ThresholdFigures| {
        let e = t.edits.as_ref();
        vec![
            format!("{}", t.confidence),
            count(t.found),
            share(e.and_then(|e| e.detect_P)),
            share(e.and_then(|e| e.detect_R)),
            share(e.and_then(|e| e.restore_P)),
            share(e.and_then(|e| e.restore_R)),
            share(e.map(|e| e.restore_F05)),
            share(e.map(|e| e.net)),
            share(t.genuine.map(|g| g.false_per_10k)),
        ]
    };
    Section {
        title: "Thresholds of confidence",
        note: "What --min-confidence would give.",
        head: vec!["from", "findings", "detect P", "R", "restore P", "R", "F0.5", "net", "false/10k"],
        rows: evaluation.thresholds.iter().map(row).collect(),
    }
}

const RELIABILITY: [&str; 7] = ["folder", "count", "said", "right", "ECE", "Brier", "log loss"];

fn bins(title: &'static str, note: &'static str, table: &Reliability) -> Section {
    let row = |bin: &super::Bin| {
        vec![format!("{:.1} to {:.1}", bin.from, bin.to), count(bin.count), share(bin.said), share(bin.right)]
    };
    let rows = table.bins.iter().filter(|bin| bin.count > 0).map(row).collect();
    Section { title, note, head: vec!["probability", "count", "said", "right"], rows }
}

fn reliability_row(name: &str, r: &Reliability) -> Vec<String> {
    let mut row = vec![name.to_string(), count(r.count)];
    row.extend([r.said, r.right, r.ece, r.brier, r.log_loss].map(share));
    row
}

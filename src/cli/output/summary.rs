//! What a run adds up to, in a line.

use std::time::Instant;

use serde::{Deserialize, Serialize};
use unspin::Label;

/// The labels, the gravest first.
pub const LABELS: [Label; 4] = [Label::Spun, Label::Suspect, Label::Clean, Label::Unknown];

/// What a run adds up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// The bytes of all documents' texts.
    pub bytes: u64,
    /// How many documents have each of [`LABELS`].
    pub labels: [u64; 4],
    /// How many documents or records could not be read, or not to their end.
    pub errors: u64,
}

impl Counts {
    pub fn add(&mut self, label: Label, bytes: usize) {
        let number = LABELS.iter().position(|l| *l == label).unwrap_or(LABELS.len() - 1);
        self.labels[number] += 1;
        self.bytes += bytes as u64;
    }

    /// In words. `here` is what of it this run did, since `begun`: from that follows the speed.
    pub fn said(&self, here: &Counts, begun: Instant) -> String {
        let documents: u64 = self.labels.iter().sum();
        let mut said = format!("{documents} documents, {}", size(self.bytes as f64));
        for (label, count) in LABELS.iter().zip(self.labels) {
            let share = 100.0 * count as f64 / documents.max(1) as f64;
            said.push_str(&format!(", {count} {} ({share:.1}%)", label.name()));
        }
        let seconds = begun.elapsed().as_secs_f64();
        let speed = size(here.bytes as f64 / seconds.max(1e-9));
        said.push_str(&format!(", {} errors; {seconds:.1} s, {speed} a second", self.errors));
        if here != self {
            said.push_str(", what earlier runs did counted in");
        }
        said
    }
}

fn size(bytes: f64) -> String {
    match bytes {
        b if b >= 1e9 => format!("{:.1} GB", b / 1e9),
        b if b >= 1e6 => format!("{:.1} MB", b / 1e6),
        b if b >= 1e3 => format!("{:.1} kB", b / 1e3),
        b => format!("{b:.0} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_of_all_documents() {
        let mut counts = Counts { errors: 2, ..Counts::default() };
        counts.add(Label::Spun, 1_500);
        for _ in 0..3 {
            counts.add(Label::Clean, 500_000);
        }
        let said = counts.said(&counts, Instant::now());
        let begin =
            "4 documents, 1.5 MB, 1 spun (25.0%), 0 suspect (0.0%), 3 clean (75.0%), 0 unknown (0.0%), 2 errors; ";
        assert!(said.starts_with(begin) && !said.contains("earlier"), "{said}");
        assert!(counts.said(&Counts::default(), Instant::now()).ends_with("earlier runs did counted in"));
        assert!(
            Counts::default()
                .said(&Counts::default(), Instant::now())
                .starts_with("0 documents, 0 bytes, 0 spun (0.0%)")
        );
    }
}

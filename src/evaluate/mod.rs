//! Evaluation: how well scans find and undo swaps that are known.
//!
//! A folder of texts, some beside the gold edits that a spinner made in them, is scanned and
//! compared: [`texts`] and [`Sample`] read it, [`Scored`] scans and matches one text,
//! [`Evaluation`] adds up. [`write_text`], [`write_json`] and [`write_html`] render the result,
//! and [`Calibration`] fits the constants that turn evidence into probabilities.
//!
//! ```
//! use unspin::Model;
//! use unspin::evaluate::{Evaluation, GoldEdit, Sample, Scored};
//!
//! let model = Model::english();
//! let mut sample = Sample::genuine("a.txt", "Officers stated that the road was closed.");
//! sample.gold = Some(vec![GoldEdit { start: 9, end: 15, original: vec!["said".into()] }]);
//! let evaluation = Evaluation::of(&[Scored::scan(&mut model.worker(), sample)], 10);
//! assert_eq!(evaluation.texts, 1);
//! ```

mod calibration;
mod curve;
mod edits;
mod error;
mod evaluation;
mod figures;
mod grades;
mod html;
mod logistic;
mod place;
mod plot;
mod reliability;
mod sample;
mod scored;
mod sections;
mod slices;
mod text;
mod worst;

pub use calibration::{Calibration, Fitted};
pub use curve::{Curve, FalseRate, Point};
pub use edits::{Cluster, Edit, clusters};
pub use error::EvaluateError;
pub use evaluation::{EVALUATION_SCHEMA, Evaluation, Labels, ReliabilityTables};
pub use figures::{EditFigures, Figures, GenuineFigures, SeparationFigures, Tally};
pub use grades::{GradeFigures, ThresholdFigures};
pub use html::write_html;
pub use logistic::{Line, Observation, fit_line};
pub use place::Excerpt;
pub use reliability::{Bin, Reliabilities, Reliability};
pub use sample::{GoldEdit, Sample, texts};
pub use scored::{RawFinding, RawVerdict, Scored};
pub use slices::{LabelCounts, Slice, Slices};
pub use text::{write_json, write_text};
pub use worst::{FalseFinding, MissedSwap, Worst, WrongRestoration};

//! The lattice of an island: all ways to undo swaps in a stretch of text, with the language
//! model's state at every node.
//!
//! ```text
//!            .--- round ----.
//! a  second  o- spherical --o  of  negotiations
//!             (token stays)
//! ```
//!
//! Beyond two words after its last arc an island's paths agree again, so what follows is the
//! same for all of them and cancels.

use crate::language_model::{LanguageModel, Reading, State, WordId};

/// The most states kept at one place of an island. In trials on spun pages 12 gave the same
/// best paths as 48.
const BEAM: usize = 16;

/// The most tokens from the first arc of an island to its last: words that run on without the
/// end of a sentence must not need memory without end. No sentence of prose is as long.
const LONGEST: usize = 500;

/// A way to undo one swap: the tokens from `start` up to `end` read as other words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arc {
    /// First token.
    pub start: usize,
    /// The token after the last.
    pub end: usize,
    /// Where its words begin in the pool of words.
    pub words: (usize, usize),
    /// What it adds to a path, besides the language model's share, in natural logarithms.
    pub weight: f32,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    state: State,
    /// Natural logarithm of the sum over all paths that lead here.
    forward: f32,
    /// The same over all paths that lead on from here.
    backward: f32,
    best: f32,
    best_edge: usize,
}

#[derive(Clone, Copy, Debug)]
struct Edge {
    from: usize,
    to: usize,
    /// The arc it takes; `None` where a token stays.
    arc: Option<usize>,
    score: f32,
}

/// What decoding a text finds out about its arcs.
#[derive(Debug, Default)]
pub struct Decoded {
    /// For each arc the probability that it was taken.
    pub posterior: Vec<f32>,
    /// Whether the best path takes the arc.
    pub on_best: Vec<bool>,
}

impl Decoded {
    /// So many arcs of which none was taken.
    pub fn reset(&mut self, arcs: usize) {
        self.posterior.clear();
        self.posterior.resize(arcs, 0.0);
        self.on_best.clear();
        self.on_best.resize(arcs, false);
    }
}

/// Decodes texts; holds the buffers.
#[derive(Debug, Default)]
pub struct Decoder {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    /// The nodes at each place of the island.
    places: Vec<Vec<usize>>,
}

/// Natural logarithm of the sum of two numbers given by their logarithms.
fn log_add(a: f32, b: f32) -> f32 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low == f32::NEG_INFINITY || high - low > 20.0 { high } else { high + (low - high).exp().ln_1p() }
}

impl Decoder {
    /// Decodes a text.
    ///
    /// `arcs` are sorted by their first token, their words lie in `pool`; `slope` is what the
    /// language model's natural logarithms are multiplied with. A token that stands adds
    /// nothing to a path but the language model's share.
    pub fn decode(
        &mut self,
        model: &LanguageModel,
        reading: &Reading,
        arcs: &[Arc],
        pool: &[WordId],
        slope: f32,
        decoded: &mut Decoded,
    ) {
        decoded.reset(arcs.len());
        let mut first = 0;
        while first < arcs.len() {
            // An island grows as long as an arc begins where the last one still matters.
            let mut last = first + 1;
            let mut end = reach(reading, arcs[first].end);
            while last < arcs.len() && arcs[last].start < end && arcs[last].start - arcs[first].start < LONGEST {
                end = end.max(reach(reading, arcs[last].end));
                last += 1;
            }
            self.island(model, reading, arcs, first..last, end, pool, slope, decoded);
            first = last;
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn island(
        &mut self,
        model: &LanguageModel,
        reading: &Reading,
        arcs: &[Arc],
        range: std::ops::Range<usize>,
        end: usize,
        pool: &[WordId],
        slope: f32,
        decoded: &mut Decoded,
    ) {
        let start = arcs[range.start].start;
        self.nodes.clear();
        self.edges.clear();
        let places = end - start + 1;
        self.places.resize_with(places.max(self.places.len()), Vec::new);
        for place in &mut self.places[..places] {
            place.clear();
        }
        self.nodes.push(Node {
            state: reading.state_before(model, start),
            forward: 0.0,
            backward: f32::NEG_INFINITY,
            best: 0.0,
            best_edge: usize::MAX,
        });
        self.places[0].push(0);
        let mut next = range.start;
        for token in start..end {
            self.prune(token - start);
            let here = std::mem::take(&mut self.places[token - start]);
            for &from in &here {
                let stay = reading.words(token).iter().copied();
                self.extend(model, reading, from, None, stay, token + 1, (start, end), 0.0, slope);
            }
            while next < range.end && arcs[next].start == token {
                let arc = arcs[next];
                for &from in &here {
                    let words = pool[arc.words.0..arc.words.1].iter().copied();
                    self.extend(model, reading, from, Some(next), words, arc.end, (start, end), arc.weight, slope);
                }
                next += 1;
            }
            self.places[token - start] = here;
        }
        self.read_off(end - start, decoded);
    }

    /// Adds the edge from a node over one arc or token to the place before token `to`.
    #[allow(clippy::too_many_arguments)]
    fn extend(
        &mut self,
        model: &LanguageModel,
        reading: &Reading,
        from: usize,
        arc: Option<usize>,
        words: impl Iterator<Item = WordId>,
        to: usize,
        (start, end): (usize, usize),
        weight: f32,
        slope: f32,
    ) {
        let mut state = self.nodes[from].state;
        let mut logs = 0.0;
        for word in words {
            let (log, next) = model.step(&state, word);
            logs += log;
            state = next;
        }
        if to >= reading.len() || reading.sentence_start(to) {
            logs += model.step(&state, model.end()).0;
            state = model.start();
        }
        // All paths agree from here on: their states need not be told apart.
        if to == end {
            state = model.start();
        }
        let score = slope * logs + weight;
        let (forward, best) = (self.nodes[from].forward + score, self.nodes[from].best + score);
        let place = &mut self.places[to - start];
        let edge = self.edges.len();
        let known = place.iter().copied().find(|&n| self.nodes[n].state == state);
        let node = known.unwrap_or_else(|| {
            self.nodes.push(Node {
                state,
                forward: f32::NEG_INFINITY,
                backward: f32::NEG_INFINITY,
                best: f32::NEG_INFINITY,
                best_edge: usize::MAX,
            });
            place.push(self.nodes.len() - 1);
            self.nodes.len() - 1
        });
        let target = &mut self.nodes[node];
        target.forward = log_add(target.forward, forward);
        if best > target.best {
            target.best = best;
            target.best_edge = edge;
        }
        self.edges.push(Edge { from, to: node, arc, score });
    }

    /// Keeps the likeliest states of a place.
    fn prune(&mut self, place: usize) {
        if self.places[place].len() > BEAM {
            let nodes = &self.nodes;
            self.places[place].sort_unstable_by(|&a, &b| nodes[b].forward.total_cmp(&nodes[a].forward).then(a.cmp(&b)));
            self.places[place].truncate(BEAM);
        }
    }

    fn read_off(&mut self, last: usize, decoded: &mut Decoded) {
        let Some(&goal) = self.places[last].first() else { return };
        self.nodes[goal].backward = 0.0;
        let total = self.nodes[goal].forward;
        // Edges were made in order of their first place, so backwards every node is complete
        // before the edges that lead to it are met.
        for edge in self.edges.iter().rev() {
            let onward = self.nodes[edge.to].backward;
            let backward = log_add(self.nodes[edge.from].backward, edge.score + onward);
            if let Some(arc) = edge.arc {
                decoded.posterior[arc] += (self.nodes[edge.from].forward + edge.score + onward - total).exp().min(1.0);
            }
            self.nodes[edge.from].backward = backward;
        }
        let mut node = goal;
        while self.nodes[node].best_edge != usize::MAX {
            let edge = self.edges[self.nodes[node].best_edge];
            if let Some(arc) = edge.arc {
                decoded.on_best[arc] = true;
            }
            node = edge.from;
        }
    }
}

/// The first place after `end` from which on all paths agree: two words further, or the end
/// of the sentence.
fn reach(reading: &Reading, end: usize) -> usize {
    let mut words = 0;
    let mut token = end;
    while token < reading.len() && words < 2 && !reading.sentence_start(token) {
        words += reading.words(token).len();
        token += 1;
    }
    token
}

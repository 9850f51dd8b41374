//! How fast texts are scanned, beside what it costs to split them into words at all.
//!
//! Every input says what its report must hold: a scan that overlooks things is not fast, it is
//! wrong. `spun` is the dear case, with candidates decoded throughout; most text is `genuine`.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

use unspin::Model;

struct Input {
    name: &'static str,
    text: String,
    words: usize,
    /// Whether much is to be found.
    spun: bool,
}

fn inputs() -> Vec<Input> {
    let genuine = include_str!("../examples/genuine.txt");
    let spun = include_str!("../examples/spun.txt");
    vec![
        Input { name: "empty", text: String::new(), words: 0, spun: false },
        Input { name: "one_word", text: "harbour".into(), words: 1, spun: false },
        Input { name: "genuine", text: genuine.into(), words: 390, spun: false },
        Input { name: "genuine_long", text: genuine.repeat(50), words: 50 * 390, spun: false },
        Input { name: "spun", text: spun.into(), words: 454, spun: true },
    ]
}

fn scan(criterion: &mut Criterion) {
    let model = Model::english();
    let mut group = criterion.benchmark_group("scan");
    for input in inputs() {
        let mut worker = model.worker();
        let report = worker.scan(&input.text);
        assert_eq!(report.words, input.words, "{}", input.name);
        assert!(!input.spun || report.findings.len() > 40, "{}: {} findings", input.name, report.findings.len());
        group.throughput(Throughput::Bytes(input.text.len() as u64));
        group.bench_with_input(BenchmarkId::new("unspin", input.name), &input.text, |bencher, text| {
            bencher.iter(|| worker.scan(black_box(text)));
        });
        group.bench_with_input(BenchmarkId::new("split_whitespace", input.name), &input.text, |bencher, text| {
            bencher.iter(|| black_box(text).split_whitespace().count());
        });
    }
    group.finish();
}

fn start(criterion: &mut Criterion) {
    criterion.bench_function("model", |bencher| bencher.iter(Model::english));
}

criterion_group!(benches, scan, start);
criterion_main!(benches);

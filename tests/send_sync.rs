//! One model serves all threads.

use unspin::language_model::LanguageModel;
use unspin::{BuildError, Finding, Model, Report, Worker, dictionary::Dictionary};

const SPUN: &str = include_str!("../examples/spun.txt");

fn shared<T: Send + Sync + 'static>() {}
fn sent<T: Send>() {}

#[test]
fn models_and_reports_go_to_any_thread() {
    shared::<Model>();
    shared::<Dictionary>();
    shared::<LanguageModel>();
    shared::<Report>();
    shared::<Finding>();
    shared::<BuildError>();
    sent::<Worker<'static>>();
}

#[test]
fn every_thread_reports_the_same() {
    let model = Model::english();
    let alone = model.scan(SPUN);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| model.scan(SPUN))).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), alone);
        }
    });
    let batch = model.scan_batch(&[SPUN; 8]);
    assert!(batch.iter().all(|report| *report == alone));
}

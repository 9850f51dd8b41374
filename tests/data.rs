//! Data is code: what is compiled is what the sources beside it give.

#![allow(clippy::unwrap_used)]

use unspin::Model;
use unspin::dictionary::{GenuineUse, Inflector, Pack, compile, read_pack};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/dictionaries/en");

fn packs() -> Vec<Pack> {
    let mut files: Vec<_> =
        std::fs::read_dir(format!("{FOLDER}/packs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let pack = |file: &std::path::PathBuf| {
        let name = file.file_stem().unwrap().to_str().unwrap();
        read_pack(name, name, &std::fs::read_to_string(file).unwrap()).unwrap()
    };
    files.iter().map(pack).collect()
}

#[test]
fn the_bundled_dictionary_is_what_the_packs_give() {
    let table = std::fs::read_to_string(format!("{FOLDER}/genuine.tsv")).unwrap();
    let genuine = GenuineUse::from_table("genuine.tsv", &table).unwrap();
    let model = Model::english();
    let compiled = compile(&packs(), Inflector::english(), &genuine, model.language_model()).unwrap();
    assert!(
        compiled.as_bytes() == model.dictionaries()[0].as_bytes(),
        "english.dict is not what its packs give: run dictionaries/recipes/rebuild.sh, or `unspin dict build` as it does"
    );
}

#[test]
fn the_dictionary_is_large_and_each_entry_has_an_origin() {
    let packs = packs();
    assert!(packs.iter().map(|p| p.entries.len()).sum::<usize>() >= 50_000);
    for pack in &packs {
        for entry in &pack.entries {
            assert!(["hand", "observed", "thesaurus"].contains(&entry.origin.as_str()), "{}: {:?}", pack.name, entry);
        }
    }
}

#[test]
fn the_compiled_dictionary_keeps_to_its_size() {
    assert!(Model::english().dictionaries()[0].as_bytes().len() <= 4_000_000);
}

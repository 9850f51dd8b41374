//! Models are distributions: smoothed, mixed, pruned, cut to fewer words.

use proptest::prelude::*;
use unspin::language_model::{BackoffModel, Counts, Mixer, kneser_ney, pack, read_arpa, sentences};

use super::{TEXT, counted, probability, smoothed, word};

/// The probabilities of all words but `<s>` after a context, added up.
fn sum_after(model: &BackoffModel, context: &[Option<u32>]) -> f64 {
    let begin = word(model, "<s>");
    let words = (0..model.words().len() as u32).map(Some).filter(|w| *w != begin);
    words.map(|w| f64::from(model.log_probability(context, w)).exp()).sum()
}

fn assert_adds_up(model: &BackoffModel, what: &str) {
    let words = model.words().len() as u32;
    let end = word(model, "</s>");
    for first in 0..words {
        for context in [vec![Some(first)], vec![Some(first), Some((first * 7 + 3) % words)], vec![None, Some(first)]] {
            if context.contains(&end) {
                continue;
            }
            let sum = sum_after(model, &context);
            assert!((sum - 1.0).abs() < 1e-4, "{what}: {sum} after {context:?}");
        }
    }
    assert!((sum_after(model, &[]) - 1.0).abs() < 1e-4, "{what}");
}

#[test]
fn kneser_ney_gives_what_a_hand_works_out() {
    // With counts this few the discounts are .5, 1 and 1.5.
    let model = smoothed(&["a b", "a b", "a c"], 2);
    for (context, name, expected) in [
        (&[][..], "a", 0.2),
        (&[], "</s>", 0.3),
        (&[], "<unk>", 0.1),
        (&["a"], "b", 1.0 / 3.0 + 0.1),
        (&["a"], "c", 0.5 / 3.0 + 0.1),
        (&["a"], "a", 0.5 * 0.2),
        (&["<s>"], "a", 0.5 + 0.1),
        (&["b"], "</s>", 0.5 + 0.5 * 0.3),
    ] {
        let found = probability(&model, context, name);
        assert!((found - expected).abs() < 1e-6, "{name} after {context:?}: {found}, not {expected}");
    }
}

#[test]
fn discounts_are_estimated_where_counts_allow() {
    let many: Vec<String> = (0..400).map(|i| format!("w{} w{} w{}", i % 3, i * i % 41, i * 7 % 97)).collect();
    let texts: Vec<&str> = many.iter().map(String::as_str).collect();
    let (model, discounts) = kneser_ney(Counts::read(&counted(&texts, 3, &[])[..]).unwrap());
    assert!(discounts[2].estimated, "{discounts:?}");
    assert!(!kneser_ney(Counts::read(&counted(&["a b"], 2, &[])[..]).unwrap()).1[1].estimated);
    assert_adds_up(&model, "estimated discounts");
}

#[test]
fn every_order_and_cut_counts_add_up() {
    for order in 1..=5 {
        assert_adds_up(&smoothed(&[TEXT], order), &format!("order {order}"));
        let cut = Counts::read(&counted(&[TEXT], order, &[1, 2][..order.min(2)])[..]);
        if let Ok(cut) = cut {
            assert_adds_up(&kneser_ney(cut).0, &format!("order {order}, cut counts"));
        }
    }
}

#[test]
fn a_mixture_is_the_weighted_sum() {
    let (a, b) = (smoothed(&[TEXT], 3), smoothed(&["The harbour master left. A ferry waited for the crew."], 2));
    let mixed = Mixer::new(vec![a.clone(), b.clone()]).mix(&[3.0, 1.0]);
    assert_adds_up(&mixed, "mixture");
    assert_eq!(mixed.order(), 3);
    for (context, name) in [
        (&["<s>"][..], "the"),
        (&["in", "the"], "harbour"),
        (&["the", "ferry"], "left"),
        (&["harbour"], "master"),
        (&[], "crew"),
    ] {
        let expected = 0.75 * probability(&a, context, name)
            + if word(&b, name).is_some() { 0.25 * probability(&b, context, name) } else { 0.0 };
        let expected = if word(&a, name).is_some() { expected } else { 0.25 * probability(&b, context, name) };
        let found = probability(&mixed, context, name);
        assert!((found / expected - 1.0).abs() < 1e-4, "{name} after {context:?}: {found}, not {expected}");
    }
    assert_adds_up(&Mixer::new(vec![a.clone()]).mix(&[1.0]), "mixture of one");
    // What adds up to more than one, as quantised models do, is mended.
    let much = "\\data\\\nngram 1=3\nngram 2=2\n\\1-grams:\n-0.1 </s>\n-0.2 a 0.1\n-0.3 b\n\\2-grams:\n-0.05 a a\n-0.1 a b\n\\end\\\n";
    assert_adds_up(
        &Mixer::new(vec![read_arpa(much.as_bytes()).unwrap(), b]).mix(&[0.5, 0.5]),
        "mixture of what does not add up",
    );
}

#[test]
fn weights_follow_the_text() {
    let other = "Prices rose again last month. Shares fell, and banks lost money. Prices of shares rose.";
    let mixer = Mixer::new(vec![smoothed(&[TEXT], 3), smoothed(&[other], 3)]);
    let fit = |text: &str| mixer.fit(&sentences(text, |w| mixer.lists(w)));
    let harbour = fit("The crew of the ferry waited in the harbour.");
    let money = fit("Prices of shares fell again. Banks lost money last month.");
    assert!(harbour.weights[0] > 0.8 && money.weights[1] > 0.8, "{harbour:?} {money:?}");
    for fitted in [harbour, money] {
        assert!((fitted.weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        // The text holds words that one of the models lacks: it alone has them as nothing.
        let even = mixer.mix(&[0.5, 0.5]);
        assert!(fitted.mixed.is_finite() && even.order() == 3);
    }
}

#[test]
fn pruning_leaves_out_what_tells_least() {
    let full = smoothed(&[TEXT], 3);
    let mut untouched = full.clone();
    untouched.prune(0.0);
    assert_eq!(untouched, full);
    let mut sizes = vec![full.counts().iter().sum::<usize>()];
    let mut perplexities = vec![full.perplexity(TEXT).of_all()];
    for threshold in [1e-5, 1e-3, 1e-2, 0.9] {
        let mut pruned = full.clone();
        pruned.prune(threshold);
        assert_adds_up(&pruned, &format!("pruned by {threshold}"));
        sizes.push(pruned.counts().iter().sum());
        perplexities.push(pruned.perplexity(TEXT).of_all());
    }
    assert!(sizes.windows(2).all(|w| w[0] >= w[1]) && sizes[3] < sizes[0], "{sizes:?}");
    assert!(perplexities.windows(2).all(|w| w[1] >= w[0] * 0.999), "{perplexities:?}");
    // At last only words are left.
    assert_eq!(*sizes.last().unwrap(), full.words().len());
    // `a b` is far from what backing off gives, `b a` is just that.
    let arpa = "\\data\\\nngram 1=3\nngram 2=2\n\\1-grams:\n-0.30103 </s>\n-0.60206 a -0.146128\n-0.60206 b 0\n\\2-grams:\n\
        -0.60206 b a\n-0.20412 a b\n\\end\\\n";
    let mut model = read_arpa(arpa.as_bytes()).unwrap();
    model.prune(1e-6);
    assert_eq!(model.counts(), [3, 1]);
    assert!((probability(&model, &["a"], "b").log10() + 0.20412).abs() < 1e-4);
}

#[test]
fn fewer_words_leave_their_share_to_the_unknown() {
    let full = smoothed(&[TEXT], 3);
    let few = full.clone().with_vocabulary(5);
    assert_adds_up(&few, "five words");
    // With the two marks and `<unk>`.
    assert_eq!(few.words().len(), 8);
    assert!(word(&few, "the").is_some() && word(&few, "nobody").is_none());
    assert!(probability(&few, &[], "<unk>") > 0.3);
    assert_eq!(full.clone().with_vocabulary(1000), full);
}

#[test]
fn a_packed_model_gives_what_it_was_packed_from() {
    let model = smoothed(&[TEXT], 3);
    let packed = pack(&model.to_ngrams().unwrap()).unwrap();
    assert!(!packed.knows(unspin::text::word_hash("<unk>")));
    let (listed, quantised) = (model.perplexity(TEXT), packed.perplexity(TEXT));
    assert_eq!((listed.tokens, listed.unknown), (quantised.tokens, quantised.unknown));
    assert!((listed.of_all() / quantised.of_all() - 1.0).abs() < 0.05, "{listed:?} {quantised:?}");
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    let sentence = prop::collection::vec("[a-f]", 1..8).prop_map(|words| words.join(" "));
    prop::collection::vec(sentence, 1..30)
}

proptest! {
    #[test]
    fn probabilities_add_up(first in texts(), second in texts(), order in 1usize..=4, weight in 0.05f64..0.95) {
        let of = |texts: &[String]| smoothed(&texts.iter().map(String::as_str).collect::<Vec<_>>(), order);
        let (a, b) = (of(&first), of(&second));
        assert_adds_up(&a, "smoothed");
        let mut mixed = Mixer::new(vec![a, b]).mix(&[weight, 1.0 - weight]);
        assert_adds_up(&mixed, "mixed");
        mixed.prune(1e-3);
        assert_adds_up(&mixed, "mixed and pruned");
        assert_adds_up(&mixed.with_vocabulary(3), "of three words");
    }
}

//! Numbers as the language model knows them: spelt out.

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ORDINALS: [&str; 20] = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];
const TENTHS: [&str; 10] =
    ["", "", "twentieth", "thirtieth", "fortieth", "fiftieth", "sixtieth", "seventieth", "eightieth", "ninetieth"];
const DECADES: [&str; 10] =
    ["hundreds", "tens", "twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"];
const SCALES: [(u64, &str); 3] = [(1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand")];

/// Spells a number token out, word by word: `1,256`, `3.5`, `1990s`, `12th`. Years read as
/// years, long strings of digits digit by digit; what is no number gives nothing.
///
/// ```
/// let mut words = Vec::new();
/// unspin::language_model::spell("2024", &mut |w| words.push(w));
/// assert_eq!(words, ["twenty", "twenty", "four"]);
/// ```
pub fn spell(number: &str, each: &mut impl FnMut(&'static str)) {
    let digits_end = number.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(number.len());
    let (figures, suffix) = number.split_at(digits_end);
    let (whole, fraction) = figures.split_once('.').unwrap_or((figures, ""));
    let Some((value, length)) = value(whole) else { return };
    let grouped = whole.contains(',');
    match suffix {
        "st" | "nd" | "rd" | "th" if fraction.is_empty() => return ordinal(value, each),
        "s" | "'s" if length == 4 && value % 10 == 0 => {
            if value / 100 != 20 || value % 100 != 0 {
                under_hundred(value / 100, each);
            } else {
                each("two");
                return each("thousands");
            }
            return each(DECADES[digit(value % 100 / 10)]);
        }
        "s" | "'s" if length == 2 && value % 10 == 0 => return each(DECADES[digit(value / 10)]),
        _ => {}
    }
    let year = length == 4 && !grouped && fraction.is_empty() && (1100..2100).contains(&value);
    if year && value / 100 != 20 {
        under_hundred(value / 100, each);
        match value % 100 {
            0 => each("hundred"),
            rest => {
                if rest < 10 {
                    each("oh");
                }
                under_hundred(rest, each);
            }
        }
    } else if year && value >= 2010 {
        each("twenty");
        under_hundred(value % 100, each);
    } else if length > 12 {
        for byte in whole.bytes().filter(u8::is_ascii_digit).take(24) {
            each(UNITS[usize::from(byte - b'0')]);
        }
    } else {
        cardinal(value, each);
    }
    if !fraction.is_empty() {
        each("point");
        for byte in fraction.bytes().filter(u8::is_ascii_digit).take(6) {
            each(UNITS[usize::from(byte - b'0')]);
        }
    }
}

/// The value of a string of digits and commas, and how many digits it has.
fn value(text: &str) -> Option<(u64, usize)> {
    let mut value = 0u64;
    let mut length = 0;
    for byte in text.bytes().filter(u8::is_ascii_digit) {
        value = value.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
        length += 1;
    }
    (length > 0).then_some((value, length))
}

fn digit(value: u64) -> usize {
    usize::try_from(value % 10).unwrap_or(0)
}

fn under_hundred(value: u64, each: &mut impl FnMut(&'static str)) {
    if value < 20 {
        return each(UNITS[usize::try_from(value).unwrap_or(0)]);
    }
    each(TENS[digit(value / 10)]);
    if !value.is_multiple_of(10) {
        each(UNITS[digit(value)]);
    }
}

fn cardinal(mut value: u64, each: &mut impl FnMut(&'static str)) {
    if value == 0 {
        return each("zero");
    }
    for (scale, name) in SCALES {
        if value >= scale {
            cardinal(value / scale, each);
            each(name);
            value %= scale;
        }
    }
    if value >= 100 {
        under_hundred(value / 100, each);
        each("hundred");
        value %= 100;
    }
    if value > 0 {
        under_hundred(value, each);
    }
}

fn ordinal(value: u64, each: &mut impl FnMut(&'static str)) {
    let rest = value % 100;
    if rest == 0 && value > 0 {
        cardinal(value / 100, each);
        return each("hundredth");
    }
    if value >= 100 {
        cardinal(value - rest, each);
    }
    match rest {
        0..20 => each(ORDINALS[usize::try_from(rest).unwrap_or(0)]),
        _ if rest.is_multiple_of(10) => each(TENTHS[digit(rest / 10)]),
        _ => {
            each(TENS[digit(rest / 10)]);
            each(ORDINALS[digit(rest)]);
        }
    }
}

#[cfg(test)]
mod tests {
    fn said(number: &str) -> String {
        let mut words = Vec::new();
        super::spell(number, &mut |w| words.push(w));
        words.join(" ")
    }

    #[test]
    fn numbers_are_spelt_as_they_are_said() {
        for (number, words) in [
            ("2", "two"),
            ("0", "zero"),
            ("15", "fifteen"),
            ("99", "ninety nine"),
            ("400", "four hundred"),
            ("1,256", "one thousand two hundred fifty six"),
            ("3.5", "three point five"),
            ("6000000", "six million"),
            ("2024", "twenty twenty four"),
            ("2005", "two thousand five"),
            ("1999", "nineteen ninety nine"),
            ("1905", "nineteen oh five"),
            ("1900", "nineteen hundred"),
            ("1,999", "one thousand nine hundred ninety nine"),
            ("1990s", "nineteen nineties"),
            ("80s", "eighties"),
            ("2000s", "two thousands"),
            ("1st", "first"),
            ("12th", "twelfth"),
            ("21st", "twenty first"),
            ("30th", "thirtieth"),
            ("100th", "one hundredth"),
            ("105th", "one hundred fifth"),
        ] {
            assert_eq!(said(number), words, "{number}");
        }
        assert_eq!(said("1234567890123").split(' ').count(), 13);
        assert_eq!(said("x"), "");
        assert!(said(&"9".repeat(1 << 20)).split(' ').count() < 30);
    }
}

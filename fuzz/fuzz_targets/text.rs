//! Whatever stands in a cell or a message, counts and days are read out of it without a panic, and where they stand lies
//! within the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pufa::domain::{amount, day_text, period::Day};

fuzz_target!(|text: &str| {
    let length = text.chars().count();
    for found in amount::find_amounts(text) {
        assert!(found.start < found.end && found.end <= length, "{found:?}");
        assert!(found.amount.is_none_or(|amount| amount.value >= 0));
    }
    let _ = amount::read_amount(text);
    let today = Day::from_ymd_opt(2021, 12, 20).unwrap_or_default();
    let known = day_text::Known { today, year: None, month: None };
    for found in day_text::find_days(text, &known) {
        assert!(found.start < found.end && found.end <= length);
    }
    let _ = day_text::read_days(text, &known);
});

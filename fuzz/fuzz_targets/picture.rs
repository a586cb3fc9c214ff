//! Whatever bytes are uploaded as evidence, the reader answers: a picture written anew, or why it is none.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pufa::{domain::evidence::TimePolicy, evidence::picture::read};

fuzz_target!(|data: &[u8]| {
    if let Ok(picture) = read(data, TimePolicy::Keep) {
        assert!(!picture.full.is_empty() && !picture.thumb.is_empty());
    }
});

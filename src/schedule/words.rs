//! What gaps and proposals say.

use super::gap_action::GapRow;
use crate::{
    domain::{indicator::Kind, schedule::Reason},
    locale::Locale,
    plan::words::{percent, with_word},
};

/// Why a session does not fit, and how to go on.
pub fn reason(locale: Locale, reason: Reason) -> &'static str {
    match reason {
        Reason::Past => locale.schedule_reason_past(),
        Reason::NoDay => locale.schedule_reason_no_day(),
        Reason::FewDays => locale.schedule_reason_few_days(),
        Reason::Limits => locale.schedule_reason_limits(),
    }
}

/// What is missing, with its counter: 3场; of a survey a share.
pub fn missing(gap: &GapRow) -> String {
    match gap.kind {
        Kind::Survey => percent(gap.missing),
        _ => with_word(gap.missing, &gap.unit_word),
    }
}

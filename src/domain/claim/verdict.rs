//! Whether the log carries a figure.
//!
//! The law: a figure is supported only where what is certain (exact + at least) reaches what it says; 约 and 近 may lean on
//! estimates too, and never say more than there is in all. N余 needs more than N, or N of which a part was itself told as a lower bound (the
//! official style writes that as N余). What is logged as nothing supports nothing.

use super::{Claim, Number, Said, Subject, Why};
use crate::domain::measure::Total;

crate::keyed! {
    /// What became of a figure.
    Verdict { Supported => "supported", HigherThanLogged => "higher_than_logged", Unknown => "unknown" }
}

/// Whether a total carries a number.
pub fn carries(total: Total, value: i64, said: Said) -> bool {
    let (certain, whole) = (total.lower_bound(), total.total());
    whole > 0
        && match said {
            Said::Exactly | Said::AtLeast => certain >= value,
            Said::More => certain > value || (certain == value && total.at_least > 0),
            Said::UpTo(most) => certain >= most.max(value),
            Said::About | Said::Near => whole >= value,
            Said::Below => false,
        }
}

/// What a figure comes to against what is logged of its subject; `None` where the subject is not known.
pub fn judge(claim: &Claim, logged: Option<Total>) -> (Verdict, Option<Why>) {
    let (value, said) = match (&claim.subject, claim.number) {
        (Subject::Unknown(why), _) => return (Verdict::Unknown, Some(*why)),
        (_, Number::Share(_)) => return (Verdict::Unknown, Some(Why::Share)),
        (_, Number::Count(value, said)) => (value, said),
    };
    let Some(total) = logged else { return (Verdict::Unknown, Some(Why::NoMeasure)) };
    let people = matches!(claim.subject, Subject::Measures { people: true, .. });
    match (said, carries(total, value, said)) {
        (Said::Below, _) => (Verdict::Unknown, Some(Why::Upper)),
        (_, false) => (Verdict::HigherThanLogged, None),
        // There are no more people than attendances; how many fewer, nobody knows.
        (_, true) if people => (Verdict::Unknown, Some(Why::People)),
        (_, true) => (Verdict::Supported, None),
    }
}

//! Whether the log carries a figure.
//!
//! The law: a figure is supported only where what is certain (exact + at least) reaches what it says; 约 and 近 may lean on
//! estimates too, and never say more than there is in all. N余 needs more than N, or N of which a part was itself told as a lower bound (the
//! official style writes that as N余). What is logged as nothing supports nothing.

use super::{
    Claim, Number, Said, Subject, When, Why,
    about::{About, Place},
};
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
        (Subject::Growth { .. }, _) => return (Verdict::Unknown, Some(Why::Change)),
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

/// What a figure comes to against what is logged of what it is about. `wide` is what is logged wherever, where it is about the
/// units of a kind: of what a town logged for its schools nobody can tell that it was theirs.
///
/// The law: words that narrow a figure never make it supported where without them it would not be, and what no log tells apart
/// is never supported.
pub fn hold(claim: &Claim, own: Option<Total>, wide: Option<Total>) -> (Verdict, Option<Why>) {
    let About { place, doubt, .. } = &claim.about;
    match judge(claim, own) {
        (Verdict::Supported, _) if let Some(doubt) = doubt => (Verdict::Unknown, Some(doubt.why)),
        (Verdict::Supported, _) if matches!(claim.when, When::Unclear(..)) => (Verdict::Unknown, Some(Why::Unclear)),
        (Verdict::HigherThanLogged, _) if matches!(place, Place::Kind(_)) && may_be(claim, wide) => {
            (Verdict::Unknown, Some(Why::Kind))
        }
        other => other,
    }
}

fn may_be(claim: &Claim, wide: Option<Total>) -> bool {
    wide.is_some() && judge(claim, wide).0 != Verdict::HigherThanLogged
}

/// How much more, or less, there is now than there was in the same time of the year before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Grown {
    /// By so many.
    By(i64),
    /// By so many percent.
    Percent(f64),
}

/// What a growth comes to: 同比增长12% is supported where what is certain of both years grew by 12% or more. Where either is told
/// as 余 or 约, how much it grew is not certain.
pub fn grow(claim: &Claim, now: Total, then: Total) -> (Verdict, Option<Why>, Option<Grown>) {
    let Subject::Growth { up, .. } = claim.subject else { return (Verdict::Unknown, Some(Why::Change), None) };
    if then.total() == 0 {
        return (Verdict::Unknown, Some(Why::NoFormer), None);
    }
    let rough = |total: Total| total.at_least > 0 || total.estimate > 0;
    if rough(now) || rough(then) {
        return (Verdict::Unknown, Some(Why::Rough), None);
    }
    let more = if up { now.exact - then.exact } else { then.exact - now.exact };
    let percent = more as f64 * 100.0 / then.exact as f64;
    let (grown, is_carried) = match claim.number {
        Number::Share(value) => (Grown::Percent(percent), percent + 1e-9 >= value),
        Number::Count(value, said) => {
            let value = if let Said::UpTo(most) = said { most } else { value };
            let above = said != Said::More || more > value;
            (Grown::By(more), said != Said::Below && above && more >= value)
        }
    };
    let grown = Some(grown).filter(|_| more > 0);
    let doubt = claim.about.doubt.map(|doubt| doubt.why);
    let unclear = matches!(claim.when, When::Unclear(..)).then_some(Why::Unclear);
    match (is_carried && more > 0, doubt.or(unclear)) {
        (_, Some(why)) => (Verdict::Unknown, Some(why), grown),
        (true, None) => (Verdict::Supported, None, grown),
        (false, None) => (Verdict::HigherThanLogged, None, grown),
    }
}

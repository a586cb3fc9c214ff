//! Rows → numbers: the only place where totals are computed. Pages, the API, goals and reports all ask here, so a
//! figure is the same wherever it stands.

pub mod action;
#[cfg(test)]
mod http_tests;
pub mod span;
pub mod store;
#[cfg(test)]
pub(crate) mod tests;

/// Which activities are summed. `None` takes all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Only quantities of this measure; 0 counts activities without regard to measure.
    pub measure: Option<i64>,
    /// Only activities on this theme; 0 for those without any.
    pub theme: Option<i64>,
    /// Only activities of this campaign; 0 for those of none.
    pub campaign: Option<i64>,
    /// Only activities of this type.
    pub activity_type: Option<i64>,
    /// Only activities in which people take part: some measure of theirs is interactive; or only the others.
    pub interactive: Option<bool>,
}

impl Filter {
    /// Everything.
    pub fn all() -> Filter {
        Filter::default()
    }

    /// One measure's quantities.
    pub fn of_measure(measure: i64) -> Filter {
        Filter { measure: Some(measure), ..Filter::default() }
    }

    /// The activities on one theme.
    pub fn of_theme(theme: i64) -> Filter {
        Filter { theme: Some(theme), ..Filter::default() }
    }

    /// The activities of one campaign.
    pub fn of_campaign(campaign: i64) -> Filter {
        Filter { campaign: Some(campaign), ..Filter::default() }
    }
}

/// How finely sums are told apart, besides by measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    pub units: Units,
    pub time: Time,
    pub part: Part,
}

/// Whose figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Units {
    /// The unit and all below it as one.
    #[default]
    Whole,
    /// Each unit at or below, with what stands at it alone.
    Own,
    /// Each unit right below with all below that, and what stands at the unit itself.
    Children,
}

/// Over which time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Time {
    /// The period as one.
    #[default]
    Whole,
    Month,
    Year,
}

/// By what an activity may have several of: the parts then add up to more than the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    #[default]
    Whole,
    Theme,
    Campaign,
}

//! Rosters (名册) and registers: who and what there is by name, in force from a day to a day. Counts as of a day follow from
//! them; nobody types those again.
//!
//! Facts: a vice principal for law serves at most two schools at a time and gives each at least four class hours a year
//! (since May 2022); a bulletin board is renewed every quarter.

mod draft;
mod takeover;
mod term;

pub use draft::{Checked, CheckedMark, Draft, MarkDraft};
pub use takeover::{Takeover, takeover};
pub use term::{Term, crowded};

use super::unit::UnitKind;

/// The most schools that a vice principal serves at a time.
pub const MOST_SCHOOLS: usize = 2;
/// The class hours that a school is given in a year.
pub const CLASS_HOURS: i64 = 4;
/// The first year in which they are asked for.
pub const CLASS_HOURS_SINCE: i32 = 2022;
/// How many days before an end it is called to mind, and how many days after it.
pub const REMIND_DAYS: u64 = 60;
/// How many years after the end a name is kept, where nobody set another number; and the most that may be set.
pub const RETENTION_YEARS: u32 = 5;
pub const MOST_RETENTION_YEARS: u32 = 30;

crate::keyed! {
    /// What a roster holds. The first four count as the stock of the measure with the same key.
    Kind {
        LawLiterate => "law_literate",
        VicePrincipal => "vice_principal",
        LegalAdviser => "legal_adviser",
        Venue => "venue",
        ModelHousehold => "model_household",
        ModelVillage => "model_village",
    }
}

/// What an entry may say besides its unit and its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Name,
    Category,
    Body,
    Certificate,
    /// The last day of a term, a contract, a title.
    To,
    Renews,
}

impl Kind {
    /// Whether an entry of this kind says it, and whether it has to.
    pub fn says(self, field: Field) -> Option<bool> {
        match (self, field) {
            (Kind::ModelVillage, Field::Name) => None,
            (_, Field::Name) => Some(true),
            (Kind::Venue | Kind::ModelVillage, Field::Category) => Some(true),
            (Kind::LawLiterate, Field::Category) => Some(false),
            (Kind::VicePrincipal, Field::Body) => Some(true),
            (Kind::LegalAdviser, Field::Body) => Some(false),
            (Kind::LawLiterate, Field::Certificate) => Some(false),
            (Kind::VicePrincipal | Kind::LegalAdviser | Kind::ModelVillage, Field::To) => Some(false),
            (Kind::Venue, Field::Renews) => Some(false),
            _ => None,
        }
    }

    /// Whether an entry names a person: then its name has a purpose, is kept for some years, and can be erased.
    pub fn is_personal(self) -> bool {
        !matches!(self, Kind::Venue | Kind::ModelVillage)
    }

    /// Whether entries stand at a unit of this kind.
    pub fn suits(self, unit: UnitKind) -> bool {
        match self {
            Kind::VicePrincipal => unit == UnitKind::School,
            Kind::Venue => unit != UnitKind::Department,
            _ => unit.answers_to(UnitKind::Village),
        }
    }

    /// What happens with an entry on a day.
    pub fn mark(self) -> Option<Mark> {
        match self {
            Kind::LawLiterate => Some(Mark::Training),
            Kind::Venue => Some(Mark::Renewal),
            Kind::ModelVillage => Some(Mark::Examination),
            _ => None,
        }
    }

    /// Whether the entries in force are the stock of a measure.
    pub fn is_stock(self) -> bool {
        !matches!(self, Kind::ModelHousehold | Kind::ModelVillage)
    }
}

/// What happens with an entry on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// With its hours.
    Training,
    Renewal,
    /// That a model village was looked at again.
    Examination,
}

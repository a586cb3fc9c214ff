//! A target and how far it is, as pages and programs read it.

use crate::domain::{goal::Status, indicator::Kind, pace::Basis};
use chrono::NaiveDate;
use serde::Serialize;

/// How far one target is.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct GoalRow {
    /// The indicator's key.
    pub indicator: String,
    /// Its name in the reader's language.
    pub name: String,
    #[schema(value_type = String)]
    pub kind: Kind,
    /// As it was set: a total, a minimum per unit and sub-period, a share, 1.
    pub target: f64,
    pub basis: String,
    /// Whose target it is: the code and name of the unit it was set for.
    pub target_unit: String,
    pub target_unit_name: String,
    /// Whether it was set for a unit above the one asked about.
    pub inherited: bool,
    /// Whether that unit answers for it as a whole (a total, its own study), so that this one only takes part and is not
    /// held against it.
    pub shared: bool,
    /// What each level asks, from the top down.
    pub layers: Vec<LayerRow>,
    /// The plan's key.
    pub plan: String,
    /// The days it is for.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// A number, or a share of 0 to 1; null without data.
    pub actual: Option<f64>,
    /// The part of the target that is there; 1 and above when reached.
    pub progress: Option<f64>,
    /// What should be there on the day, by the target's own calendar.
    pub expected: f64,
    /// By how many days a total is ahead of its calendar, less than 0 when it is behind.
    pub days_ahead: Option<i64>,
    /// By what calendar: what is planned, the theme's key dates, last year's months, day by day …
    #[schema(value_type = String)]
    pub basis_of_pace: Basis,
    /// The calendar in words.
    pub pace: String,
    /// What the period ends with at the pace so far, and between what it lies.
    pub forecast: Option<f64>,
    pub forecast_low: Option<f64>,
    pub forecast_high: Option<f64>,
    /// What each month that is left would need; null where nothing is missing, can be made up or adds up by months.
    pub per_month: Option<f64>,
    /// In the measure's unit; in units for coverage and stock; in pupils for the pupils' ratio.
    pub missing: f64,
    /// The part of it that cannot be made up any more.
    pub irrecoverable: i64,
    pub days_left: i64,
    /// The last day of the sub-period that runs: of a frequency by quarter the quarter's, else `to`.
    pub closes: NaiveDate,
    #[schema(value_type = String)]
    pub status: Status,
    /// The whole numbers behind a share.
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    /// The sum behind it: of a sum, or of all units of a stock.
    pub total: Option<i64>,
    /// The parts of a sum by precision.
    pub exact: Option<i64>,
    pub at_least: Option<i64>,
    pub estimate: Option<i64>,
    /// How many each unit needs.
    pub needed: Option<i64>,
    /// The counter behind the figures: 份, 次, 村.
    pub unit_word: String,
    /// The counter of what a single unit lacks: 次 where a share of villages is asked for.
    pub unit_word_of_each: String,
    /// The keys of the measures counted.
    pub measures: Vec<String>,
    pub theme: Option<String>,
    /// Only activities of this type; only those in which people take part, or only the others.
    pub activity_type: Option<String>,
    pub interactive: Option<bool>,
    /// Whether campaigns are counted, and nothing of the ledger.
    pub of_campaigns: bool,
    /// Of a sum: what each measure adds.
    pub parts: Vec<PartRow>,
    /// The last day whose figures are in.
    pub as_of: NaiveDate,
    /// How each unit stands, those that lack most first.
    pub units: Vec<UnitRow>,
    /// What is still to do, in words: 还差1次，剩41天.
    pub words: String,
    /// Whether its figures are those of the one unit asked about, in the measure's own word: see [`GoalRow::as_own`].
    #[serde(skip)]
    pub own: bool,
}

impl GoalRow {
    /// Whether its figures are shares.
    pub fn is_share(&self) -> bool {
        self.kind.is_share() && !self.own
    }

    /// The one unit counted, where a share of units is asked for and this unit is all of them.
    pub fn only(&self, code: &str) -> Option<&UnitRow> {
        match (self.kind, self.units.as_slice()) {
            (Kind::Coverage | Kind::Stock, [one]) if one.unit == code && one.required > 0 => Some(one),
            _ => None,
        }
    }

    /// As a village reads it of itself: no share of one village, but what it did and should do, 2次 of 4次.
    #[must_use]
    pub fn as_own(self, code: &str) -> GoalRow {
        let Some((done, one)) = self.only(code).and_then(|one| Some((one.done?, one.clone()))) else { return self };
        let required = one.required as f64;
        GoalRow {
            own: true,
            actual: Some(done as f64),
            target: required,
            progress: Some(done as f64 / required),
            expected: (self.expected * required).round(),
            missing: one.missing as f64,
            irrecoverable: one.irrecoverable,
            unit_word: self.unit_word_of_each.clone(),
            numerator: None,
            denominator: None,
            forecast: None,
            forecast_low: None,
            forecast_high: None,
            per_month: None,
            ..self
        }
    }
}

/// What one measure adds to a sum.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PartRow {
    pub measure: String,
    pub name: String,
    pub total: i64,
}

/// What one level asks.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct LayerRow {
    /// The unit's code and name.
    pub unit: String,
    pub name: String,
    pub value: f64,
    pub basis: String,
    /// Whether it is the one that holds.
    pub holds: bool,
}

/// How one unit stands.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct UnitRow {
    pub unit: String,
    pub name: String,
    /// Null where no stock was ever entered.
    pub done: Option<i64>,
    pub required: i64,
    pub missing: i64,
    pub irrecoverable: i64,
    pub behind: bool,
}

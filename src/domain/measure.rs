//! What is counted, and how sure the count is.

use serde::{Deserialize, Serialize};

crate::keyed! {
    /// How sure a figure is: 156 · 150余 · 约200. Carried through every total and into the wording.
    Precision { Exact => "exact", AtLeast => "at_least", Estimate => "estimate" }
}

/// A sum of quantities of one measure, its three precisions apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    pub exact: i64,
    pub at_least: i64,
    pub estimate: i64,
    /// How many activities it is the sum of.
    pub activities: i64,
}

impl Total {
    /// exact + at_least + estimate.
    pub fn total(self) -> i64 {
        self.exact + self.at_least + self.estimate
    }

    /// What is certain: exact + at_least.
    pub fn lower_bound(self) -> i64 {
        self.exact + self.at_least
    }

    pub fn is_zero(self) -> bool {
        self == Total::default()
    }

    pub fn of(precision: Precision, value: i64) -> Total {
        let mut total = Total::default();
        *total.part(precision) = value;
        total
    }

    /// The part with this precision.
    pub fn part(&mut self, precision: Precision) -> &mut i64 {
        match precision {
            Precision::Exact => &mut self.exact,
            Precision::AtLeast => &mut self.at_least,
            Precision::Estimate => &mut self.estimate,
        }
    }
}

impl std::ops::Add for Total {
    type Output = Total;
    fn add(self, other: Total) -> Total {
        Total {
            exact: self.exact + other.exact,
            at_least: self.at_least + other.at_least,
            estimate: self.estimate + other.estimate,
            activities: self.activities + other.activities,
        }
    }
}

impl std::ops::Sub for Total {
    type Output = Total;
    fn sub(self, other: Total) -> Total {
        Total {
            exact: self.exact - other.exact,
            at_least: self.at_least - other.at_least,
            estimate: self.estimate - other.estimate,
            activities: self.activities - other.activities,
        }
    }
}

impl std::ops::AddAssign for Total {
    fn add_assign(&mut self, other: Total) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Total {
    fn sum<I: Iterator<Item = Total>>(totals: I) -> Total {
        totals.fold(Total::default(), |sum, total| sum + total)
    }
}

crate::keyed! {
    /// The form in which the official sentence puts a rounded figure of a measure.
    Form {
        /// 150余条
        More => "more",
        /// 7000份以上
        Above => "above",
        /// 上百次, only for 100 to 199; else as `more`
        Hundreds => "hundreds",
    }
}

/// How a measure is put into the official sentence; data of the measure, and of a unit for itself and below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    pub form: Form,
    /// The words around the figure, `{figure}` standing for it with its unit word: 悬挂宣传横幅{figure}. Without: the
    /// measure's name, then the figure.
    #[serde(default)]
    pub phrase: Option<String>,
    /// Measures with the same group share one clause and one figure (LED and broadcast).
    #[serde(default)]
    pub group: Option<String>,
    /// The words around the figure of the whole group, said when several of its measures have one; where only one
    /// has, its own `phrase` is said.
    #[serde(default)]
    pub together: Option<String>,
    /// Its place in the report's first sentence; 0: it follows in a sentence of its own.
    #[serde(default)]
    pub opening: i64,
    /// From 10,000 on the figure is put in 万: 1.2万余.
    #[serde(default)]
    pub ten_thousands: bool,
    /// A step of rounding coarser than the law's, in the measure's unit; 0 for none.
    #[serde(default)]
    pub step: i64,
}

impl Default for Wording {
    fn default() -> Wording {
        Wording {
            form: Form::More,
            phrase: None,
            group: None,
            together: None,
            opening: 0,
            ten_thousands: false,
            step: 0,
        }
    }
}

/// A thing that is counted (统计项目).
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    pub id: i64,
    pub key: String,
    /// The unit it belongs to; built-in measures have none and hold for all.
    pub unit_id: Option<i64>,
    pub name: String,
    pub name_en: Option<String>,
    /// The counter after a figure: 条, 份, 次.
    pub unit_word: String,
    pub unit_word_en: Option<String>,
    /// What counts and what does not (统计口径), in words.
    pub counting_rule: String,
    pub rule_version: i64,
    /// Whether people take part (讲座, 咨询) or are shown something (横幅, 资料).
    pub interactive: bool,
    /// Whether it is a stock, entered as of a date and never summed over time.
    pub is_stock: bool,
    pub wording: Wording,
    pub position: i64,
    pub retired: bool,
}

/// The smallest and the largest value of one quantity.
pub const VALUE_RANGE: std::ops::RangeInclusive<i64> = 1..=10_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_knows_what_is_certain() {
        let sum: Total =
            [Total::of(Precision::Exact, 100), Total::of(Precision::AtLeast, 50), Total::of(Precision::Estimate, 20)]
                .into_iter()
                .sum();
        assert_eq!((sum.total(), sum.lower_bound()), (170, 150));
    }
}

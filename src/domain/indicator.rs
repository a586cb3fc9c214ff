//! Indicators (指标): what a plan asks about, in seven kinds.

use super::{period::Each, unit::UnitKind};

crate::keyed! {
    /// The seven kinds of indicator. Source: the domain's "Seven kinds of indicator".
    Kind {
        /// A total in a period: leaflets ≥ 7000 a year.
        Sum => "sum",
        /// A minimum for each unit in each sub-period: every village ≥ 1 session a month.
        Frequency => "frequency",
        /// The share of units with at least n in the period: every village visited at least 4 times.
        Coverage => "coverage",
        /// The share of units with at least n as of a day: 法律明白人 ≥ 3 per village. Never summed over time.
        Stock => "stock",
        /// One figure divided by another: pupils reached ÷ enrolled. Never above 1.
        Ratio => "ratio",
        /// A share that was asked in a survey: 知晓率 ≥ 90 %.
        Survey => "survey",
        /// Done or not, with a day: the mid-term check.
        Milestone => "milestone",
    }
}

impl Kind {
    /// Whether its target is a share, 0 to 1.
    pub fn is_share(self) -> bool {
        matches!(self, Kind::Coverage | Kind::Stock | Kind::Ratio | Kind::Survey)
    }

    /// Whether it looks at each unit for itself and asks for a number at each.
    pub fn is_per_unit(self) -> bool {
        matches!(self, Kind::Frequency | Kind::Coverage | Kind::Stock)
    }

    /// How often it asks where nobody said: what is counted is asked for every year; a stock, a survey or a milestone
    /// once.
    pub fn default_each(self) -> Each {
        match self {
            Kind::Sum | Kind::Frequency | Kind::Coverage | Kind::Ratio => Each::Year,
            Kind::Stock | Kind::Survey | Kind::Milestone => Each::None,
        }
    }
}

/// What a plan asks about.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    pub id: i64,
    pub key: String,
    /// The unit it belongs to; built-in ones have none and hold for all.
    pub unit_id: Option<i64>,
    pub name: String,
    pub name_en: Option<String>,
    pub kind: Kind,
    /// What is counted. A sum without measure counts campaigns (activities where a type or kind of activity is named), a
    /// frequency or coverage without counts activities, a ratio without counts pupils of distinct classes.
    pub measure_id: Option<i64>,
    /// A second measure that is added to the first: LED plays to broadcasts.
    pub also_measure_id: Option<i64>,
    /// Only what belongs to this theme.
    pub theme_id: Option<i64>,
    /// Only activities of this type.
    pub type_id: Option<i64>,
    /// Only activities in which people take part (some measure of theirs is interactive), or only those in which they are
    /// shown something.
    pub interactive: Option<bool>,
    /// At which units it looks; without, a frequency looks at the unit itself.
    pub unit_kind: Option<UnitKind>,
    /// The sub-periods of a frequency, and whether a target without a year is for each year: see
    /// [`super::target::period_of`].
    pub each: Each,
    /// How many each unit needs, for coverage and stock.
    pub at_least: Option<i64>,
    /// The measures of a ratio.
    pub numerator_id: Option<i64>,
    pub denominator_id: Option<i64>,
    pub position: i64,
    pub retired: bool,
}

impl Indicator {
    /// Whether it counts campaigns: a sum that names nothing else to count.
    pub fn counts_campaigns(&self) -> bool {
        self.kind == Kind::Sum && self.measure_id.is_none() && self.is_by_theme()
    }

    /// Whether the totals that are kept answer for it: nothing narrows it but a theme.
    pub fn is_by_theme(&self) -> bool {
        self.type_id.is_none() && self.interactive.is_none()
    }

    /// Whether one unit answers for its target as a whole, and not each unit below it for itself.
    pub fn is_of_the_whole(&self) -> bool {
        match self.kind {
            Kind::Sum | Kind::Survey | Kind::Milestone => true,
            Kind::Frequency => self.unit_kind.is_none(),
            Kind::Coverage | Kind::Stock | Kind::Ratio => false,
        }
    }
}

/// A built-in indicator: a row that seeds the database, which is the truth afterwards.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    pub key: &'static str,
    pub name: &'static str,
    pub name_en: &'static str,
    pub kind: Kind,
    pub measure: Option<&'static str>,
    pub also_measure: Option<&'static str>,
    pub unit_kind: Option<UnitKind>,
    pub each: Each,
    pub at_least: Option<i64>,
}

const fn sum(key: &'static str, name: &'static str, name_en: &'static str, measure: Option<&'static str>) -> BuiltIn {
    BuiltIn {
        key,
        name,
        name_en,
        kind: Kind::Sum,
        measure,
        also_measure: None,
        unit_kind: None,
        each: Each::Year,
        at_least: None,
    }
}

const fn stock(
    key: &'static str,
    name: &'static str,
    name_en: &'static str,
    measure: &'static str,
    unit_kind: UnitKind,
    at_least: i64,
) -> BuiltIn {
    BuiltIn {
        key,
        name,
        name_en,
        kind: Kind::Stock,
        measure: Some(measure),
        also_measure: None,
        unit_kind: Some(unit_kind),
        each: Each::None,
        at_least: Some(at_least),
    }
}

/// The indicators every installation begins with: those of the 八五 plan.
pub const BUILT_IN: &[BuiltIn] = &[
    sum("campaigns", "专项宣传活动", "Campaigns", None),
    sum("banners", "宣传横幅", "Banners", Some("banner")),
    sum("village_visits", "进村宣传", "Village visits", Some("village_visit")),
    BuiltIn {
        also_measure: Some("led"),
        ..sum("broadcasts", "广播和LED播放", "Broadcasts and LED plays", Some("broadcast"))
    },
    sum("leaflets", "宣传资料", "Leaflets", Some("leaflet")),
    BuiltIn {
        kind: Kind::Frequency,
        ..sum("study_sessions", "党委中心组学法", "Study sessions of the party committee", Some("study"))
    },
    BuiltIn {
        kind: Kind::Ratio,
        unit_kind: Some(UnitKind::School),
        ..sum("pupils_reached", "在校学生普法覆盖", "Pupils reached", None)
    },
    BuiltIn {
        kind: Kind::Coverage,
        unit_kind: Some(UnitKind::Village),
        at_least: Some(4),
        ..sum("villages_visited", "进村宣传覆盖", "Villages visited", Some("village_visit"))
    },
    stock("law_literate", "法律明白人", "Law-literate villagers", "law_literate", UnitKind::Village, 3),
    stock("vice_principals", "法治副校长", "Vice principals for law", "vice_principal", UnitKind::School, 1),
    stock("venues", "法治文化阵地", "Legal culture venues", "venue", UnitKind::Village, 1),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_indicator_has_a_key_of_its_own_and_what_its_kind_needs() {
        let mut keys: Vec<_> = BUILT_IN.iter().map(|one| one.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), BUILT_IN.len());
        for one in BUILT_IN {
            let needs = matches!(one.kind, Kind::Coverage | Kind::Stock);
            assert_eq!(one.at_least.is_some(), needs, "{}", one.key);
            assert_eq!(one.unit_kind.is_some(), needs || one.kind == Kind::Ratio, "{}", one.key);
        }
    }
}

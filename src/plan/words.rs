//! Goals in words: 还差1次，剩41天.

use super::goals::GoalRow;
use crate::{
    domain::{
        catalogue::Catalogue,
        goal::Status,
        indicator::{Indicator, Kind},
        measure::Measure,
        pace::{Basis, Pace},
        period::Each,
        unit::UnitKind,
    },
    locale::Locale,
};

/// 7,065; below a hundred with one decimal where it is no whole number.
pub fn number(value: f64) -> String {
    if value.abs() < 100.0 && (value - value.round()).abs() > 0.05 {
        return format!("{value:.1}");
    }
    let digits = format!("{:.0}", value.abs());
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if value < -0.05 { format!("-{grouped}") } else { grouped }
}

/// 94.4%, 100%. What is not all is never shown as all.
pub fn percent(share: f64) -> String {
    let tenths = (share * 1000.0).round();
    let tenths = if share < 1.0 { tenths.min(999.0) } else { tenths };
    if tenths % 10.0 == 0.0 { format!("{:.0}%", tenths / 10.0) } else { format!("{:.1}%", tenths / 10.0) }
}

/// A number as people type it: with commas, blanks or a percent sign, half or full width. 7,000 · 92.5%
pub fn typed_number(text: &str) -> Option<f64> {
    let digits: String = text.chars().filter(|letter| !", ，%％".contains(*letter)).collect();
    digits.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A target's or an actual's value as people read it: a share in percent, a number with its unit word.
pub fn value(row: &GoalRow, value: f64) -> String {
    if row.is_share() { percent(value) } else { with_word(value, &row.unit_word) }
}

/// A figure with its counter: 3次, 3 sessions, 1 session. An English word stands apart and bends with its figure.
pub fn with_word(value: f64, word: &str) -> String {
    let figure = number(value);
    if !word.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        return format!("{figure}{word}");
    }
    match (figure.as_str(), word.strip_suffix("ies"), word.strip_suffix('s')) {
        ("1", Some(stem), _) => format!("1 {stem}y"),
        ("1", None, Some(stem)) => format!("1 {stem}"),
        _ => format!("{figure} {word}"),
    }
}

/// The word behind an indicator's figures.
pub fn unit_word(locale: Locale, indicator: &Indicator, measure: Option<&Measure>) -> String {
    match (indicator.kind, indicator.unit_kind) {
        (Kind::Coverage | Kind::Stock, Some(UnitKind::Village | UnitKind::Community)) => {
            locale.goal_word_village().into()
        }
        (Kind::Coverage | Kind::Stock, Some(UnitKind::School)) => locale.goal_word_school().into(),
        (Kind::Coverage | Kind::Stock, _) => locale.goal_word_unit().into(),
        (Kind::Ratio, _) if indicator.numerator_id.is_none() => locale.goal_word_pupil().into(),
        (Kind::Ratio | Kind::Survey | Kind::Milestone, _) => String::new(),
        (Kind::Sum, _) if indicator.counts_campaigns() => locale.goal_word_campaign().into(),
        (Kind::Sum | Kind::Frequency, _) => match measure {
            Some(measure) => locale.name(&measure.unit_word, measure.unit_word_en.as_deref()).to_owned(),
            None => locale.goal_word_activity().into(),
        },
    }
}

/// The word behind what one unit lacks: of a share of villages visited it is the visits that a village lacks.
pub fn unit_word_of_each(locale: Locale, indicator: &Indicator, measure: Option<&Measure>) -> String {
    match (indicator.kind, measure) {
        (Kind::Coverage | Kind::Stock, Some(measure)) => {
            locale.name(&measure.unit_word, measure.unit_word_en.as_deref()).to_owned()
        }
        (Kind::Coverage | Kind::Stock, None) => locale.goal_word_activity().into(),
        _ => unit_word(locale, indicator, measure),
    }
}

/// The keys of the measures that an indicator counts.
pub fn measure_keys(catalogue: &Catalogue, one: &Indicator) -> Vec<String> {
    let ids = [one.measure_id, one.also_measure_id, one.numerator_id];
    ids.into_iter().flatten().filter_map(|id| Some(catalogue.measure_by_id(id)?.key.clone())).collect()
}

/// What is still to do.
pub fn to_do(locale: Locale, row: &GoalRow, indicator: &Indicator) -> String {
    let missing = match row.kind {
        Kind::Survey => locale.goal_points(number(row.missing * 100.0)),
        _ => with_word(row.missing, &row.unit_word),
    };
    if row.shared && row.status == Status::NoData && indicator.kind != Kind::Survey {
        let own = with_word(row.actual.unwrap_or_default(), &row.unit_word);
        return locale.goal_takes_part(own, with_word(row.target, &row.unit_word), &row.target_unit_name);
    }
    match row.status {
        Status::Reached => locale.goal_reached().into(),
        Status::NoData => match row.kind {
            Kind::Stock | Kind::Survey => locale.goal_nothing_entered().into(),
            _ => locale.goal_nobody_asked().into(),
        },
        _ if row.kind == Kind::Milestone && row.days_left == 0 => locale.goal_not_done().into(),
        _ if row.kind == Kind::Milestone => locale.goal_to_be_done(row.days_left),
        _ if row.days_left == 0 => locale.goal_missed(missing),
        Status::Missed => {
            let lost = with_word(row.irrecoverable as f64, &row.unit_word);
            let open = row.missing - row.irrecoverable as f64;
            if open > 0.0 {
                let open = with_word(open, &row.unit_word);
                locale.goal_lost_and_open(row.days_left, lost, open)
            } else {
                locale.goal_lost(lost)
            }
        }
        _ if row.kind == Kind::Stock => locale.goal_missing(missing),
        _ if row.kind == Kind::Frequency && indicator.each != Each::None && indicator.unit_kind.is_some() => {
            let short = row.units.iter().filter(|unit| unit.missing > 0).count();
            locale.goal_missing_at(row.days_left, missing, short)
        }
        _ => locale.goal_missing_days(row.days_left, missing),
    }
}

/// By what calendar a target is due, in words.
pub fn pace(locale: Locale, indicator: &Indicator, pace: &Pace) -> String {
    let of = |basis: Basis| match basis {
        Basis::KeyDates => locale.pace_key_dates(),
        Basis::LastYear => locale.pace_last_year(),
        Basis::Always => locale.pace_always(),
        Basis::Deadline => locale.pace_deadline(),
        Basis::Even | Basis::Planned => match (indicator.kind, indicator.each) {
            (Kind::Frequency, Each::Week | Each::Month | Each::Quarter) => locale.pace_each(),
            _ => locale.pace_even(),
        },
    };
    match pace.basis {
        Basis::Planned if pace.planned >= 1.0 => locale.pace_planned().to_owned(),
        Basis::Planned => locale.pace_planned_part(percent(pace.planned), of(pace.rest)),
        basis => of(basis).to_owned(),
    }
}

/// What is due or to be expected: of things that are counted whole ones.
pub fn whole(row: &GoalRow, value_of: f64) -> String {
    value(row, if row.is_share() { value_of } else { value_of.round() })
}

/// 8,111（6,200–9,800）: what the period ends with at this pace; the likely figure alone where the range is none.
pub fn forecast(locale: Locale, row: &GoalRow) -> Option<String> {
    let likely = whole(row, row.forecast?);
    match row.forecast_low.zip(row.forecast_high).map(|(low, high)| (whole(row, low), whole(row, high))) {
        Some((low, high)) if low != likely || high != likely => Some(locale.goal_forecast_range(high, likely, low)),
        _ => Some(likely),
    }
}

/// 需每月600份.
pub fn per_month(locale: Locale, row: &GoalRow) -> Option<String> {
    Some(locale.goal_per_month(with_word(row.per_month?, &row.unit_word)))
}

/// The status in a word, and the class of its tag.
pub fn status(locale: Locale, status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Reached => (locale.goal_status_reached(), "tag good"),
        Status::OnPace => (locale.goal_status_on_pace(), "tag"),
        Status::Behind => (locale.goal_status_behind(), "tag warn"),
        Status::Missed => (locale.goal_status_missed(), "tag bad"),
        Status::NoData => (locale.goal_status_no_data(), "tag quiet"),
    }
}

/// A kind's name.
pub fn kind(locale: Locale, kind: Kind) -> &'static str {
    match kind {
        Kind::Sum => locale.indicator_kind_sum(),
        Kind::Frequency => locale.indicator_kind_frequency(),
        Kind::Coverage => locale.indicator_kind_coverage(),
        Kind::Stock => locale.indicator_kind_stock(),
        Kind::Ratio => locale.indicator_kind_ratio(),
        Kind::Survey => locale.indicator_kind_survey(),
        Kind::Milestone => locale.indicator_kind_milestone(),
    }
}

/// A sub-period's name: 每月.
pub fn each(locale: Locale, each: Each) -> &'static str {
    match each {
        Each::None => locale.indicator_each_none(),
        Each::Week => locale.indicator_each_week(),
        Each::Month => locale.indicator_each_month(),
        Each::Quarter => locale.indicator_each_quarter(),
        Each::Year => locale.indicator_each_year(),
    }
}

/// When a target without a year is for: every year, or the plan from end to end.
pub fn each_year(locale: Locale, each: Each) -> &'static str {
    if each == Each::None { locale.target_whole_plan() } else { locale.target_every_year() }
}

/// A kind of unit's name, as indicators look at it.
pub fn unit_kind(locale: Locale, kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::County => locale.indicator_at_county(),
        UnitKind::Town => locale.indicator_at_town(),
        UnitKind::Village => locale.indicator_at_village(),
        UnitKind::Community => locale.indicator_at_community(),
        UnitKind::School => locale.indicator_at_school(),
        UnitKind::Department => locale.indicator_at_department(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_english_counter_bends_with_its_figure() {
        assert_eq!(with_word(1.0, "villages"), "1 village");
        assert_eq!(with_word(1.0, "activities"), "1 activity");
        assert_eq!(with_word(3.0, "次"), "3次");
        assert_eq!(with_word(3471.2, "leaflets"), "3,471 leaflets");
    }

    #[test]
    fn people_write_shares_in_percent_and_numbers_with_commas() {
        assert_eq!(
            ["92.5", "100 %", "7,000", "很多", "inf"].map(typed_number),
            [Some(92.5), Some(100.0), Some(7000.0), None, None]
        );
    }

    #[test]
    fn figures_read_as_people_write_them() {
        assert_eq!(
            [number(7065.0), number(999.0), number(1_234_567.0), number(3.55)],
            ["7,065", "999", "1,234,567", "3.5"]
        );
        assert_eq!(
            [percent(2020.0 / 2140.0), percent(1.0), percent(0.9999), percent(11.0 / 12.0)],
            ["94.4%", "100%", "99.9%", "91.7%"]
        );
    }
}

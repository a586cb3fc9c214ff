//! A report as a document (报告): the period it is for, its sections, the states it goes through; what it says lies in
//! [`text`] and [`snapshot`], how it is first written in [`compose`], what other offices contributed in [`quote`].

pub mod compose;
pub mod quote;
pub mod snapshot;
pub mod text;

use super::{
    period::{Day, Each, Month, Period},
    table::{self, Cutoff},
};
use crate::locale::Locale;
use chrono::Datelike;
use std::ops::RangeInclusive;

/// The years that a report may be asked for.
pub const YEARS: RangeInclusive<i32> = 1949..=2199;
/// The longest title, addressee, name or remark, in characters.
pub const LINE_LIMIT: usize = 200;
/// The longest section, in characters.
pub const SECTION_LIMIT: usize = 20_000;

crate::keyed! {
    /// Where a report stands (起草 → 送审 → 签发 → 报送 → 公开).
    State {
        /// Its text may be changed and its figures refreshed.
        Draft => "draft",
        /// Somebody looks at it: it goes back with a remark, or is signed.
        Review => "review",
        /// From here on nothing of it changes.
        Signed => "signed",
        Sent => "sent",
        Public => "public",
    }
}

impl State {
    /// The states that may follow.
    pub fn next(self) -> &'static [State] {
        match self {
            State::Draft => &[State::Review],
            State::Review => &[State::Signed, State::Draft],
            State::Signed => &[State::Sent],
            State::Sent => &[State::Public],
            State::Public => &[],
        }
    }

    /// Whether text and figures may be changed: what is looked at is what will be signed.
    pub fn is_open(self) -> bool {
        self == State::Draft
    }

    /// Whether a step into `to` has to say something: why it goes back, who signed, whom it was sent to.
    pub fn asks_remark(to: State) -> bool {
        matches!(to, State::Draft | State::Signed | State::Sent)
    }
}

crate::keyed! {
    /// The parts of a report in their order; one with nothing to say is left out.
    Section {
        /// What stands before the first heading.
        Opening => "opening",
        /// 主要举措和成效
        Achievements => "achievements",
        /// 党政主要负责人履行推进法治建设第一责任人职责情况
        Leaders => "leaders",
        /// 存在的问题和原因
        Problems => "problems",
        /// 下一步工作
        Next => "next",
    }
}

impl Section {
    /// The heading without its number; none stands above the opening.
    pub fn heading(self, locale: Locale) -> Option<&'static str> {
        match self {
            Section::Opening => None,
            Section::Achievements => Some(locale.paper_achievements()),
            Section::Leaders => Some(locale.paper_leaders()),
            Section::Problems => Some(locale.paper_problems()),
            Section::Next => Some(locale.paper_next()),
        }
    }
}

/// A heading's number: 一, 二 … in Chinese, 1, 2 … else.
pub fn ordinal(locale: Locale, number: usize) -> String {
    const DIGITS: [&str; 11] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    match (locale, number) {
        (Locale::Zh, 1..=10) => DIGITS[number].into(),
        (Locale::Zh, 11..=19) => format!("十{}", DIGITS[number - 10]),
        (Locale::Zh, 20..=99) => format!("{}十{}", DIGITS[number / 10], DIGITS[number % 10]),
        _ => number.to_string(),
    }
}

/// The period of a report: a year, half a year, a quarter or a month; written 2021, 2021-H1, 2021-Q2, 2021-06.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    Year(i32),
    /// 1 or 2.
    Half(i32, u32),
    /// 1 to 4.
    Quarter(i32, u32),
    Month(Month),
}

impl Span {
    pub fn parse(text: &str) -> Option<Span> {
        let span = match text.split_once('-') {
            None => Span::Year(text.parse().ok()?),
            Some((year, part)) => match (year.parse().ok()?, part.split_at_checked(1)?) {
                (year, ("H", half)) => Span::Half(year, half.parse().ok().filter(|half| (1..=2).contains(half))?),
                (year, ("Q", quarter)) => {
                    Span::Quarter(year, quarter.parse().ok().filter(|quarter| (1..=4).contains(quarter))?)
                }
                _ => Span::Month(Month::parse(text)?),
            },
        };
        YEARS.contains(&span.year()).then_some(span)
    }

    pub fn year(self) -> i32 {
        match self {
            Span::Year(year) | Span::Half(year, _) | Span::Quarter(year, _) => year,
            Span::Month(month) => month.year(),
        }
    }

    pub fn period(self) -> Period {
        let months = |year, first: u32, last: u32| match (Month::new(year, first), Month::new(year, last)) {
            (Some(first), Some(last)) => Period { from: first.first(), to: last.last() },
            _ => Period::year(year),
        };
        match self {
            Span::Year(year) => Period::year(year),
            Span::Half(year, half) => months(year, half * 6 - 5, half * 6),
            Span::Quarter(year, quarter) => months(year, quarter * 3 - 2, quarter * 3),
            Span::Month(month) => month.period(),
        }
    }

    /// The days that a report made on `today` tells of: none that lie ahead. A year is the calendar's, as the goals count
    /// it; a part of a year ends with its months, under the office's cut-off.
    pub fn days(self, cutoff: Cutoff, today: Day) -> Period {
        let whole = self.period();
        let Period { from, to } = match self {
            Span::Year(_) => whole,
            _ => Period {
                from: table::month(Month::of(whole.from), cutoff).from,
                to: table::month(Month::of(whole.to), cutoff).to,
            },
        };
        Period { from, to: to.min(today).max(from) }
    }

    /// As [`Span::text`], with the days where these are others than the calendar's: 2021年（截至11月20日）.
    pub fn noted(self, days: Period, locale: Locale) -> String {
        let (text, whole) = (self.text(locale), self.period());
        let (from, to) = (days.from, days.to);
        if days == whole {
            text
        } else if from == whole.from && to < whole.to {
            locale.paper_when_until(to.day(), to.month(), text)
        } else {
            let from = locale.paper_date(from.day(), from.month(), from.year());
            locale.paper_when_days(from, locale.paper_date(to.day(), to.month(), to.year()), text)
        }
    }

    /// The period of the same length that follows.
    pub fn next(self) -> Span {
        match self {
            Span::Year(year) => Span::Year(year + 1),
            Span::Half(year, 1) => Span::Half(year, 2),
            Span::Half(year, _) => Span::Half(year + 1, 1),
            Span::Quarter(year, quarter @ 1..=3) => Span::Quarter(year, quarter + 1),
            Span::Quarter(year, _) => Span::Quarter(year + 1, 1),
            Span::Month(month) => Span::Month(month.next()),
        }
    }

    /// 2021年 · 2021年上半年 · 2021年第二季度 · 2021年6月
    pub fn text(self, locale: Locale) -> String {
        match self {
            Span::Year(year) => locale.paper_year(year),
            Span::Half(year, 1) => locale.paper_first_half(year),
            Span::Half(year, _) => locale.paper_second_half(year),
            Span::Quarter(year, quarter) => locale.paper_quarter(ordinal(locale, quarter as usize), year),
            Span::Month(month) => locale.paper_month(month.number(), month.year()),
        }
    }

    /// The periods that end or run on `today`, the longest first: what a report is likely to be made for.
    pub fn around(today: Day) -> Vec<Span> {
        let (year, month) = (today.year(), Month::of(today));
        let quarter = Span::Quarter(year, (month.number() - 1) / 3 + 1);
        let half = Span::Half(year, if month.number() <= 6 { 1 } else { 2 });
        let last_quarter = match Each::Quarter.around(today).and_then(|quarter| quarter.from.pred_opt()) {
            Some(day) => Span::Quarter(day.year(), (day.month() - 1) / 3 + 1),
            None => quarter,
        };
        let last_half = if month.number() <= 6 { Span::Half(year - 1, 2) } else { Span::Half(year, 1) };
        let spans = [
            Span::Year(year),
            Span::Year(year - 1),
            half,
            last_half,
            quarter,
            last_quarter,
            Span::Month(month),
            Span::Month(month.previous()),
        ];
        spans.into_iter().filter(|span| YEARS.contains(&span.year())).collect()
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Span::Year(year) => write!(f, "{year}"),
            Span::Half(year, half) => write!(f, "{year}-H{half}"),
            Span::Quarter(year, quarter) => write!(f, "{year}-Q{quarter}"),
            Span::Month(month) => write!(f, "{month}"),
        }
    }
}

/// Whom a unit reports to (主送), as offices address them, from the name of the unit above: 区委、区政府.
pub fn addressee(above: &str) -> String {
    let last = above.chars().last();
    match last {
        Some(word @ ('区' | '县' | '市' | '镇' | '乡')) => format!("{word}委、{word}政府"),
        Some(_) if above.ends_with("街道") => "街道党工委、办事处".into(),
        _ => above.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_report_goes_its_way_and_back_only_to_be_mended() {
        for (from, to) in [(State::Draft, State::Signed), (State::Signed, State::Draft), (State::Public, State::Sent)] {
            assert!(!from.next().contains(&to), "{from} → {to}");
        }
        let way = [State::Draft, State::Review, State::Signed, State::Sent, State::Public];
        assert!(way.windows(2).all(|step| step[0].next().contains(&step[1])));
        assert!(State::Review.next().contains(&State::Draft) && State::asks_remark(State::Draft));
        assert!(State::ALL.iter().filter(|state| state.is_open()).eq([&State::Draft]));
    }

    #[test]
    fn a_period_is_called_as_offices_call_it() {
        for (text, from, to, called) in [
            ("2021", "2021-01-01", "2021-12-31", "2021年"),
            ("2021-H2", "2021-07-01", "2021-12-31", "2021年下半年"),
            ("2021-Q2", "2021-04-01", "2021-06-30", "2021年第二季度"),
            ("2021-06", "2021-06-01", "2021-06-30", "2021年6月"),
        ] {
            let span = Span::parse(text).expect("a period");
            let period = Period::new(from.parse().expect("a day"), to.parse().expect("a day")).expect("a period");
            assert_eq!((span.period(), span.text(Locale::Zh).as_str()), (period, called));
        }
        for odd in ["", "twenty", "2021-Q5", "2021-H0", "2021-13", "99999", "2021-", "2021-六月"] {
            assert_eq!(Span::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_unit_reports_to_the_one_above() {
        assert_eq!(addressee("巴南区"), "区委、区政府");
        assert_eq!(addressee("圣灯山镇"), "镇委、镇政府");
        assert_eq!(addressee("鱼洞街道"), "街道党工委、办事处");
        assert_eq!(addressee("县司法局"), "县司法局");
        assert_eq!((ordinal(Locale::Zh, 4).as_str(), ordinal(Locale::Zh, 21).as_str()), ("四", "二十一"));
    }

    #[test]
    fn a_report_tells_of_no_day_ahead_and_of_the_offices_own_months() {
        let today = |text: &str| text.parse::<Day>().expect("a day");
        let said = |span: &str, cutoff: Cutoff, day: &str| {
            let span = Span::parse(span).expect("a period");
            let days = span.days(cutoff, today(day));
            (days.from.to_string(), days.to.to_string(), span.noted(days, Locale::Zh))
        };
        let expect = |from: &str, to: &str, said: &str| (from.to_owned(), to.to_owned(), said.to_owned());
        assert_eq!(said("2021", Some(25), "2022-01-05"), expect("2021-01-01", "2021-12-31", "2021年"));
        assert_eq!(said("2021", None, "2021-11-20"), expect("2021-01-01", "2021-11-20", "2021年（截至11月20日）"));
        let words = "2021年6月（2021年5月26日至2021年6月25日）";
        assert_eq!(said("2021-06", Some(25), "2022-01-05"), expect("2021-05-26", "2021-06-25", words));
        let words = "2021年第一季度（2020年12月26日至2021年3月25日）";
        assert_eq!(said("2021-Q1", Some(25), "2022-01-05"), expect("2020-12-26", "2021-03-25", words));
        assert_eq!(said("2021-06", None, "2022-01-05"), expect("2021-06-01", "2021-06-30", "2021年6月"));
    }

    proptest! {
        #[test]
        fn months_of_an_office_follow_each_other_without_a_gap(year in 1950i32..2199, cutoff in prop::option::of(1u32..29)) {
            let ahead = Day::from_ymd_opt(2200, 1, 1).expect("a day");
            let months = (1..=12).map(|number| Span::Month(Month::new(year, number).expect("a month")).days(cutoff, ahead));
            let months: Vec<Period> = months.collect();
            prop_assert!(months.windows(2).all(|two| two[0].to.succ_opt() == Some(two[1].from)));
            let quarters: Vec<Period> = (1..=4).map(|part| Span::Quarter(year, part).days(cutoff, ahead)).collect();
            let mut pairs = quarters.iter().zip(months.chunks(3));
            prop_assert!(pairs.all(|(quarter, own)| quarter.from == own[0].from && quarter.to == own[2].to));
        }

        #[test]
        fn a_period_survives_its_text_and_the_next_one_follows_it(year in 1950i32..2199, part in 0u32..19) {
            let span = match part {
                0 => Span::Year(year),
                1..=2 => Span::Half(year, part),
                3..=6 => Span::Quarter(year, part - 2),
                _ => Span::Month(Month::new(year, part - 6).expect("a month")),
            };
            prop_assert_eq!(Span::parse(&span.to_string()), Some(span));
            prop_assert_eq!(span.next().period().from, span.period().to.succ_opt().expect("a day"));
        }
    }
}

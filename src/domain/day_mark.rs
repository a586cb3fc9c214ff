//! What a day is besides its date: a statutory holiday (休) or a working day made up for one (班), a market day, a day
//! on which a unit cannot be visited, a day of the lunar calendar.

use super::{
    key_date::rule::term_on,
    period::{Day, Period},
};
use chrono::Datelike;
use std::collections::BTreeMap;
use tyme4rs::tyme::{
    Culture,
    holiday::{LEGAL_HOLIDAY_DATA, LEGAL_HOLIDAY_NAMES},
    solar::SolarDay,
};

crate::keyed! {
    /// The calendar by which a town counts its market days.
    Calendar { Solar => "solar", Lunar => "lunar" }
}

impl Calendar {
    /// The lunar month and day of a day; none in a leap month, whose days come again in no usual year.
    pub fn lunar_month_and_day(day: Day) -> Option<(u32, u32)> {
        let lunar = almanac(day)?.get_lunar_day();
        let month = u32::try_from(lunar.get_lunar_month().get_month_with_leap()).ok()?;
        Some((month, u32::try_from(lunar.get_day()).ok()?))
    }

    /// The number that a day has in its month.
    pub fn number(self, day: Day) -> u32 {
        match self {
            Calendar::Solar => day.day(),
            Calendar::Lunar => almanac(day)
                .and_then(|day| u32::try_from(day.get_lunar_day().get_day()).ok())
                .unwrap_or_else(|| day.day()),
        }
    }
}

/// The day in the almanac; none for years that it does not reckon well.
pub(in crate::domain) fn almanac(day: Day) -> Option<SolarDay> {
    if !super::period::is_near(day) {
        return None;
    }
    let (month, number) = (usize::try_from(day.month()).ok()?, usize::try_from(day.day()).ok()?);
    SolarDay::new(isize::try_from(day.year()).ok()?, month, number).ok()
}

/// What a calendar's cell says of the lunar day: the solar term that begins, 八月 on the first of a lunar month, else
/// 初三.
pub fn lunar(day: Day) -> String {
    if let Some(term) = term_on(day) {
        return term;
    }
    let Some(lunar) = almanac(day).map(|day| day.get_lunar_day()) else { return String::new() };
    if lunar.get_day() == 1 { lunar.get_lunar_month().get_name() } else { lunar.get_name() }
}

crate::keyed! {
    /// What a notice makes of a day.
    HolidayKind {
        /// A day off (休).
        Rest => "rest",
        /// A day at a weekend on which people work (班).
        Work => "work",
        /// Neither: takes back what a unit above or the program said of the day.
        Ordinary => "ordinary",
    }
}

/// What a day is by the State Council's yearly notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    pub name: String,
    pub name_en: Option<String>,
    /// A day off (休); else a working day made up for one (班).
    pub rest: bool,
}

/// The English names of the almanac's holidays, in its order.
const HOLIDAYS_EN: [&str; 9] = [
    "New Year's Day",
    "Spring Festival",
    "Qingming Festival",
    "Labour Day",
    "Dragon Boat Festival",
    "Mid-Autumn Festival",
    "National Day",
    "National Day and Mid-Autumn Festival",
    "Victory Day",
];

/// The first year whose holidays a new installation knows.
const HOLIDAYS_SINCE: i32 = 2020;

/// The days of the yearly notices that the almanac knows, from 2020 on: where the table of holidays begins.
pub fn known_holidays() -> Vec<(Day, Holiday)> {
    // Thirteen characters a day: the date, 0 for a working day, which holiday, how far it is away.
    const WIDTH: usize = 13;
    let read = |entry: &str| {
        let day = Day::parse_from_str(entry.get(..8)?, "%Y%m%d").ok()?;
        let index: usize = entry.get(9..10)?.parse().ok()?;
        let name_en = HOLIDAYS_EN.get(index).map(|name| (*name).to_owned());
        let holiday =
            Holiday { name: (*LEGAL_HOLIDAY_NAMES.get(index)?).to_owned(), name_en, rest: entry.get(8..9)? != "0" };
        (day.year() >= HOLIDAYS_SINCE).then_some((day, holiday))
    };
    let data = LEGAL_HOLIDAY_DATA;
    (0..data.len() / WIDTH).filter_map(|place| read(data.get(place * WIDTH..(place + 1) * WIDTH)?)).collect()
}

/// The market days of a unit, for it and all below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Market {
    /// The unit's path.
    pub path: String,
    pub calendar: Calendar,
    /// The last digits of the market days.
    pub digits: Vec<u32>,
}

impl Market {
    pub fn is_on(&self, day: Day) -> bool {
        self.digits.contains(&(self.calendar.number(day) % 10))
    }
}

/// Days on which a unit and all below it cannot be visited: an exam week, the holidays of a school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blackout {
    /// The unit's path.
    pub path: String,
    pub period: Period,
    pub reason: String,
}

/// What a unit knows of the days of a period.
#[derive(Clone, Debug, Default)]
pub struct DayMarks {
    /// The path of the unit that asks.
    pub path: String,
    pub holidays: BTreeMap<Day, Holiday>,
    pub markets: Vec<Market>,
    pub blackouts: Vec<Blackout>,
}

impl DayMarks {
    pub fn holiday(&self, day: Day) -> Option<&Holiday> {
        self.holidays.get(&day)
    }

    /// A statutory holiday's day off; weekends are not.
    pub fn is_rest(&self, day: Day) -> bool {
        self.holiday(day).is_some_and(|holiday| holiday.rest)
    }

    /// Whether people go to market where the unit lies.
    pub fn is_market(&self, day: Day) -> bool {
        self.is_market_at(&self.path, day)
    }

    /// Whether people go to market where a unit with this path lies: by its own market days, else its town's.
    pub fn is_market_at(&self, unit_path: &str, day: Day) -> bool {
        let above = self.markets.iter().filter(|market| unit_path.starts_with(&market.path));
        above.max_by_key(|market| market.path.len()).is_some_and(|market| market.is_on(day))
    }

    /// Why a unit with this path cannot be visited.
    pub fn blackout(&self, unit_path: &str, day: Day) -> Option<&str> {
        let holds = |one: &&Blackout| one.period.contains(day) && unit_path.starts_with(&one.path);
        self.blackouts.iter().find(holds).map(|one| one.reason.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn marks(markets: Vec<Market>, blackouts: Vec<Blackout>) -> DayMarks {
        DayMarks { path: "/1/2/".into(), holidays: known_holidays().into_iter().collect(), markets, blackouts }
    }

    /// Source: the State Council's notices for 2021, 2025 and 2026.
    #[test]
    fn the_notices_days_off_and_working_days_are_known() {
        let marks = marks(Vec::new(), Vec::new());
        for rest in ["2021-02-11", "2021-02-17", "2021-10-07", "2025-10-08", "2026-02-23", "2026-10-01", "2026-10-07"] {
            assert!(marks.is_rest(day(rest)), "{rest}");
        }
        for work in ["2021-02-07", "2021-02-20", "2026-02-14", "2026-09-20", "2026-10-10"] {
            let holiday = marks.holiday(day(work)).expect("named in the notice");
            assert!(!holiday.rest && !marks.is_rest(day(work)), "{work}");
        }
        assert_eq!(marks.holiday(day("2026-10-01")).map(|one| one.name.as_str()), Some("国庆节"));
        assert_eq!((marks.holiday(day("2026-10-08")), marks.is_rest(day("2026-10-11"))), (None, false));
        for year in 2021..=2026 {
            let rest = marks.holidays.iter().filter(|(day, one)| day.year() == year && one.rest).count();
            assert!((26..=34).contains(&rest), "{year}: {rest}");
        }
    }

    /// Source: the almanac of the Purple Mountain Observatory, by way of the library borax 4.1.
    #[test]
    fn a_cell_names_the_lunar_day_its_month_or_the_term() {
        for (on, name) in [
            ("2026-10-18", "初九"),
            ("2026-02-17", "正月"),
            ("2026-04-05", "清明"),
            ("2026-09-23", "秋分"),
            ("2025-07-25", "闰六月"),
            ("2026-12-22", "冬至"),
        ] {
            assert_eq!(lunar(day(on)), name, "{on}");
        }
    }

    #[test]
    fn a_towns_market_days_hold_for_its_villages_unless_they_have_their_own() {
        let town = Market { path: "/1/2/".into(), calendar: Calendar::Solar, digits: vec![1, 4, 7] };
        let village = Market { path: "/1/2/9/".into(), calendar: Calendar::Lunar, digits: vec![9] };
        let marks = marks(vec![town, village], Vec::new());
        assert!(marks.is_market(day("2026-10-14")) && marks.is_market_at("/1/2/3/", day("2026-10-31")));
        assert!(!marks.is_market(day("2026-10-18")));
        // 2026-10-18 is the ninth of the ninth lunar month.
        assert!(marks.is_market_at("/1/2/9/", day("2026-10-18")) && !marks.is_market_at("/1/2/9/", day("2026-10-14")));
        assert!(!marks.is_market_at("/1/5/", day("2026-10-14")), "another town");
    }

    #[test]
    fn a_schools_exam_week_is_the_schools_alone() {
        let period = Period { from: day("2026-06-20"), to: day("2026-06-30") };
        let marks = marks(Vec::new(), vec![Blackout { path: "/1/2/7/".into(), period, reason: "期末考试".into() }]);
        assert_eq!(marks.blackout("/1/2/7/", day("2026-06-30")), Some("期末考试"));
        assert_eq!(marks.blackout("/1/2/7/", day("2026-07-01")), None);
        assert_eq!(marks.blackout("/1/2/8/", day("2026-06-30")), None);
    }
}

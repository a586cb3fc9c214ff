//! Days as people write them: 2021.12.4, 2021-12-04, 2021年12月4日, 12月4日, 12.4, 20211204, 4日, 昨天, 上周五, 11月29日至12月5日,
//! and the serial numbers of a spreadsheet.
//!
//! A day without a year is of the year that is known, else the nearest one that is not after today: what is told was done.

mod piece;

use super::{
    numeral,
    period::{Day, is_near},
};
use chrono::{Datelike, Days as Count, NaiveDate};
use piece::{Piece, Reader};

/// What a text about days leaves open.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// 昨天 is the day before; no day without a year lies after it.
    pub today: Day,
    /// The year of a day that names none.
    pub year: Option<i32>,
    /// The month of a day that names none: 4日.
    pub month: Option<u32>,
}

impl Known {
    pub fn on(today: Day) -> Known {
        Known { today, year: None, month: None }
    }
}

/// A day, or several in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub from: Day,
    /// The last day; later than `from`.
    pub to: Option<Day>,
}

/// Days in running text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where the words begin and end, in characters.
    pub start: usize,
    pub end: usize,
    pub days: Days,
    /// Rather the name of a key date (“12·4”国家宪法日), or a day without its month.
    pub doubtful: bool,
}

/// Reads a cell that holds one day.
pub fn read_day(text: &str, known: &Known) -> Option<Day> {
    read_days(text, known).filter(|days| days.to.is_none()).map(|days| days.from)
}

/// Reads a cell that holds a day or several in a row; a weekday or a time of day may follow.
pub fn read_days(text: &str, known: &Known) -> Option<Days> {
    let chars = numeral::narrow(text.trim());
    let reader = Reader { chars: &chars, is_cell: true };
    let (days, end, _) = days_at(&reader, 0, known, known.month)?;
    is_time(&chars[end..]).then_some(days)
}

/// All days in running text. 4日 is of the month that was named before it.
pub fn find_days(text: &str, known: &Known) -> Vec<Found> {
    let chars = numeral::narrow(text);
    let reader = Reader { chars: &chars, is_cell: false };
    let mut all: Vec<Found> = Vec::new();
    let mut month = known.month;
    let mut start = 0;
    while start < chars.len() {
        match days_at(&reader, start, known, month) {
            Some((days, end, doubtful)) => {
                let own =
                    Known { year: known.year.or_else(|| all.last().map(|found| found.days.from.year())), ..*known };
                // 12月4日、8日: the second one is of the first one's month and year.
                let days = match (all.last(), doubtful) {
                    (Some(_), true) => days_at(&reader, start, &own, month).map_or(days, |(days, ..)| days),
                    _ => days,
                };
                month = Some(days.to.unwrap_or(days.from).month());
                all.push(Found { start, end, days, doubtful });
                start = end;
            }
            None => start += reader.other_length(start),
        }
    }
    all
}

/// The days whose words begin at this place, where they end, and whether they are doubtful.
fn days_at(reader: &Reader<'_>, start: usize, known: &Known, month: Option<u32>) -> Option<(Days, usize, bool)> {
    let first = reader.piece(start, known.today)?;
    let from = resolve(&first, known, month)?;
    let doubtful = first.weak || (first.month.is_none() && first.whole.is_none() && known.month.is_none());
    let one = (Days { from, to: None }, first.end, doubtful);
    let Some(second) = reader.joined(&first, known.today) else { return Some(one) };
    let to = match (second.whole, second.year) {
        (Some(day), _) => Some(day),
        (None, Some(year)) => NaiveDate::from_ymd_opt(year, second.month.unwrap_or(from.month()), second.day),
        // 12月29日至1月4日 ends in the next year.
        (None, None) => [from.year(), from.year() + 1]
            .into_iter()
            .filter_map(|year| NaiveDate::from_ymd_opt(year, second.month.unwrap_or(from.month()), second.day))
            .find(|to| *to >= from),
    };
    // More than a year is a slip, or two days that have nothing to do with each other.
    match to.filter(|to| *to >= from && (*to - from).num_days() < 366) {
        Some(to) => Some((Days { from, to: (to > from).then_some(to) }, second.end, doubtful)),
        None => Some((one.0, one.1, true)),
    }
}

fn resolve(piece: &Piece, known: &Known, month: Option<u32>) -> Option<Day> {
    if let Some(day) = piece.whole {
        return Some(day).filter(|day| is_near(*day));
    }
    let day = match (piece.year.or(known.year), piece.month.or(month)) {
        (Some(year), Some(month)) => NaiveDate::from_ymd_opt(year, month, piece.day),
        (None, Some(month)) => past(known.today, |year| NaiveDate::from_ymd_opt(year, month, piece.day)),
        // 4日 alone: this month's or the last one's that had such a day.
        (_, None) => (0..3)
            .filter_map(|back| known.today.checked_sub_months(chrono::Months::new(back))?.with_day(piece.day))
            .find(|day| *day <= known.today),
    };
    day.filter(|day| is_near(*day))
}

/// The latest such day that is not after today; the 29th of February may be years ago.
fn past(today: Day, day: impl Fn(i32) -> Option<Day>) -> Option<Day> {
    (0..9).filter_map(|back| day(today.year() - back)).find(|day| *day <= today)
}

/// Whether nothing but a weekday or a time of day is left: 上午9:30, （星期六）, T00:00:00.
fn is_time(rest: &[char]) -> bool {
    rest.iter().all(|letter| {
        letter.is_ascii_digit()
            || letter.is_whitespace()
            || ":：.-+TZ()（）上下午中晚早凌晨间星期周礼拜一二三四五六日天时分秒点半整，,。".contains(*letter)
    })
}

/// The day of a spreadsheet's serial number (1900 system), the time of day cut off. 60 is the 29th of February 1900,
/// which there never was; serials below it are counted from one day later.
///
/// Source: ECMA-376 Part 1, 18.17.4.1.
pub fn from_serial(serial: f64) -> Option<Day> {
    if !(1.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let days = serial as u64;
    let before = match days {
        0..60 => NaiveDate::from_ymd_opt(1899, 12, 31)?,
        60 => return None,
        _ => NaiveDate::from_ymd_opt(1899, 12, 30)?,
    };
    before.checked_add_days(Count::new(days)).filter(|day| is_near(*day))
}

#[cfg(test)]
mod tests;

//! One cell: a count with its precision, or a day.

use super::book::Value;
use crate::domain::{
    alias::head::plain,
    amount::{self, Doubt},
    day_text::{self, Known},
    measure::Precision,
    period::Day,
};

/// Whether counts are each unit's or all units' together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// 每村各
    Each,
    /// 合计
    Together,
}

/// What a cell for a count says.
#[derive(Clone, Debug, PartialEq)]
pub enum Count {
    /// Empty, 0, 无 or a stroke.
    Absent,
    Amount {
        value: i64,
        precision: Precision,
        manner: Option<Manner>,
    },
    /// It is no count that could be stored.
    Wrong(Wrong),
}

/// Why a cell holds no count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// 3.5 or 1e300.
    Fraction,
    Negative,
    /// 数百, 若干, 不足200: no figure.
    Vague,
    Unreadable,
}

/// What stands for nothing.
const NOTHING: &[&str] =
    &["", "0", "无", "没有", "/", "\\", "-", "--", "—", "——", "－", "–", "×", "x", "未", "否", "nil", "零", "一一"];

/// Words before a count that say whose it is.
const EACH: &[&str] = &["每村各", "各村各", "每村", "每个村", "每单位", "各", "每"];
const TOGETHER: &[&str] = &["合计", "共计", "总计", "一共", "累计", "总共", "共"];

/// Reads a cell for a count.
pub fn count(value: &Value) -> Count {
    match value {
        Value::Number(number) => of_number(*number),
        // A count that was formatted as a day is one that Excel changed: 1-2 became the 2nd of January.
        Value::Day(_) => Count::Wrong(Wrong::Unreadable),
        Value::Text(text) => of_text(text),
    }
}

fn of_number(number: f64) -> Count {
    // Beyond this a double is no whole number any more.
    const LARGEST: f64 = 9e15;
    match number {
        _ if number == 0.0 => Count::Absent,
        _ if number < 0.0 => Count::Wrong(Wrong::Negative),
        _ if number.fract() != 0.0 => Count::Wrong(Wrong::Fraction),
        _ if number.is_finite() && number < LARGEST => {
            Count::Amount { value: number as i64, precision: Precision::Exact, manner: None }
        }
        _ => Count::Wrong(Wrong::Unreadable),
    }
}

fn of_text(text: &str) -> Count {
    let words = plain(text);
    if NOTHING.contains(&words.as_str()) {
        return Count::Absent;
    }
    let strip = |list: &[&str]| list.iter().find_map(|word| words.strip_prefix(word));
    let (rest, manner) = match (strip(EACH), strip(TOGETHER)) {
        (Some(rest), _) => (rest, Some(Manner::Each)),
        (None, Some(rest)) => (rest, Some(Manner::Together)),
        (None, None) => (words.as_str(), None),
    };
    if let Ok(number) = rest.replace(',', "").parse::<f64>() {
        return match of_number(number) {
            Count::Amount { value, precision, .. } => Count::Amount { value, precision, manner },
            other => other,
        };
    }
    let Some(found) = amount::read_amount(rest) else {
        return Count::Wrong(if rest.starts_with(['-', '−', '负']) { Wrong::Negative } else { Wrong::Unreadable });
    };
    match (found.amount, found.doubt) {
        (Some(amount), _) if amount.value == 0 => Count::Absent,
        (Some(amount), _) => Count::Amount { value: amount.value, precision: amount.precision, manner },
        (None, Some(Doubt::Vague | Doubt::Upper)) => Count::Wrong(Wrong::Vague),
        (None, _) => Count::Wrong(Wrong::Unreadable),
    }
}

/// Whether a cell may well be a count: for telling what a column holds.
pub fn may_be_count(value: &Value) -> bool {
    match value {
        Value::Day(_) => false,
        Value::Number(_) => true,
        // Vague and impossible counts stand in columns of counts too; sentences do not.
        Value::Text(text) => match of_text(text) {
            Count::Wrong(Wrong::Unreadable) => false,
            _ => text.chars().count() <= 16,
        },
    }
}

/// Why a cell holds no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongDay {
    Unreadable,
    /// 12月4日, and nothing tells the year.
    NoYear,
    /// The number 12.1 may have been typed as 12.10.
    Ambiguous,
}

/// The serial numbers that a spreadsheet gives to days of 1954 to 2119: other numbers are no days.
const SERIALS: std::ops::RangeInclusive<f64> = 20_000.0..=80_000.0;

/// A day, or the first and the last one.
pub type Days = (Day, Option<Day>);

/// Reads a cell for a day; `year` is what the sheet tells.
pub fn days(value: &Value, year: Option<i32>) -> Result<Days, WrongDay> {
    match value {
        Value::Day(day) => Ok((*day, None)),
        Value::Number(number) if SERIALS.contains(number) => {
            day_text::from_serial(*number).map(|day| (day, None)).ok_or(WrongDay::Unreadable)
        }
        Value::Number(number) => {
            let text = number.to_string();
            let tenths = text.split_once('.').map(|(_, part)| part);
            if *number < 13.0 && tenths.is_some_and(|part| ["1", "2", "3"].contains(&part)) {
                return Err(WrongDay::Ambiguous);
            }
            of_words(&text, year)
        }
        Value::Text(text) => match text.trim().parse::<f64>() {
            Ok(number) if SERIALS.contains(&number) && text.trim().len() == 5 => days(&Value::Number(number), year),
            _ => of_words(text, year),
        },
    }
}

/// Reads words. What only a year or today would tell is not guessed: an old ledger is of its own time.
fn of_words(text: &str, year: Option<i32>) -> Result<Days, WrongDay> {
    let read = |year: i32, today: (i32, u32, u32)| {
        let today = Day::from_ymd_opt(today.0, today.1, today.2)?;
        let known = Known { today, year: Some(year), month: None };
        day_text::read_days(text, &known).map(|days| (days.from, days.to))
    };
    let (early, later) = ((2004, 12, 31), (2008, 12, 30));
    // Leap years, for the 29th of February is one.
    let one = read(2004, early);
    if let Some(days) = one
        && read(2008, later) == one
    {
        return Ok(days);
    }
    let Some(year) = year else {
        return Err(if one.is_some() { WrongDay::NoYear } else { WrongDay::Unreadable });
    };
    match (read(year, early), read(year, later)) {
        (Some(days), other) if other == Some(days) => Ok(days),
        _ => Err(WrongDay::Unreadable),
    }
}

/// Whether a cell may well be a day.
pub fn may_be_day(value: &Value) -> bool {
    days(value, Some(2004)).is_ok()
}

/// The year that a title, a sheet or a file names: 2021年普法台账. The last one where there are several apart.
pub fn year_in(text: &str) -> Option<i32> {
    let text = plain(text);
    let letters: Vec<char> = text.chars().collect();
    let mut found = None;
    for (place, window) in letters.windows(4).enumerate() {
        let is_digit = |at: Option<&char>| at.is_some_and(char::is_ascii_digit);
        let alone = !is_digit(place.checked_sub(1).and_then(|before| letters.get(before)));
        let behind = letters.get(place + 4);
        // 20211204 in a file's name begins with its year too.
        if !alone || !window.iter().all(char::is_ascii_digit) {
            continue;
        }
        let digits =
            letters.get(place..).unwrap_or_default().iter().take_while(|letter| letter.is_ascii_digit()).count();
        let year: i32 = window.iter().collect::<String>().parse().ok()?;
        if (1990..=2100).contains(&year) && (!is_digit(behind) || digits == 6 || digits == 8) {
            found = Some(year);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::text(text).unwrap_or(Value::Text("".into()))
    }

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn counts_keep_their_precision_and_nothing_is_nothing() {
        use Precision::{AtLeast, Estimate, Exact};
        for (words, value, precision) in [
            ("156", 156, Exact),
            ("150余", 150, AtLeast),
            ("约200", 200, Estimate),
            ("7000份以上", 7_000, AtLeast),
            ("上百次", 100, AtLeast),
            ("一千余", 1_000, AtLeast),
            ("1.2万余", 12_000, AtLeast),
            ("１２０", 120, Exact),
            ("1,200", 1_200, Exact),
            ("3.0", 3, Exact),
            ("12条", 12, Exact),
        ] {
            assert_eq!(count(&text(words)), Count::Amount { value, precision, manner: None }, "{words}");
        }
        for words in ["0", "无", "/", "—", "0份"] {
            assert_eq!(count(&text(words)), Count::Absent, "{words}");
        }
        assert_eq!(count(&Value::Number(0.0)), Count::Absent);
        for (words, wrong) in
            [("-5", Wrong::Negative), ("3.5", Wrong::Fraction), ("若干", Wrong::Vague), ("见附件", Wrong::Unreadable)]
        {
            assert_eq!(count(&text(words)), Count::Wrong(wrong), "{words}");
        }
        assert_eq!(
            count(&text("每村各50份")),
            Count::Amount { value: 50, precision: Exact, manner: Some(Manner::Each) }
        );
    }

    #[test]
    fn days_are_read_in_every_form_and_a_year_is_never_guessed() {
        let christmas = (day("2021-12-04"), None);
        for words in ["2021.12.4", "2021/12/4", "2021-12-04", "2021年12月4日", "20211204", "44534"] {
            assert_eq!(days(&text(words), None), Ok(christmas), "{words}");
        }
        assert_eq!(days(&Value::Number(44_534.0), None), Ok(christmas));
        assert_eq!(days(&text("12月4日"), Some(2021)), Ok(christmas));
        assert_eq!(days(&Value::Number(12.4), Some(2021)), Ok(christmas));
        assert_eq!(days(&text("12月4日"), None), Err(WrongDay::NoYear));
        assert_eq!(days(&Value::Number(12.1), Some(2021)), Err(WrongDay::Ambiguous));
        assert_eq!(days(&text("昨天"), Some(2021)), Err(WrongDay::Unreadable));
        assert_eq!(days(&text("2021.13.45"), Some(2021)), Err(WrongDay::Unreadable));
        let week = (day("2021-11-29"), Some(day("2021-12-05")));
        assert_eq!(days(&text("11月29日—12月5日"), Some(2021)), Ok(week));
    }

    #[test]
    fn the_year_stands_in_a_title() {
        assert_eq!(year_in("圣灯山镇2021年普法台账"), Some(2021));
        assert_eq!(year_in("台账 20211204"), Some(2021));
        assert_eq!(year_in("500113108203"), None);
        assert_eq!(year_in("渝司〔2020〕12号 2021年"), Some(2021));
    }
}

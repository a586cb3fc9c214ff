//! One day in a text, as far as its words tell it.

use crate::domain::{
    numeral::{self, Shape},
    period::Day,
};
use chrono::{Datelike, Days, NaiveDate, TimeDelta, Weekday};

/// A day as its words tell it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Piece {
    /// Where it ends.
    pub end: usize,
    /// The day itself, where the words need no more: 昨天.
    pub whole: Option<Day>,
    pub year: Option<i32>,
    pub month: Option<u32>,
    pub day: u32,
    /// Rather a name than a day: “12·4”国家宪法日.
    pub weak: bool,
    /// Written with points or strokes: 12.1-7 goes on without 日.
    pub terse: bool,
}

pub struct Reader<'a> {
    pub chars: &'a [char],
    /// A cell holds nothing but its days.
    pub is_cell: bool,
}

/// Words that count from today, the longer ones first.
const RELATIVE: &[(&str, i64)] = &[
    ("大前天", -3),
    ("前天", -2),
    ("前日", -2),
    ("昨天", -1),
    ("昨日", -1),
    ("昨晚", -1),
    ("今天", 0),
    ("今日", 0),
    ("今晚", 0),
    ("今早", 0),
    ("今晨", 0),
    ("今上午", 0),
    ("今下午", 0),
];

/// Words that count weeks from this one.
const WEEKS: &[(&str, i64)] = &[("上上周", -2), ("上周", -1), ("上星期", -1), ("上礼拜", -1), ("本周", 0), ("这周", 0)];

/// What follows a day that is the name of a key date: 12月4日国家宪法日, 12月4日来临之际.
const NAMES: &[&str] = &["国家", "国际", "全国", "世界", "宪法日", "禁毒日", "反家暴日", "消防日", "来临", "到来"];

/// What follows such a name written with points: 12.4宪法宣传.
const SHORT_NAMES: &[&str] = &["宪法", "禁毒", "反家暴", "消防", "反诈", "艾滋", "交通安全", "消费者", "普法"];

/// What follows 4号 that is no day.
const NO_DAY: &str = "楼线文院门店机公码令桥馆厅室通井";

impl Reader<'_> {
    fn get(&self, place: usize) -> Option<char> {
        self.chars.get(place).copied()
    }

    fn is(&self, place: usize, word: &str) -> bool {
        self.chars[place.min(self.chars.len())..]
            .iter()
            .zip(word.chars())
            .filter(|(one, other)| **one == *other)
            .count()
            == word.chars().count()
    }

    fn skip_space(&self, place: usize) -> usize {
        if self.get(place) == Some(' ') { place + 1 } else { place }
    }

    /// How far a reader goes on where no day begins: never into the middle of a number.
    pub fn other_length(&self, place: usize) -> usize {
        self.chars[place..].iter().take_while(|letter| numeral::begins(**letter)).count().max(1)
    }

    /// A whole number without anything around it: value, end, count of characters.
    fn number(&self, place: usize) -> Option<(u32, usize, usize)> {
        let digits =
            self.chars[place.min(self.chars.len())..].iter().take_while(|letter| letter.is_ascii_digit()).count();
        if digits > 0 {
            let text: String = self.chars[place..place + digits].iter().collect();
            return Some((text.parse().ok()?, place + digits, digits));
        }
        let found =
            numeral::at(self.chars, place).filter(|found| matches!(found.shape, Shape::Chinese | Shape::Row))?;
        Some((u32::try_from(found.value).ok()?, found.end, found.end - place))
    }

    /// 日 or 号 behind a day's number.
    fn day_word(&self, place: usize) -> Option<usize> {
        let place = self.skip_space(place);
        match self.get(place)? {
            '日' => Some(place + 1),
            '号' if !self.get(place + 1).is_some_and(|letter| NO_DAY.contains(letter)) => Some(place + 1),
            _ => None,
        }
    }

    /// The day that begins here.
    pub fn piece(&self, start: usize, today: Day) -> Option<Piece> {
        if let Some(piece) = self.relative(start, today) {
            return Some(piece);
        }
        let before = start.checked_sub(1).and_then(|place| self.get(place));
        if before.is_some_and(|letter| letter.is_ascii_alphanumeric() || ".第〕-/".contains(letter)) {
            return None;
        }
        let piece = self.joined_digits(start).or_else(|| self.in_words(start)).or_else(|| self.with_points(start))?;
        let weak = piece.weak || self.is_name(start, &piece);
        Some(Piece { weak, ..piece })
    }

    fn relative(&self, start: usize, today: Day) -> Option<Piece> {
        if let Some((word, days)) = RELATIVE.iter().find(|(word, _)| self.is(start, word)) {
            let whole = today.checked_add_signed(TimeDelta::days(*days));
            return Some(Piece { end: start + word.chars().count(), whole, ..Piece::default() });
        }
        let (word, weeks) = WEEKS.iter().find(|(word, _)| self.is(start, word))?;
        let place = start + word.chars().count();
        let number = "一二三四五六日".chars().position(|letter| self.get(place) == Some(letter)).or_else(|| {
            // 天 is Sunday too.
            (self.get(place) == Some('天')).then_some(6)
        })?;
        let monday = today.week(Weekday::Mon).checked_first_day()?;
        let whole = monday.checked_add_signed(TimeDelta::days(weeks * 7))?.checked_add_days(Days::new(number as u64));
        Some(Piece { end: place + 1, whole, ..Piece::default() })
    }

    /// 20211204
    fn joined_digits(&self, start: usize) -> Option<Piece> {
        let (value, end, digits) = self.number(start)?;
        if digits != 8 || !self.get(start)?.is_ascii_digit() {
            return None;
        }
        let whole = NaiveDate::from_ymd_opt((value / 10_000) as i32, value / 100 % 100, value % 100)?;
        (1990..2100).contains(&whole.year()).then_some(Piece { end, whole: Some(whole), ..Piece::default() })
    }

    /// 2021年12月4日, 12月4日, 12月4, 本月4日, 4日
    fn in_words(&self, start: usize) -> Option<Piece> {
        let (first, after, digits) = self.number(start)?;
        let (year, place) = match self.get(self.skip_space(after)) {
            Some('年') => (Some(full_year(first, digits)?), self.skip_space(self.skip_space(after) + 1)),
            _ => (None, start),
        };
        let (month, after_month, _) = self.number(place)?;
        if self.get(self.skip_space(after_month)) != Some('月') {
            let end = self.day_word(after).filter(|_| year.is_none() && is_day(first))?;
            return Some(Piece { end, day: first, ..Piece::default() });
        }
        let (day, after_day, _) = self.number(self.skip_space(self.skip_space(after_month) + 1))?;
        let end = self.day_word(after_day).unwrap_or(after_day);
        (is_month(month) && is_day(day)).then_some(Piece { end, year, month: Some(month), day, ..Piece::default() })
    }

    /// 2021.12.4, 2021-12-04, 21/12/4, 12.4, 12-4, 12·4
    fn with_points(&self, start: usize) -> Option<Piece> {
        if !self.get(start)?.is_ascii_digit() {
            return None;
        }
        let (first, after, digits) = self.number(start)?;
        let point = self.get(after).filter(|letter| "./-·•".contains(*letter))?;
        let (second, after_second, _) = self.digits(after + 1)?;
        let weak = "·•".contains(point);
        let third = (self.get(after_second) == Some(point)).then(|| self.digits(after_second + 1)).flatten();
        if let Some((day, end, _)) = third {
            let year = full_year(first, digits)?;
            let end = self.day_word(end).unwrap_or(end);
            let fits = is_month(second) && is_day(day);
            return fits.then_some(Piece {
                end,
                year: Some(year),
                month: Some(second),
                day,
                terse: true,
                ..Piece::default()
            });
        }
        let follows = self.get(self.skip_space(after_second));
        // 3.5万, 2.5小时, 5-6人: no days. Nor is a date that goes on with further points.
        let is_count = !self.is_cell
            && follows.is_some_and(|letter| "万亿千百%‰元人次条份本户场小个公米名张块级年版度".contains(letter));
        if is_count
            || !is_month(first)
            || !is_day(second)
            || digits > 2
            || self.get(after_second) == Some('.') && third.is_some()
        {
            return None;
        }
        let end = self.day_word(after_second).unwrap_or(after_second);
        Some(Piece { end, month: Some(first), day: second, weak, terse: true, ..Piece::default() })
    }

    fn digits(&self, place: usize) -> Option<(u32, usize, usize)> {
        self.number(place)
            .filter(|(_, _, length)| *length <= 2 && self.get(place).is_some_and(|one| one.is_ascii_digit()))
    }

    /// Whether the day is the name of a key date or stands in quotes.
    fn is_name(&self, start: usize, piece: &Piece) -> bool {
        let before = start.checked_sub(1).and_then(|place| self.get(place));
        let end = match self.get(piece.end) {
            Some('”' | '"' | '」' | '’') => piece.end + 1,
            _ => piece.end,
        };
        let short = if piece.terse { SHORT_NAMES } else { &[] };
        let is_quoted = matches!(before, Some('“' | '"' | '「' | '‘'));
        !self.is_cell && (is_quoted || NAMES.iter().chain(short).any(|word| self.is(end, word)))
    }

    /// The second day of 11月29日至12月5日 or 12月1-7日, behind the first.
    pub fn joined(&self, first: &Piece, today: Day) -> Option<Piece> {
        let mut place = self.skip_space(first.end);
        // 12月1日（星期三）至7日
        if matches!(self.get(place), Some('(' | '（')) {
            let length = self.chars[place..].iter().take(8).position(|letter| matches!(letter, ')' | '）'))?;
            place = self.skip_space(place + length + 1);
        }
        self.get(place).filter(|letter| "-–—~～至到".contains(*letter))?;
        while self.get(place).is_some_and(|letter| "-–—~～至到 ".contains(letter)) {
            place += 1;
        }
        if let Some(second) =
            self.joined_digits(place).or_else(|| self.in_words(place)).or_else(|| self.with_points(place))
        {
            return Some(second);
        }
        if let Some(second) = self.relative(place, today) {
            return Some(second);
        }
        let (day, end, _) = self.digits(place).filter(|(day, ..)| first.terse && is_day(*day))?;
        Some(Piece { end, day, terse: true, ..Piece::default() })
    }
}

fn is_month(number: u32) -> bool {
    (1..=12).contains(&number)
}

fn is_day(number: u32) -> bool {
    (1..=31).contains(&number)
}

/// 2021, or 21 as people shorten it.
fn full_year(number: u32, digits: usize) -> Option<i32> {
    match (digits, number) {
        (4, 1900..2200) => i32::try_from(number).ok(),
        (2, 0..60) => i32::try_from(2000 + number).ok(),
        _ => None,
    }
}

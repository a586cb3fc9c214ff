//! Which time a figure speaks of: 11月, 1-11月, 上半年, 11月29日至12月5日, 宪法宣传周期间; else the year of the draft. A time holds
//! for what follows it in the same sentence, until another one is named. 11月以来 ends with the day of the text where it bears one,
//! else with the year; 近期 and 入冬以来 leave their days open, and are told so.

use super::{Known, When, words};
use crate::domain::{
    day_text,
    numeral::{self, Shape},
    period::{Day, Month, Period},
};
use chrono::{Datelike, Days, Months};

/// The times that a text names.
#[derive(Debug, Default)]
pub struct Windows {
    /// Where days stand, whatever they mean: their digits count nothing.
    pub days: Vec<(usize, usize)>,
    all: Vec<Window>,
    /// Where sentences end.
    ends: Vec<usize>,
    year: Option<Period>,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    start: usize,
    end: usize,
    /// `None` where the words leave open from when to when.
    period: Option<Period>,
}

impl Windows {
    /// Whether words between two places name a time.
    pub fn covers(&self, start: usize, end: usize) -> bool {
        let first = self.all.partition_point(|window| window.end <= start);
        self.all.get(first).is_some_and(|window| window.start < end)
    }

    /// The time of what stands at a place.
    pub fn at(&self, place: usize) -> When {
        let before = self.ends.partition_point(|end| *end <= place);
        let sentence = before.checked_sub(1).map_or(0, |index| self.ends[index]);
        let before = self.all.partition_point(|window| window.end <= place);
        let last = before.checked_sub(1).map(|index| &self.all[index]);
        match last.filter(|window| window.start >= sentence) {
            None => When::Year,
            Some(window) if window.period.is_some() && window.period == self.year => When::Year,
            Some(Window { start, end, period: Some(period) }) => When::Within(*period, *start, *end),
            Some(Window { start, end, period: None }) => When::Unclear(*start, *end),
        }
    }
}

/// Words behind a time with which it goes on until the text was written.
const SINCE: &[&str] = &["份以来", "以来", "起至今", "至今", "起", "开始"];

/// Words behind a time that end with it, from the year's beginning on.
const BY_END: &[&str] = &["底之前", "底以前", "底前", "末前"];

/// Words behind a time that end before it, and those that only begin so.
const BEFORE: &[&str] = &["之前", "以前", "前"];
const NOT_BEFORE: &[&str] = &["前往", "前来", "前期", "前后", "前去", "前夕"];

/// Words behind a time that leave its end or its beginning open.
const OPEN: &[&str] = &["以后", "之后", "底", "末", "初", "前后", "前夕"];

/// Words before a time that has not begun there: 截至11月底.
const UNTIL: &[&str] = &["截至", "截止", "截止到", "截至到"];

/// Words before a year that is only compared with.
const BESIDE: &[&str] = &["较", "比", "与", "同", "和", "较之"];

/// Words behind the name of a key date that make it a time.
const DURING: &[&str] = &["期间", "当天", "当日", "当周", "活动期间", "宣传期间"];

/// All times in a text.
pub fn windows(text: &str, chars: &[char], known: &Known<'_>) -> Windows {
    let mut windows = Windows { year: Some(Period::year(known.year)), ..Windows::default() };
    let ends = chars.iter().enumerate().filter(|(_, letter)| "。！!？?\n".contains(**letter));
    windows.ends = ends.map(|(place, _)| place + 1).collect();
    let reader = Reader { chars, known, written: written(text, known.year) };
    let last = Period::year(known.year).to;
    for found in day_text::find_days(text, &day_text::Known { today: last, year: Some(known.year), month: None }) {
        let words: String = chars[found.start..found.end].iter().collect();
        let said = words.contains(['月', '日', '号', '年']);
        // 5-6幅 are counts, 1-11月 are months.
        let other = !said && (reader.is_count(found.end) || reader.is(found.end, "月"));
        if other || !numeral::begins(chars[found.start]) {
            continue;
        }
        // 11月20余场 is a month and a count.
        if words.ends_with(|letter: char| letter.is_ascii_digit()) && said && reader.is_count(found.end) {
            continue;
        }
        windows.days.push((found.start, found.end));
        if !found.doubtful {
            let days = Period { from: found.days.from, to: found.days.to.unwrap_or(found.days.from) };
            windows.all.push(reader.bounded(days, found.start, found.end));
        }
    }
    let (mut place, mut day) = (0, 0);
    while place < chars.len() {
        while windows.days.get(day).is_some_and(|(_, end)| *end <= place) {
            day += 1;
        }
        if let Some((_, end)) = windows.days.get(day).filter(|(start, _)| *start <= place) {
            place = *end;
            continue;
        }
        match reader.window(place) {
            Some(window) => {
                place = window.end.max(place + 1);
                windows.all.push(window);
            }
            None => place += 1,
        }
    }
    windows.all.sort_by_key(|window| window.end);
    windows
}

/// The day that a text bears in a line of its own: 2021年12月10日.
fn written(text: &str, year: i32) -> Option<Day> {
    let known = day_text::Known { today: Period::year(year + 1).to, year: None, month: None };
    let day = |line: &str| {
        let line = line.trim_matches(|letter: char| letter.is_whitespace() || "（）()".contains(letter));
        let is_whole = (8..=16).contains(&line.chars().count()) && line.contains(&year.to_string()[..3]);
        is_whole.then(|| day_text::read_day(line, &known)).flatten()
    };
    let years = Period { from: Period::year(year).from, to: Period::year(year + 1).to };
    text.lines().rev().filter_map(day).find(|day| years.contains(*day))
}

struct Reader<'a> {
    chars: &'a [char],
    known: &'a Known<'a>,
    /// The day that the text bears.
    written: Option<Day>,
}

impl Reader<'_> {
    fn get(&self, place: usize) -> Option<char> {
        self.chars.get(place).copied()
    }

    fn is(&self, place: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(step, letter)| self.get(place + step) == Some(letter))
    }

    fn ends(&self, place: usize, words: &[&str]) -> bool {
        words.iter().any(|word| {
            let length = word.chars().count();
            place >= length && self.is(place - length, word)
        })
    }

    /// Whether a counter or a qualifier follows: no day, but a number.
    fn is_count(&self, end: usize) -> bool {
        let words = self.known.vocabulary.unit_words();
        self.get(end)
            .is_some_and(|letter| "余多条份场次块本户处期张册幅面台辆篇则遍套件项起例位家名人个".contains(letter))
            || words.iter().any(|word| !word.is_empty() && self.is(end, word))
    }

    /// The words of this list that stand at a place, as their length.
    fn one_of(&self, place: usize, words: &[&str]) -> Option<usize> {
        words.iter().find(|word| self.is(place, word)).map(|word| word.chars().count())
    }

    /// What a time means with the words around it: from the year's beginning where it is only said until when, to the day of
    /// the text where it is only said since when.
    fn bounded(&self, period: Period, start: usize, end: usize) -> Window {
        let first = Period::year(self.year_of(period)).from;
        let window = |length: usize, period| Window { start, end: end + length, period };
        let to_end = self.ends(start, &["到", "至"]) && self.is(end, "底");
        if self.ends(start, UNTIL) || to_end {
            return window(usize::from(self.is(end, "底")), Period::new(first, period.to));
        }
        if let Some(length) = self.one_of(end, BY_END) {
            return window(length, Period::new(first, period.to));
        }
        if let Some(length) = self.one_of(end, SINCE) {
            return window(length, Period::new(period.from, self.until(period.from)));
        }
        if self.one_of(end, NOT_BEFORE).is_none()
            && let Some(length) = self.one_of(end, BEFORE)
        {
            let last = period.from.pred_opt();
            return window(length, last.and_then(|last| Period::new(first, last)));
        }
        match self.one_of(end, OPEN).filter(|_| !self.is(end, "初中")) {
            Some(length) => window(length, None),
            None => window(0, Some(period)),
        }
    }

    /// Until when something goes on that began on a day: the day of the text, else the end of the year that was asked for.
    fn until(&self, from: Day) -> Day {
        let year = Period::year(self.known.year.max(from.year())).to;
        self.written.filter(|day| *day >= from).map_or(year, |day| day.min(year))
    }

    /// 近期, 入冬以来, 半年来, 去年, 本月: by the day of the text, or open.
    fn spoken(&self, start: usize) -> Option<Window> {
        let window = |length: usize, period| Some(Window { start, end: start + length, period });
        let year = Period::year(self.known.year);
        if let Some(length) = self.one_of(start, words::SO_FAR) {
            return window(length, Period::new(year.from, self.until(year.from)));
        }
        if let Some(length) = self.one_of(start, words::FORMER_YEAR) {
            let compared = ["同期", "的", "相比", "增", "多", "有所"];
            let beside = self.ends(start, BESIDE) || self.one_of(start + length, &compared).is_some();
            return if beside { None } else { window(length, Some(Period::year(self.known.year - 1))) };
        }
        if let Some(length) = self.one_of(start, &["本月", "这个月", "本月份"]) {
            let month = self.written.and_then(|day| Period::new(Month::of(day).first(), day));
            return window(length, month);
        }
        if let Some(length) = self.one_of(start, &["上月", "上个月"]) {
            return window(length, self.written.map(|day| Month::of(day).previous().period()));
        }
        let back = |months: i64| {
            let months = Months::new(u32::try_from(months).ok()?);
            let from = self.written?.checked_sub_months(months)?.checked_add_days(Days::new(1))?;
            Period::new(from, self.written?)
        };
        if let Some(length) = self.one_of(start, &["近半年来", "近半年", "半年以来", "半年来"]) {
            return window(length, back(6));
        }
        if let Some(length) = self.one_of(start, words::OPEN_TIMES) {
            return window(length, None);
        }
        // 三个月来, 近两年来
        let near = usize::from(self.get(start) == Some('近'));
        let (number, end) = self.number(start + near).filter(|(number, _)| (1..=60).contains(number))?;
        if start > 0 && self.get(start - 1).is_some_and(numeral::begins) {
            return None;
        }
        let (months, length) = [("个月", 1), ("个多月", 0), ("年", 12), ("年多", 0), ("周", 0), ("天", 0)]
            .into_iter()
            .find_map(|(word, months)| self.is(end, word).then(|| (months, word.chars().count())))?;
        let end = end + length;
        let more = self.one_of(end, &["以来", "来"])?;
        window(end + more - start, (months > 0).then(|| back(number * months)).flatten())
    }

    fn year_of(&self, period: Period) -> i32 {
        Month::of(period.to).year()
    }

    fn number(&self, place: usize) -> Option<(i64, usize)> {
        self.get(place).filter(|letter| numeral::begins(*letter))?;
        let found = numeral::at(self.chars, place)?;
        matches!(found.shape, Shape::Digits | Shape::Chinese | Shape::Row).then_some((found.value, found.end))
    }

    /// The time whose words begin here.
    fn window(&self, start: usize) -> Option<Window> {
        self.named(start)
            .or_else(|| self.five_years(start))
            .or_else(|| self.spoken(start))
            .or_else(|| self.part_of_year(start, self.known.year, start))
            .or_else(|| self.with_year(start))
    }

    /// 2021年, 2021年11月, 2021年上半年.
    fn with_year(&self, start: usize) -> Option<Window> {
        if start > 0
            && self.get(start - 1).is_some_and(|letter| numeral::begins(letter) || "-—–~～至到".contains(letter))
        {
            return None;
        }
        let (year, end) = self.number(start).filter(|(year, _)| (1990..=2099).contains(year))?;
        if self.get(end) != Some('年') {
            return None;
        }
        let year = i32::try_from(year).ok()?;
        if let Some(window) = self.part_of_year(end + 1, year, start) {
            return Some(window);
        }
        if self.ends(start, BESIDE) || self.is(end, "年来") || self.is(end, "年底") || self.is(end, "年初") {
            return None;
        }
        // A year within a sentence is mostly the name of something: 《2020年工作要点》.
        let before = start.checked_sub(1).and_then(|place| self.get(place));
        let begins = before.is_none_or(|letter| "，,。；;！\n 　：:、".contains(letter));
        let period = Period::year(year);
        (begins || year == self.known.year).then_some(Window { start, end: end + 1, period: Some(period) })
    }

    /// 11月, 1-11月, 三季度, 上半年 of a year; the words begin at `start`.
    fn part_of_year(&self, place: usize, year: i32, start: usize) -> Option<Window> {
        let months = |from: u32, to: u32| Period::new(Month::new(year, from)?.first(), Month::new(year, to)?.last());
        for (word, from, to) in [
            ("全年", 1, 12),
            ("今年", 1, 12),
            ("本年", 1, 12),
            ("前三季度", 1, 9),
            ("前三个季度", 1, 9),
            ("上半年", 1, 6),
            ("下半年", 7, 12),
            ("第一季度", 1, 3),
            ("第二季度", 4, 6),
            ("第三季度", 7, 9),
            ("第四季度", 10, 12),
            ("一季度", 1, 3),
            ("二季度", 4, 6),
            ("三季度", 7, 9),
            ("四季度", 10, 12),
        ] {
            if self.is(place, word) {
                let end = place + word.chars().count();
                let period = months(from, to)?;
                return Some(self.bounded(period, start, end));
            }
        }
        if place > 0
            && place == start
            && self.get(place - 1).is_some_and(|letter| numeral::begins(letter) || letter == '第')
        {
            return None;
        }
        let (first, mut end) = self.number(place).filter(|(month, _)| (1..=12).contains(month))?;
        let mut last = first;
        if self.is(end, "月份") && self.joint(end + 2) {
            end += 2;
        } else if self.is(end, "月") && self.joint(end + 1) {
            end += 1;
        }
        if self.joint(end) {
            let (month, after) = self.number(end + 1).filter(|(month, _)| (first..=12).contains(month))?;
            (last, end) = (month, after);
        }
        if self.get(end) != Some('月') {
            return None;
        }
        end += if self.is(end, "月份") { 2 } else { 1 };
        let period = months(u32::try_from(first).ok()?, u32::try_from(last).ok()?)?;
        for (word, from, to) in [("上旬", 1, 10), ("中旬", 11, 20), ("下旬", 21, 31)] {
            if self.is(end, word) && first == last {
                let day = |day: u32| Day::from_ymd_opt(year, u32::try_from(first).unwrap_or(1), day);
                let period = Period::new(day(from)?, if to == 31 { period.to } else { day(to)? })?;
                return Some(self.bounded(period, start, end + 2));
            }
        }
        Some(self.bounded(period, start, end))
    }

    /// What joins two months.
    fn joint(&self, place: usize) -> bool {
        self.get(place).is_some_and(|letter| "-—–~～至到".contains(letter))
    }

    /// 宪法宣传周期间
    fn named(&self, start: usize) -> Option<Window> {
        let found = self.known.key_dates.iter().filter(|(name, _)| name.chars().count() > 2 && self.is(start, name));
        let (name, period) = found.max_by_key(|(name, _)| name.chars().count())?;
        // 消防宣传月期间 of the campaign of that name: what was done for it, whenever.
        if self.known.campaigns.iter().any(|run| run.title.ends_with(name.as_str())) {
            return None;
        }
        let mut end = start + name.chars().count();
        end += usize::from(self.get(end).is_some_and(|letter| "”\"》）".contains(letter)));
        let word = DURING.iter().find(|word| self.is(end, word))?;
        // 国家宪法日期间 are some days around it.
        let clear = period.days() > 1 || word.starts_with('当');
        Some(Window { start, end: end + word.chars().count(), period: clear.then_some(*period) })
    }

    /// “八五”普法以来: five years.
    fn five_years(&self, start: usize) -> Option<Window> {
        let (name, first) =
            [("七五", 2016), ("八五", 2021), ("九五", 2026)].into_iter().find(|(name, _)| self.is(start, name))?;
        let mut end = start + name.chars().count();
        for word in ["”", "\"", "普法", "规划", "工作", "实施", "开展"] {
            end += if self.is(end, word) { word.chars().count() } else { 0 };
        }
        let word = ["期间", "以来"].into_iter().find(|word| self.is(end, word))?;
        let period = Period::new(Period::year(first).from, Period::year(first + 4).to);
        Some(Window { start, end: end + word.chars().count(), period })
    }
}

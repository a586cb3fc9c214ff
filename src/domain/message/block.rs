//! What was copied from a group, taken apart into messages: 张三 12-04 15:32: stands before each.

use crate::domain::{
    day_text::{Known, find_days},
    numeral,
    period::Day,
};

/// One message, without the line that names its sender.
#[derive(Debug)]
pub struct Block {
    pub start: usize,
    pub end: usize,
    /// The day on which it was sent, where that was copied too.
    pub day: Option<Day>,
}

/// The messages of a text, one behind another; empty ones are left out.
pub fn split(chars: &[char], today: Day) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut start, mut day, mut divider) = (0, None, None);
    let mut line_start = 0;
    let mut close = |start: usize, end: usize, day: Option<Day>| {
        let text = &chars[start..end];
        let before = text.iter().take_while(|letter| letter.is_whitespace()).count();
        let after = text.iter().rev().take_while(|letter| letter.is_whitespace()).count();
        if before + after < text.len() {
            blocks.push(Block { start: start + before, end: end - after, day });
        }
    };
    for place in 0..=chars.len() {
        if place < chars.len() && chars[place] != '\n' {
            continue;
        }
        let line: String = chars[line_start..place].iter().collect();
        if let Some(head) = head(&line, today) {
            close(start, line_start, day);
            start = place;
            match head {
                Head::Divider(own) => divider = Some(own),
                Head::Sender(own) => day = own.or(divider),
            }
            if let Some(own) = divider.filter(|_| day.is_none()) {
                day = Some(own);
            }
        }
        line_start = place + 1;
    }
    close(start.min(chars.len()), chars.len(), day);
    blocks
}

enum Head {
    /// ——— 2021-12-04 ———
    Divider(Day),
    /// 张三 12-04 15:32:
    Sender(Option<Day>),
}

/// Words of lines that tell when something was, not who sent it.
const NO_SENDER: &[&str] = &["时间", "地点", "会议", "开展", "活动", "宣传", "，", "。", "；", ",", "、"];

/// Reads a line that stands between messages.
fn head(line: &str, today: Day) -> Option<Head> {
    let chars = numeral::narrow(line.trim());
    if chars.is_empty() || chars.len() > 48 {
        return None;
    }
    let text: String = chars.iter().collect();
    let bare: String =
        text.chars().filter(|letter| !"-—–=_*· \u{2500}".contains(*letter) || letter.is_ascii_digit()).collect();
    let days = find_days(text.trim_matches(|letter: char| "-—–=_* \u{2500}".contains(letter)), &Known::on(today));
    if let Some(found) = days.first()
        && text.starts_with(['-', '—', '–', '=', '\u{2500}'])
        && bare.chars().all(|letter| letter.is_ascii_digit() || "年月日/.:：".contains(letter))
    {
        return Some(Head::Divider(found.days.from));
    }
    let end = text.trim_end_matches([':', '：', ' ']);
    let before_time = without_time(end)?;
    if NO_SENDER.iter().any(|word| text.contains(word)) {
        return None;
    }
    let found = find_days(before_time, &Known::on(today)).pop();
    let name: String = match &found {
        Some(found) => before_time.chars().take(found.start).collect(),
        None => before_time.to_owned(),
    };
    let is_named = !name.trim().is_empty() && name.trim().chars().count() <= 24;
    (is_named || found.is_some()).then(|| Head::Sender(found.map(|found| found.days.from)))
}

/// A line without the time of day it ends with.
fn without_time(text: &str) -> Option<&str> {
    let is_time = |text: &str| {
        let parts: Vec<&str> = text.split(':').collect();
        (2..=3).contains(&parts.len())
            && parts.iter().all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let start = text
        .rfind(|letter: char| !letter.is_ascii_digit() && letter != ':')
        .map_or(0, |place| place + text[place..].chars().next().map_or(1, char::len_utf8));
    let before = text[..start].trim_end();
    is_time(&text[start..]).then(|| {
        let mut before = before;
        for word in ["上午", "下午", "晚上", "中午", "凌晨", "早上"] {
            before = before.strip_suffix(word).unwrap_or(before);
        }
        before
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copied_conversation_falls_into_its_messages() {
        let today: Day = "2021-12-20".parse().unwrap();
        let text = "张三 12-04 15:32:\n天坪村横幅2条\n\n李四  2021/12/5 下午3:02\n两河村横幅3条\n好的\n———— 2021-12-06 ————\n王五 08:01\n收到";
        let chars: Vec<char> = text.chars().collect();
        let blocks = split(&chars, today);
        let told: Vec<(String, Option<String>)> = blocks
            .iter()
            .map(|block| (chars[block.start..block.end].iter().collect(), block.day.map(|day| day.to_string())))
            .collect();
        let own = |text: &str, day: &str| (text.to_owned(), Some(day.to_owned()));
        assert_eq!(
            told,
            [own("天坪村横幅2条", "2021-12-04"), own("两河村横幅3条\n好的", "2021-12-05"), own("收到", "2021-12-06"),]
        );
    }

    #[test]
    fn a_line_that_tells_when_something_was_is_no_sender() {
        let chars: Vec<char> = "天坪村\n时间：12月4日 9:30\n横幅2条".chars().collect();
        assert_eq!(split(&chars, "2021-12-20".parse().unwrap()).len(), 1);
    }
}

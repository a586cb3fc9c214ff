//! How much room texts take, Chinese ones too, and how they are broken or cut to fit.

use super::svg::{Area, Failure, Ink, text};
use plotters::{
    element::Text,
    style::text_anchor::{HPos, VPos},
};

/// How wide a text is in a font of `size` pixels: a Chinese character is as wide as high, others about 0.56 of that.
pub fn text_width(text: &str, size: f64) -> f64 {
    text.chars().map(|c| if is_wide(c) { 1.0 } else { 0.56 }).sum::<f64>() * size
}

/// East Asian wide and full-width characters (Unicode TR 11, the blocks that occur in Chinese and Japanese text).
fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2014}'..='\u{2026}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3fffd}')
}

/// A text cut to a width, with an ellipsis where something was cut.
pub fn fit(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        let mut longer = cut.clone();
        longer.push(c);
        if text_width(&longer, size) + size > width {
            break;
        }
        cut = longer;
    }
    cut.push('…');
    cut
}

/// A name cut to a width in its middle: what is in brackets at its end goes first, and its last words stay, for schools of
/// one town often differ in nothing else.
pub fn fit_ends(name: &str, size: f64, width: f64) -> String {
    /// How many characters stay at the end.
    const END: usize = 3;
    let bare = name.strip_suffix('）').and_then(|rest| rest.rsplit_once('（')).map_or(name, |(bare, _)| bare);
    if let Some(whole) = [name, bare].into_iter().find(|own| text_width(own, size) <= width) {
        return whole.to_owned();
    }
    let at = bare.char_indices().rev().nth(END - 1).map_or(0, |(at, _)| at);
    let (head, end) = bare.split_at(at);
    format!("{}{end}", fit(head, size, width - text_width(end, size)))
}

/// A text on as many lines as it needs, at most `most`: broken after a space where there is one, else where a line is
/// full. What does not fit ends with an ellipsis.
pub fn lines(text: &str, size: f64, width: f64, most: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let full = rest.char_indices().find(|(at, c)| text_width(&rest[..at + c.len_utf8()], size) > width);
        let Some((full, _)) = full else {
            lines.push(rest.to_owned());
            break;
        };
        if lines.len() + 1 >= most {
            lines.push(fit(rest, size, width));
            break;
        }
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let (end, hyphen) = match rest[..full].rfind(' ').filter(|at| *at > 0) {
            Some(space) => (space, ""),
            // A word that is longer than the line, and no Chinese: the hyphen takes a letter's room.
            None if full > 2 && rest.as_bytes()[..=full].iter().all(u8::is_ascii_alphabetic) => (full - 1, "-"),
            None => (full.max(first), ""),
        };
        lines.push(format!("{}{hyphen}", rest[..end].trim_end()));
        rest = rest[end..].trim_start();
    }
    lines
}

/// A text on two lines: broken before a bracket or after a space where there is one, else in the middle, or where the
/// first line is full.
fn two_lines(text: &str, size: f64, width: f64) -> (String, String) {
    let full = text.char_indices().find(|(at, c)| text_width(&text[..at + c.len_utf8()], size) > width);
    let Some((full, _)) = full else { return (text.to_owned(), String::new()) };
    let middle = text.char_indices().nth(text.chars().count().div_ceil(2)).map_or(full, |(at, _)| at);
    let end = text[..full].rfind(['（', ' ']).filter(|at| *at > 0).unwrap_or(full.min(middle));
    (text[..end].to_owned(), text[end..].trim_start().to_owned())
}

/// Writes the name of a row to the left of it: on one line, or on two smaller ones, for schools of one town often differ
/// only in their last words.
pub fn name(area: &Area, name: &str, middle: i32, room: f64) -> Result<(), Failure> {
    sized_name(area, name, middle, room, 13)
}

/// As [`name`], in another size.
pub fn sized_name(area: &Area, name: &str, middle: i32, room: f64, size: i32) -> Result<(), Failure> {
    let line = |text_of: String, size: i32, at: i32| {
        area.draw(&Text::new(text_of, (0, at), text(Ink::Text, size, HPos::Left, VPos::Center)))
    };
    if text_width(name, f64::from(size)) <= room {
        return line(name.to_owned(), size, middle);
    }
    let small = size * 11 / 13;
    match two_lines(name, f64::from(small), room) {
        (one, rest) if rest.is_empty() => line(one, small, middle),
        (first, second) => {
            line(first, small, middle - small * 6 / 11)?;
            line(fit(&second, f64::from(small), room), small, middle + small * 6 / 11)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_as_wide_as_it_is_high() {
        assert_eq!(text_width("天坪村", 10.0).round(), 30.0);
        assert_eq!(text_width("2021", 10.0).round(), 22.0);
        assert_eq!(fit("新时代文明实践所法治文化广场", 10.0, 75.0), "新时代文明实…");
        assert_eq!(fit("天坪村", 10.0, 75.0), "天坪村");
        let broken = |text: &str| two_lines(text, 11.0, 88.0);
        assert_eq!(broken("圣灯山初级中学（示例）"), ("圣灯山初级中学".into(), "（示例）".into()));
        assert_eq!(broken("扫黑除恶专项斗争法"), ("扫黑除恶专".into(), "项斗争法".into()));
        assert_eq!(broken("天坪村"), ("天坪村".into(), String::new()));
    }

    #[test]
    fn a_long_name_keeps_its_last_words() {
        let fitted = |name: &str| fit_ends(name, 10.0, 75.0);
        assert_eq!(fitted("天坪村"), "天坪村");
        assert_eq!(fitted("圣灯山中心小学（示例）"), "圣灯山中心小学");
        assert_eq!(fitted("新时代文明实践第一小学"), "新时代…一小学");
        assert_eq!(fitted("新时代文明实践第二小学（村校）"), "新时代…二小学");
    }

    #[test]
    fn a_heading_is_broken_at_a_space_or_where_a_line_is_full() {
        assert_eq!(lines("扫黑除恶专项斗争", 11.0, 52.0, 3), ["扫黑除恶", "专项斗争"]);
        assert_eq!(lines("Anti-gang campaign", 11.0, 60.0, 3), ["Anti-gang", "campaign"]);
        assert_eq!(lines("新时代文明实践所法治文化广场", 11.0, 34.0, 2), ["新时代", "文明…"]);
        assert_eq!(lines("Constitution", 11.0, 52.0, 3), ["Constit-", "ution"]);
        assert_eq!(lines("6月", 11.0, 34.0, 3), ["6月"]);
        assert!(lines("", 11.0, 34.0, 3).is_empty());
        assert_eq!(lines("宽", 11.0, 5.0, 3), ["宽"], "what is wider than a line stands on one all the same");
    }
}

//! Numbers as people write them in Chinese text: 46, 1,200, １２０, 1.2万, 三百五十, 一万二. What is said around a number
//! (余, 约, the unit word) is [`super::amount`]'s.

/// A number found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numeral {
    /// Where it ends, in characters.
    pub end: usize,
    pub value: i64,
    pub shape: Shape,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// 46, 1,200, 1.2万
    Digits,
    /// 1.5: no whole number, the value is what stands before the point.
    Fraction,
    /// 三百五十
    Chinese,
    /// 百, 千, 万 without a digit before it: a number only with 上, 近 or 余 around it.
    Bare,
    /// 三四十, 两三百: somewhere between two; the value is the lower one.
    Between,
    /// 二〇二一, 一二三: digits one after another.
    Row,
}

/// The largest number that is read: more is no count.
const MOST: i64 = 1_000_000_000_000;

/// The characters of a text, full-width ones as their narrow twins; one for one, so that places stay the same.
pub fn narrow(text: &str) -> Vec<char> {
    let mut chars: Vec<char> = text.chars().collect();
    let wide_digit = |letter: Option<&char>| letter.is_some_and(|letter| ('０'..='９').contains(letter));
    let mut behind_wide = false;
    for place in 0..chars.len() {
        // １，２００: between wide digits the wide comma groups thousands; else it ends a clause.
        let groups = behind_wide && wide_digit(chars.get(place + 1));
        behind_wide = wide_digit(chars.get(place));
        chars[place] = match chars[place] {
            '，' if groups => ',',
            '．' => '.',
            '％' => '%',
            '＋' => '+',
            '／' => '/',
            '－' => '-',
            '＃' => '#',
            letter @ ('０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ') => {
                char::from_u32(letter as u32 - 0xFEE0).unwrap_or(letter)
            }
            '\u{a0}' | '\u{3000}' | '\t' => ' ',
            letter => letter,
        };
    }
    chars
}

/// The value of a Chinese digit.
fn digit(letter: char) -> Option<i64> {
    Some(match letter {
        '〇' | '零' | '○' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// The value of a character that multiplies what stands before it.
pub fn magnitude(letter: char) -> Option<i64> {
    Some(match letter {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1_000,
        '万' => 10_000,
        '亿' => 100_000_000,
        _ => return None,
    })
}

/// Whether a number may begin with the character.
pub fn begins(letter: char) -> bool {
    letter.is_ascii_digit() || digit(letter).is_some() || magnitude(letter).is_some()
}

/// The number that begins at this place.
pub fn at(chars: &[char], start: usize) -> Option<Numeral> {
    let first = *chars.get(start)?;
    let found = if first.is_ascii_digit() { in_digits(chars, start) } else { in_chinese(chars, start) };
    found.filter(|found| found.value <= MOST)
}

/// 46, 1,200, 1.2万, 3万5千, 1.2w.
fn in_digits(chars: &[char], start: usize) -> Option<Numeral> {
    let mut end = start;
    let mut value: i64 = 0;
    let take = |value: i64, letter: char| {
        value.checked_mul(10)?.checked_add(i64::from(letter.to_digit(10)?)).filter(|value| *value <= MOST)
    };
    let is_digit = |place: usize| chars.get(place).is_some_and(char::is_ascii_digit);
    while is_digit(end) {
        value = take(value, chars[end])?;
        end += 1;
    }
    // Three digits behind each comma, no more; 2,300人 may also be two figures, which nobody can tell.
    while end - start <= 15
        && chars.get(end) == Some(&',')
        && (1..=3).all(|step| is_digit(end + step))
        && !is_digit(end + 4)
        && chars[start..end].iter().take_while(|letter| **letter != ',').count() <= 3
    {
        for step in 1..=3 {
            value = take(value, chars[end + step])?;
        }
        end += 4;
    }
    // The part behind the point, in its own units.
    let (mut part, mut parts) = (0_i64, 1_i64);
    if chars.get(end) == Some(&'.') && is_digit(end + 1) {
        end += 1;
        while is_digit(end) {
            if parts < 1_000_000 {
                part = take(part, chars[end])?;
                parts *= 10;
            }
            end += 1;
        }
    }
    let (times, after) = multiplier(chars, end);
    end = after;
    let is_whole = (part * times) % parts == 0;
    value = value.checked_mul(times)?.checked_add(part * times / parts)?;
    // 3万5千
    if times > 1
        && let Some(rest) = is_digit(end).then(|| in_digits(chars, end)).flatten()
        && chars.get(rest.end - 1).is_some_and(|letter| magnitude(*letter).is_some())
        && rest.value < times
    {
        value = value.checked_add(rest.value)?;
        end = rest.end;
    }
    let shape = if is_whole { Shape::Digits } else { Shape::Fraction };
    Some(Numeral { end, value, shape })
}

/// 万, 千万 or w behind digits: by how much they multiply, and where they end.
fn multiplier(chars: &[char], mut end: usize) -> (i64, usize) {
    let mut times = 1_i64;
    // Some set figures apart: 1.2 万.
    if chars.get(end) == Some(&' ') && matches!(chars.get(end + 1), Some('万' | '亿')) {
        end += 1;
    }
    while let Some(more) = chars.get(end).copied().filter(|letter| *letter != '十').and_then(magnitude) {
        if times >= 10_000 {
            break;
        }
        times *= more;
        end += 1;
    }
    let is_w = matches!(chars.get(end), Some('w' | 'W'))
        && times == 1
        && !chars.get(end + 1).is_some_and(|letter| letter.is_ascii_alphanumeric());
    if is_w { (10_000, end + 1) } else { (times, end) }
}

/// 三百五十, 一万二, 十二, 百.
fn in_chinese(chars: &[char], start: usize) -> Option<Numeral> {
    let length = chars[start..].iter().take_while(|one| digit(**one).is_some() || magnitude(**one).is_some()).count();
    let end = start + length;
    if length == 0 || length > 20 {
        return None;
    }
    let run = &chars[start..end];
    if run.iter().all(|letter| digit(*letter).is_some()) {
        let digits: Vec<i64> = run.iter().filter_map(|letter| digit(*letter)).collect();
        return Some(match digits[..] {
            [one] => Numeral { end, value: one, shape: Shape::Chinese },
            [low, high] if low > 0 && high == low + 1 => Numeral { end, value: low, shape: Shape::Between },
            _ => {
                let value = digits.iter().try_fold(0_i64, |all, one| all.checked_mul(10)?.checked_add(*one))?;
                Numeral { end, value, shape: Shape::Row }
            }
        });
    }
    if magnitude(run[0]).is_some_and(|first| first > 10) {
        let value = run.iter().try_fold(1_i64, |all, letter| all.checked_mul(magnitude(*letter)?))?;
        return Some(Numeral { end, value, shape: Shape::Bare });
    }
    spoken(run).map(|(value, between)| Numeral {
        end,
        value,
        shape: if between { Shape::Between } else { Shape::Chinese },
    })
}

/// Reads digits and magnitudes as they are spoken; tells the lower value where two digits in a row leave it open.
fn spoken(run: &[char]) -> Option<(i64, bool)> {
    let (mut total, mut section) = (0_i64, 0_i64);
    let mut pending: Option<i64> = None;
    // The last magnitude: what a digit at the end is a tenth of (一万二), unless 零 stands before it.
    let (mut last, mut last_small, mut zero, mut between) = (1_i64, 10_000_i64, false, false);
    for letter in run {
        if let Some(value) = digit(*letter) {
            match pending {
                None if value == 0 => zero = true,
                None => pending = Some(value),
                Some(before) if value == before + 1 && !between => between = true,
                Some(_) => return None,
            }
            continue;
        }
        let times = magnitude(*letter)?;
        if times < 10_000 {
            let value = match pending.take() {
                Some(value) => value,
                None if times == 10 => 1,
                None => return None,
            };
            if times >= last_small {
                return None;
            }
            section += value * times;
            last_small = times;
        } else {
            section += pending.take().unwrap_or(0);
            if section == 0 {
                return None;
            }
            total = if times == 10_000 { total + section * times } else { (total + section).checked_mul(times)? };
            (section, last_small) = (0, 10_000);
        }
        (last, zero) = (times, false);
    }
    if let Some(value) = pending {
        section += if last >= 100 && !zero { value * last / 10 } else { value };
    }
    Some((total.checked_add(section)?, between))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<(i64, Shape)> {
        let chars = narrow(text);
        at(&chars, 0).filter(|found| found.end == chars.len()).map(|found| (found.value, found.shape))
    }

    #[test]
    fn a_number_is_read_however_it_is_written() {
        for (text, value) in [
            ("46", 46),
            ("1,200", 1_200),
            ("12,345,678", 12_345_678),
            ("１２０", 120),
            ("１，２００", 1_200),
            ("3万", 30_000),
            ("1.2万", 12_000),
            ("1.2 万", 12_000),
            ("1.2w", 12_000),
            ("3万5千", 35_000),
            ("5百", 500),
            ("2千万", 20_000_000),
        ] {
            assert_eq!(read(text), Some((value, Shape::Digits)), "{text}");
        }
        for (text, value) in [
            ("三百五十", 350),
            ("三百五", 350),
            ("一万二", 12_000),
            ("一万零二", 10_002),
            ("十", 10),
            ("十二", 12),
            ("二十", 20),
            ("两百", 200),
            ("一千零五", 1_005),
            ("两万三千四百", 23_400),
            ("一亿两千万", 120_000_000),
            ("叁佰", 300),
        ] {
            assert_eq!(read(text), Some((value, Shape::Chinese)), "{text}");
        }
        assert_eq!(read("三四十"), Some((30, Shape::Between)));
        assert_eq!(read("两三百"), Some((200, Shape::Between)));
        assert_eq!(read("十五六"), Some((15, Shape::Between)));
        assert_eq!(read("五六"), Some((5, Shape::Between)));
        assert_eq!(read("二〇二一"), Some((2021, Shape::Row)));
        assert_eq!(read("百"), Some((100, Shape::Bare)));
        assert_eq!(read("1.5"), Some((1, Shape::Fraction)));
        assert_eq!(read("12.0"), Some((12, Shape::Digits)));
        for text in ["", "横幅", "三五十", "十十", "百十一百", "99999999999999999999"] {
            assert!(read(text).is_none_or(|(_, shape)| shape == Shape::Bare), "{text}");
        }
    }

    #[test]
    fn a_clause_may_begin_behind_a_comma() {
        let chars = narrow("120，300人");
        assert_eq!(at(&chars, 0).map(|found| (found.end, found.value)), Some((3, 120)));
    }

    proptest! {
        #[test]
        fn digits_are_read_as_they_stand(value in 0i64..10_000_000) {
            prop_assert_eq!(read(&value.to_string()), Some((value, Shape::Digits)));
        }

        #[test]
        fn no_text_panics_and_places_stay(text in "[0-9０-９一二三十百千万零两.,，w条 ]{0,30}", start in 0usize..30) {
            let chars = narrow(&text);
            prop_assert_eq!(chars.len(), text.chars().count());
            if let Some(found) = at(&chars, start) {
                prop_assert!(start < found.end && found.end <= chars.len() && found.value >= 0);
            }
        }
    }
}

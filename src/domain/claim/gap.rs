//! What stands between words and numbers: searched, and freed of what counts nothing.

use super::words;

/// Whether a text ends with a word.
pub fn ends_with(chars: &[char], word: &str) -> bool {
    let length = word.chars().count();
    chars.len() >= length && chars[chars.len() - length..].iter().copied().eq(word.chars())
}

/// Where a word first stands.
pub fn find(chars: &[char], word: &str) -> Option<usize> {
    let word: Vec<char> = word.chars().collect();
    chars.windows(word.len().max(1)).position(|window| window == word)
}

/// Whether any of these words stands in a text.
pub fn contains(chars: &[char], words: &[&str]) -> bool {
    words.iter().any(|word| find(chars, word).is_some())
}

/// What is left of a gap without these words, quotes, spaces and what stands in brackets.
pub fn rest(gap: &[char], fillers: &[&str]) -> Vec<char> {
    let (mut left, mut place, mut depth) = (Vec::new(), 0, 0_u32);
    while place < gap.len() {
        let letter = gap[place];
        match letter {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ if depth > 0 || letter.is_whitespace() || "“”\"《》：:—".contains(letter) => {}
            _ => {
                let filler = fillers.iter().find(|word| {
                    let length = word.chars().count();
                    place + length <= gap.len() && gap[place..place + length].iter().copied().eq(word.chars())
                });
                match filler {
                    Some(word) => {
                        place += word.chars().count();
                        continue;
                    }
                    None => left.push(letter),
                }
            }
        }
        place += 1;
    }
    left
}

/// The parts of a text by their headings.
pub fn parts(chars: &[char]) -> Vec<(usize, bool)> {
    let (mut parts, mut start) = (Vec::new(), 0);
    for line in chars.split_inclusive(|letter| *letter == '\n') {
        let text: Vec<char> = line.iter().copied().skip_while(|letter| letter.is_whitespace()).take(30).collect();
        let numbered = text.first().is_some_and(|letter| "一二三四五六七八九十".contains(*letter));
        if numbered && text.iter().take(4).any(|letter| *letter == '、') {
            let title: Vec<char> = text.into_iter().take_while(|letter| *letter != '。').collect();
            parts.push((start, contains(&title, words::NEXT)));
        }
        start += line.len();
    }
    parts
}

/// Whether a clause ends here.
pub fn is_separator(letter: char) -> bool {
    "，,；;".contains(letter)
}

//! Names of folders and files as every system takes them: short, numbered, without signs that mean something else.

/// The most characters of one name; a path of several stays within what Windows opens.
const LONGEST: usize = 40;

/// A text that can be a file's name, or part of one.
pub fn safe(text: &str) -> String {
    let unseen = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let kept = text.chars().filter(|letter| !unseen(*letter));
    let plain: String = kept
        .map(|letter| match letter {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '%' => '_',
            letter if letter.is_whitespace() => ' ',
            letter => letter,
        })
        .collect();
    let short: String = plain.trim().chars().take(LONGEST).collect();
    // Neither a hidden file nor one that Windows cannot name.
    let short = short.trim_start_matches('.').trim_end_matches(['.', ' ']).trim();
    if short.is_empty() { "_".into() } else { short.to_owned() }
}

/// 01_通知.
pub fn folder_name(number: usize, text: &str) -> String {
    format!("{number:02}_{}", safe(text))
}

/// 01_通知_关于开展宣传周的通知.pdf: what it is, and what it was called without its ending.
pub fn file_name(number: usize, material: &str, name: &str, ending: &str) -> String {
    let suffix = format!(".{ending}");
    let lower = name.to_lowercase();
    let stem = if lower.ends_with(&suffix) { &name[..name.len().saturating_sub(suffix.len())] } else { name };
    let stem = safe(stem);
    match stem.contains(material) {
        true => format!("{number:02}_{stem}{suffix}"),
        false => format!("{number:02}_{}_{stem}{suffix}", safe(material)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_file_is_numbered_and_says_what_it_is_once() {
        assert_eq!(file_name(1, "通知", "关于禁毒的通知.PDF", "pdf"), "01_关于禁毒的通知.pdf");
        assert_eq!(file_name(12, "照片", "2021-06-24 老街/天坪村", "jpg"), "12_照片_2021-06-24 老街_天坪村.jpg");
        assert_eq!(folder_name(3, "../etc"), "03__etc");
    }

    proptest! {
        #[test]
        fn any_name_stays_in_its_folder(text in ".*") {
            let name = safe(&text);
            prop_assert!(!name.is_empty() && name.chars().count() <= LONGEST);
            prop_assert!(!name.contains(['/', '\\', ':', '\0', '\n']) && !name.starts_with('.') && !name.ends_with(['.', ' ']));
        }
    }
}

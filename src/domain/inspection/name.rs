//! Names of folders and files as every system takes them: short, numbered once, without signs that mean something else.

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

/// A number as rules write it, 1.2, so that folders sort by it: 01.02. Nothing of any other.
fn sorted(number: &str) -> Option<String> {
    let parts: Option<Vec<String>> = number
        .split('.')
        .map(|part| {
            let is_short = !part.is_empty() && part.len() <= 3 && part.bytes().all(|letter| letter.is_ascii_digit());
            is_short.then(|| format!("{:02}", part.parse::<u32>().unwrap_or_default()))
        })
        .collect();
    parts.map(|parts| parts.join("."))
}

/// The folders of items, given as (number, name): each numbered once. By the rules' own numbers where these lead in the
/// order of the items, else by place, with the own number behind it.
pub fn folder_names(items: &[(&str, &str)]) -> Vec<String> {
    let own: Option<Vec<String>> = items.iter().map(|(number, _)| sorted(number)).collect();
    let leads = own.filter(|own| own.windows(2).all(|two| two[0] < two[1]));
    let width = if items.len() < 100 { 2 } else { 3 };
    let place = |place: usize, number: &str, name: &str| match number {
        "" => format!("{place:0width$} {}", safe(name)),
        number => format!("{place:0width$} {}", safe(&format!("{number} {name}"))),
    };
    match leads {
        Some(own) => own.iter().zip(items).map(|(number, (_, name))| format!("{number} {}", safe(name))).collect(),
        None => (1..).zip(items).map(|(at, (number, name))| place(at, number, name)).collect(),
    }
}

/// A name without its ending: that of its file, or of the picture that it was when it was sent.
fn without_ending<'a>(name: &'a str, ending: &str) -> &'a str {
    const PICTURES: [&str; 7] = ["jpg", "jpeg", "png", "webp", "heic", "bmp", "gif"];
    match name.rsplit_once('.') {
        Some((stem, own)) if own.eq_ignore_ascii_case(ending) => stem,
        Some((stem, own)) if ending == "jpg" && PICTURES.iter().any(|one| own.eq_ignore_ascii_case(one)) => stem,
        _ => name,
    }
}

/// 01 通知 关于开展宣传周.pdf: what it is, and what it was called without its ending. `kind` is empty where the name says
/// enough.
pub fn file_name(number: usize, kind: &str, name: &str, ending: &str) -> String {
    let suffix = format!(".{ending}");
    let stem = safe(without_ending(name, ending));
    match stem.contains(kind) {
        true => format!("{number:02} {stem}{suffix}"),
        false => format!("{number:02} {} {stem}{suffix}", safe(kind)),
    }
}

/// A name that none of the others has: the second 宣传周 is 宣传周（2）.
pub fn unlike(others: &[String], name: String) -> String {
    let second = (2..).map(|number| format!("{name}（{number}）"));
    std::iter::once(name.clone()).chain(second).find(|name| !others.contains(name)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_file_is_numbered_and_says_what_it_is_once() {
        assert_eq!(file_name(1, "通知", "关于禁毒的通知.PDF", "pdf"), "01 关于禁毒的通知.pdf");
        assert_eq!(file_name(12, "照片", "2021-06-24 老街/天坪村", "jpg"), "12 照片 2021-06-24 老街_天坪村.jpg");
        assert_eq!(file_name(3, "签到", "签到表.PNG", "jpg"), "03 签到表.jpg", "a picture is stored anew");
        assert_eq!(file_name(4, "照片", "2021.12.4 老街", "jpg"), "04 照片 2021.12.4 老街.jpg");
        assert_eq!(file_name(2, "", "法律明白人.xlsx", "xlsx"), "02 法律明白人.xlsx");
        assert_eq!(unlike(&["宣传周".into(), "宣传周（2）".into()], "宣传周".into()), "宣传周（3）");
    }

    #[test]
    fn a_folder_bears_one_number_and_folders_sort_as_the_rules_do() {
        assert_eq!(folder_names(&[("1", "宪法宣传"), ("2", "../etc")]), ["01 宪法宣传", "02 _etc"]);
        assert_eq!(folder_names(&[("1.2", "通知"), ("1.10", "总结")]), ["01.02 通知", "01.10 总结"]);
        let other = [("三（一）", "通知"), ("", "总结"), ("2", "照片")];
        assert_eq!(folder_names(&other), ["01 三（一） 通知", "02 总结", "03 2 照片"]);
        assert_eq!(
            folder_names(&[("2", "通知"), ("2", "总结")]),
            ["01 2 通知", "02 2 总结"],
            "one number twice leads nowhere"
        );
    }

    proptest! {
        #[test]
        fn any_name_stays_in_its_folder(text in ".*") {
            let name = safe(&text);
            prop_assert!(!name.is_empty() && name.chars().count() <= LONGEST);
            prop_assert!(!name.contains(['/', '\\', ':', '\0', '\n']) && !name.starts_with('.') && !name.ends_with(['.', ' ']));
        }

        #[test]
        fn folders_are_as_many_as_items_and_stand_in_their_order(items in prop::collection::vec(("[0-9.一二]{0,4}", ".{0,8}"), 0..30)) {
            let given: Vec<(&str, &str)> = items.iter().map(|(number, name)| (number.as_str(), name.as_str())).collect();
            let names = folder_names(&given);
            prop_assert_eq!(names.len(), items.len());
            prop_assert!(names.windows(2).all(|two| two[0] < two[1]), "{:?}", names);
        }
    }
}

//! At which unit a figure is meant: 天坪村发放资料5000份 in a town's draft is the village's.

/// Where a sentence ends, and with it what it said of a place.
const ENDS: [char; 6] = ['。', '；', '！', '？', ';', '\n'];
/// Words that speak of the whole again, after a village was named.
const WHOLE: [&str; 9] = ["全镇", "全乡", "全区", "全县", "全市", "全街道", "我镇", "各村", "累计"];

/// At which of the units below a figure is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nothing narrows it.
    Whole,
    /// At the unit with this id.
    At(i64),
    /// At several units, of which nobody can tell whether they are all.
    Several,
}

/// The place that a sentence names in front of a figure. `before` is the draft up to it, `units` the ids and short names of
/// the units below the draft's own.
pub fn place(before: &[char], units: &[(i64, String)]) -> Place {
    let start = before.iter().rposition(|letter| ENDS.contains(letter)).map_or(0, |end| end + 1);
    let sentence: String = before[start..].iter().collect();
    // 圣灯山村 is not named where 新圣灯山村 is: the longest name at a place counts.
    let mut found: Vec<(usize, usize, i64)> = Vec::new();
    for (id, name) in units.iter().filter(|(_, name)| !name.is_empty()) {
        found.extend(sentence.match_indices(name.as_str()).map(|(at, name)| (at, at + name.len(), *id)));
    }
    let covered = |one: &(usize, usize, i64)| {
        found.iter().any(|other| other.0 <= one.0 && one.1 <= other.1 && other.1 - other.0 > one.1 - one.0)
    };
    let named: Vec<(usize, usize, i64)> = found.iter().filter(|one| !covered(one)).copied().collect();
    let Some(last) = named.iter().map(|one| one.1).max() else { return Place::Whole };
    if WHOLE.iter().any(|word| sentence[last..].contains(word)) {
        return Place::Whole;
    }
    match named.iter().all(|one| one.2 == named[0].2) {
        true => Place::At(named[0].2),
        false => Place::Several,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Place {
        let units = [(1, "天坪村".to_owned()), (2, "两河村".to_owned()), (3, "新天坪村".to_owned())];
        place(&text.chars().collect::<Vec<_>>(), &units)
    }

    #[test]
    fn a_sentence_that_names_a_village_speaks_of_it_until_it_ends() {
        assert_eq!(of("12月4日，天坪村发放资料"), Place::At(1));
        assert_eq!(of("天坪村发放资料20份。悬挂横幅"), Place::Whole);
        assert_eq!(of("新天坪村悬挂横幅"), Place::At(3));
        assert_eq!(of("天坪村、两河村共悬挂横幅"), Place::Several);
        assert_eq!(of("在天坪村召开现场会，全镇发放资料"), Place::Whole);
        assert_eq!(of("我镇在天坪村发放资料"), Place::At(1));
        assert_eq!(of("发放资料"), Place::Whole);
    }
}

//! How the built-in measures are worded before an office chooses otherwise: the yearly report's own words, every figure
//! in the form 余.

use crate::domain::measure::Wording;

/// The measures of the yearly report's first sentence in its order, each with the words around its figure.
const OPENING: [(&str, &str); 5] = [
    ("banner", "悬挂宣传横幅{figure}"),
    ("village_visit", "进村宣传{figure}"),
    ("led", "利用LED电子屏播放法律知识{figure}"),
    ("broadcast", "利用广播播放法律知识{figure}"),
    ("leaflet", "发放宣传资料{figure}"),
];

/// Measures that share one clause where both have a figure.
const PLAYS: (&str, [&str; 2], &str) = ("plays", ["led", "broadcast"], "利用LED电子屏以及广播播放法律知识{figure}");

/// How a built-in measure is worded; all but those of the first sentence by name, figure, unit word (展板62块).
pub fn wording(key: &str) -> Wording {
    let mut wording = Wording::default();
    if let Some((place, (_, phrase))) = (1_i64..).zip(OPENING).find(|(_, (own, _))| *own == key) {
        wording.opening = place;
        wording.phrase = Some(phrase.into());
    }
    let (group, members, together) = PLAYS;
    if members.contains(&key) {
        wording.group = Some(group.into());
        wording.together = Some(together.into());
    }
    wording
}

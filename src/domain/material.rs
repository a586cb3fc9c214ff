//! Materials of a campaign (宣传资料): how many there are, where they are, and what they cost.

use super::problem::Problems;
use crate::locale::Locale;

/// The most pieces of one item, or of one fetch.
pub const PIECES_LIMIT: i64 = 10_000_000;
/// The most characters of a name.
pub const NAME_LIMIT: usize = 60;
/// The most characters of a unit word.
pub const WORD_LIMIT: usize = 8;
/// The most yuan that a field takes, in fen: a hundred million yuan.
pub const FEN_LIMIT: i64 = 10_000_000_000;

/// Yuan as somebody typed them, in fen: at most two decimals, not negative. Nothing typed is no yuan.
pub fn fen(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() {
        return Some(0);
    }
    let (whole, rest) = text.split_once('.').unwrap_or((text, "00"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(rest) || rest.len() > 2 {
        return None;
    }
    let cents: i64 = format!("{rest:0<2}").parse().ok()?;
    let fen = whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)?;
    (fen <= FEN_LIMIT).then_some(fen)
}

/// Fen as yuan, as they are typed.
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    match fen % 100 {
        0 => format!("{sign}{}", fen / 100),
        cents => format!("{sign}{}.{cents:02}", fen / 100),
    }
}

/// Pieces as somebody typed them: none typed are none.
pub fn pieces(text: &str) -> Option<i64> {
    match text.trim() {
        "" => Some(0),
        text => text.parse().ok().filter(|pieces| (0..=PIECES_LIMIT).contains(pieces)),
    }
}

/// An item as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Draft {
    /// The key of the measure that counts it when it is handed out; empty for what no measure counts.
    pub measure: String,
    /// Where there is no measure.
    pub name: String,
    pub unit_word: String,
    pub planned: String,
    pub prepared: String,
    /// Yuan.
    pub budget: String,
    pub spent: String,
}

/// An item that was found right, but for its measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub name: String,
    pub unit_word: String,
    pub planned: i64,
    pub prepared: i64,
    pub budget_fen: i64,
    pub spent_fen: i64,
}

impl Draft {
    /// Checks all that can be checked without the database.
    pub fn check(&self, locale: Locale, problems: &mut Problems) -> Option<Checked> {
        let mut text = |field: &str, text: &str, limit: usize| {
            let text = text.trim().to_owned();
            match text.chars().count() {
                0 if self.measure.trim().is_empty() => problems.add(field, locale.material_fill_in()),
                count if count > limit => problems.add(field, locale.material_too_long(limit)),
                _ => {}
            }
            text
        };
        let name = text("name", &self.name, NAME_LIMIT);
        let unit_word = text("unit_word", &self.unit_word, WORD_LIMIT);
        let mut number = |field: &str, read: Option<i64>, wrong: String| match read {
            Some(number) => number,
            None => {
                problems.add(field, wrong);
                0
            }
        };
        let planned = number("planned", pieces(&self.planned), locale.material_pieces_wrong(PIECES_LIMIT));
        let prepared = number("prepared", pieces(&self.prepared), locale.material_pieces_wrong(PIECES_LIMIT));
        let budget_fen = number("budget", fen(&self.budget), locale.material_yuan_wrong(yuan(FEN_LIMIT)));
        let spent_fen = number("spent", fen(&self.spent), locale.material_yuan_wrong(yuan(FEN_LIMIT)));
        problems.is_empty().then_some(Checked { name, unit_word, planned, prepared, budget_fen, spent_fen })
    }
}

/// What was fetched and handed out, of one item by one village or by all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    pub fetched: i64,
    /// From the ledger.
    pub handed_out: i64,
}

impl Stock {
    /// What is left where it was fetched to; less than none when more was handed out than fetched.
    pub fn left(self) -> i64 {
        self.fetched - self.handed_out
    }

    /// Whether more was handed out than fetched.
    pub fn is_over(self) -> bool {
        self.left() < 0
    }

    /// Whether to ask about `more` about to be logged: only where something was fetched, for a village that fetched
    /// nothing may have its own.
    pub fn is_asked_about(self, more: i64) -> bool {
        self.fetched > 0 && self.handed_out.saturating_add(more) > self.fetched
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_are_read_to_the_fen() {
        for (text, expected) in [
            ("", Some(0)),
            (" 1200 ", Some(120_000)),
            ("0.5", Some(50)),
            ("12.05", Some(1205)),
            ("100000000", Some(FEN_LIMIT)),
            ("100000000.01", None),
            ("1.005", None),
            ("-1", None),
            ("1.", None),
            (".5", None),
            ("1.+5", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(fen(text), expected, "{text:?}");
        }
        for fen in [0, 5, 50, 1205, 120_000] {
            assert_eq!(super::fen(&yuan(fen)), Some(fen));
        }
        assert_eq!((yuan(1205).as_str(), yuan(5).as_str(), yuan(-1250).as_str()), ("12.05", "0.05", "-12.50"));
    }

    #[test]
    fn what_is_wrong_with_an_item_is_named_by_field() {
        let wrong = |draft: Draft| {
            let mut problems = Problems::default();
            assert_eq!(draft.check(Locale::Zh, &mut problems), None);
            problems.into_inner().into_iter().map(|one| one.field).collect::<Vec<_>>()
        };
        assert_eq!(wrong(Draft { planned: "-1".into(), ..Draft::default() }), ["name", "unit_word", "planned"]);
        let draft =
            Draft { measure: "leaflet".into(), prepared: "1.5".into(), spent: "1.005".into(), ..Draft::default() };
        assert_eq!(wrong(draft), ["prepared", "spent"]);
        let draft =
            Draft { measure: "leaflet".into(), planned: "500".into(), budget: "120.5".into(), ..Draft::default() };
        let checked = draft.check(Locale::Zh, &mut Problems::default()).expect("right");
        assert_eq!((checked.planned, checked.prepared, checked.budget_fen), (500, 0, 12_050));
    }

    #[test]
    fn more_handed_out_than_fetched_is_seen_and_asked_about() {
        let stock = Stock { fetched: 500, handed_out: 480 };
        assert_eq!((stock.left(), stock.is_over()), (20, false));
        assert!(!stock.is_asked_about(20) && stock.is_asked_about(21));
        let over = Stock { fetched: 500, handed_out: 510 };
        assert_eq!((over.left(), over.is_over()), (-10, true));
        assert!(!Stock::default().is_asked_about(100), "nothing was fetched, nothing is asked");
    }
}

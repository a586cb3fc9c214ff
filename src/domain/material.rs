//! Materials of a campaign (宣传资料): how many there are, where they are, and what they cost.

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
    fn more_handed_out_than_fetched_is_seen_and_asked_about() {
        let stock = Stock { fetched: 500, handed_out: 480 };
        assert_eq!((stock.left(), stock.is_over()), (20, false));
        assert!(!stock.is_asked_about(20) && stock.is_asked_about(21));
        let over = Stock { fetched: 500, handed_out: 510 };
        assert_eq!((over.left(), over.is_over()), (-10, true));
        assert!(!Stock::default().is_asked_about(100), "nothing was fetched, nothing is asked");
    }
}

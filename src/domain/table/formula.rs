//! What a column reckons: `banner + led`, `[横幅/标语] + [展板]`, `(lecture + show) × 2`, `consultation ÷ attendance %`.
//!
//! A measure is named by its key, or by its name in square brackets. `%` behind a product or quotient makes a share of it.
//! Written with + - × ÷ or + - * /, and parentheses; full-width signs are taken for narrow ones.

use crate::domain::measure::Measure;

/// The deepest nesting, and the longest text: a column is one line.
const DEEPEST: usize = 20;
const LONGEST: usize = 400;

/// A formula that was read.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    Number(f64),
    /// A measure's key.
    Measure(String),
    Sum(Box<Formula>, Box<Formula>),
    Difference(Box<Formula>, Box<Formula>),
    Product(Box<Formula>, Box<Formula>),
    Quotient(Box<Formula>, Box<Formula>),
    /// In per cent.
    Share(Box<Formula>),
}

/// What is wrong with a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    Empty,
    TooLong,
    /// This names no measure.
    Unknown(String),
    /// A stock is never summed over time.
    Stock(String),
    /// What stands here (in characters, from 1) was not expected.
    Unexpected(usize, String),
    /// It ends where something is missing.
    Unfinished,
}

impl Formula {
    /// The value, of measures as `of` tells them; `None` where something is divided by nothing.
    pub fn value(&self, of: &dyn Fn(&str) -> f64) -> Option<f64> {
        Some(match self {
            Formula::Number(number) => *number,
            Formula::Measure(key) => of(key),
            Formula::Sum(one, other) => one.value(of)? + other.value(of)?,
            Formula::Difference(one, other) => one.value(of)? - other.value(of)?,
            Formula::Product(one, other) => one.value(of)? * other.value(of)?,
            Formula::Quotient(one, other) => {
                let below = other.value(of)?;
                if below == 0.0 {
                    return None;
                }
                one.value(of)? / below
            }
            Formula::Share(part) => part.value(of)? * 100.0,
        })
    }

    /// Whether it is a share, in per cent.
    pub fn is_share(&self) -> bool {
        matches!(self, Formula::Share(_))
    }

    /// The measures that it adds up, where it does nothing else.
    pub fn summands(&self) -> Option<Vec<&str>> {
        match self {
            Formula::Measure(key) => Some(vec![key]),
            Formula::Sum(one, other) => Some([one.summands()?, other.summands()?].concat()),
            _ => None,
        }
    }

    /// Every measure in it, each once, in the order in which they stand.
    pub fn measures(&self) -> Vec<&str> {
        let mut all = Vec::new();
        self.collect(&mut all);
        all
    }

    fn collect<'a>(&'a self, all: &mut Vec<&'a str>) {
        match self {
            Formula::Number(_) => {}
            Formula::Measure(key) => {
                if !all.contains(&key.as_str()) {
                    all.push(key);
                }
            }
            Formula::Sum(one, other)
            | Formula::Difference(one, other)
            | Formula::Product(one, other)
            | Formula::Quotient(one, other) => {
                one.collect(all);
                other.collect(all);
            }
            Formula::Share(part) => part.collect(all),
        }
    }
}

/// Reads a formula over these measures.
///
/// # Errors
/// What is wrong, and where.
pub fn read<'a>(text: &str, measures: impl IntoIterator<Item = &'a Measure>) -> Result<Formula, Fault> {
    let chars: Vec<char> = text.chars().map(narrow).collect();
    if chars.iter().all(|letter| letter.is_whitespace()) {
        return Err(Fault::Empty);
    }
    if chars.len() > LONGEST {
        return Err(Fault::TooLong);
    }
    let measures: Vec<&Measure> = measures.into_iter().collect();
    let mut reader = Reader { chars, place: 0, measures, depth: 0 };
    let formula = reader.sum()?;
    match reader.next() {
        None => Ok(formula),
        Some(letter) => Err(Fault::Unexpected(reader.place + 1, letter.to_string())),
    }
}

fn narrow(letter: char) -> char {
    match letter {
        '×' | '＊' | '∗' => '*',
        '÷' | '／' | '∕' => '/',
        '－' | '−' | '–' => '-',
        '【' | '［' | '「' => '[',
        '】' | '］' | '」' => ']',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '\u{3000}' => ' ',
        other => other,
    }
}

struct Reader<'a> {
    chars: Vec<char>,
    place: usize,
    measures: Vec<&'a Measure>,
    depth: usize,
}

impl Reader<'_> {
    /// The next sign, spaces skipped.
    fn next(&mut self) -> Option<char> {
        while self.chars.get(self.place).is_some_and(|letter| letter.is_whitespace()) {
            self.place += 1;
        }
        self.chars.get(self.place).copied()
    }

    fn sum(&mut self) -> Result<Formula, Fault> {
        let mut left = self.product()?;
        while let Some(sign @ ('+' | '-')) = self.next() {
            self.place += 1;
            let right = Box::new(self.product()?);
            left = if sign == '+' { Formula::Sum(left.into(), right) } else { Formula::Difference(left.into(), right) };
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Formula, Fault> {
        let mut left = self.term()?;
        while let Some(sign @ ('*' | '/')) = self.next() {
            self.place += 1;
            let right = Box::new(self.term()?);
            left =
                if sign == '*' { Formula::Product(left.into(), right) } else { Formula::Quotient(left.into(), right) };
        }
        // 咨询 ÷ 受教育 % is the quotient's share.
        if self.next() == Some('%') {
            self.place += 1;
            left = Formula::Share(left.into());
        }
        Ok(left)
    }

    fn term(&mut self) -> Result<Formula, Fault> {
        let start = self.next().ok_or(Fault::Unfinished)?;
        match start {
            '(' => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err(Fault::TooLong);
                }
                self.place += 1;
                let inner = self.sum()?;
                self.depth -= 1;
                match self.next() {
                    Some(')') => {
                        self.place += 1;
                        Ok(inner)
                    }
                    Some(letter) => Err(Fault::Unexpected(self.place + 1, letter.to_string())),
                    None => Err(Fault::Unfinished),
                }
            }
            '[' => {
                let rest = &self.chars[self.place + 1..];
                let length = rest.iter().position(|letter| *letter == ']').ok_or(Fault::Unfinished)?;
                let name: String = rest[..length].iter().collect();
                self.place += length + 2;
                self.measure(name.trim())
            }
            letter if letter.is_ascii_digit() => {
                let is_part = |letter: &&char| letter.is_ascii_digit() || **letter == '.';
                let length = self.chars[self.place..].iter().take_while(is_part).count();
                let text: String = self.chars[self.place..self.place + length].iter().collect();
                let at = self.place + 1;
                self.place += length;
                text.parse().map(Formula::Number).map_err(|_| Fault::Unexpected(at, text))
            }
            letter if is_name(letter) => {
                let length = self.chars[self.place..].iter().take_while(|letter| is_name(**letter)).count();
                let name: String = self.chars[self.place..self.place + length].iter().collect();
                self.place += length;
                self.measure(&name)
            }
            letter => Err(Fault::Unexpected(self.place + 1, letter.to_string())),
        }
    }

    fn measure(&self, name: &str) -> Result<Formula, Fault> {
        let plain = |text: &str| text.chars().map(narrow).collect::<String>();
        let by_key = self.measures.iter().find(|one| one.key == name);
        let found = by_key.or_else(|| self.measures.iter().find(|one| plain(&one.name) == name));
        match found {
            None => Err(Fault::Unknown(name.to_owned())),
            Some(one) if one.is_stock => Err(Fault::Stock(one.name.clone())),
            Some(one) => Ok(Formula::Measure(one.key.clone())),
        }
    }
}

/// What a key, or a name without signs in it, is made of.
fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || "_.".contains(letter)
}

//! The figures of a report as they were on the day they were read. Until somebody refreshes them nothing changes them: not a
//! correction in the ledger, nor other words for a measure.

use super::{
    quote::Quote,
    text::{Of, Part, Token, parts},
};
use crate::{
    domain::{
        measure::{Total, Wording},
        period::Period,
        wording::{Style, put, sentence::Item},
    },
    locale::Locale,
};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// Where a fact can be looked up.
    Source { Ledger => "ledger", Campaigns => "campaigns", Goals => "goals", Calendar => "calendar", Duties => "duties" }
}

/// A measure as it was called and worded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub key: String,
    pub name: String,
    pub unit_word: String,
    pub wording: Wording,
}

/// A sum above 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    pub measure: String,
    pub of: Of,
    pub total: Total,
}

/// A theme or a campaign as it was called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub of: Of,
    pub name: String,
    /// How many activities there were.
    pub activities: i64,
}

/// Something besides the sums that was found with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub key: String,
    /// What it tells: 未达标：村级学法.
    pub label: String,
    /// As it stands in the text.
    pub words: String,
    pub source: Source,
}

/// All figures of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The language of the report.
    pub locale: Locale,
    /// The days that every figure is of; `None` in what was made before they were kept: the whole period.
    #[serde(default)]
    pub days: Option<Period>,
    /// Who reports, as it was called then; empty in what was made before it was kept.
    #[serde(default)]
    pub unit: String,
    /// In the order of the catalogue.
    pub measures: Vec<Counted>,
    pub sums: Vec<Sum>,
    pub parts: Vec<Named>,
    pub facts: Vec<Fact>,
}

/// A piece of a report's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    /// What it stands for; `None` for words.
    pub token: Option<Token>,
    /// Whether there is nothing that it could stand for.
    pub unknown: bool,
}

/// What a figure was and what it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub token: Token,
    pub label: String,
    /// In the report's words.
    pub before: String,
    pub now: String,
    /// The sums themselves, where it is one.
    pub totals: Option<(Total, Total)>,
}

impl Snapshot {
    fn measure(&self, key: &str) -> Option<&Counted> {
        self.measures.iter().find(|measure| measure.key == key)
    }

    /// A sum of one measure.
    pub fn sum(&self, measure: &str, of: &Of) -> Total {
        let found = self.sums.iter().find(|sum| sum.measure == measure && sum.of == *of);
        found.map(|sum| sum.total).unwrap_or_default()
    }

    /// Where a fact can be looked up.
    pub fn source(&self, key: &str) -> Option<Source> {
        self.facts.iter().find(|fact| fact.key == key).map(|fact| fact.source)
    }

    /// Whether a theme or a campaign is known.
    fn knows(&self, of: &Of) -> bool {
        matches!(of, Of::All | Of::Own) || self.parts.iter().any(|part| part.of == *of)
    }

    /// The sum that a token stands for; `None` where it stands for none.
    pub fn total(&self, token: &Token) -> Option<Total> {
        let Token::Figure { measures, of } = token else { return None };
        let known = self.knows(of) && measures.iter().all(|key| self.measure(key).is_some());
        known.then(|| measures.iter().map(|key| self.sum(key, of)).sum())
    }

    /// What a token says; `None` where there is nothing that it stands for.
    pub fn words(&self, token: &Token, quotes: &[Quote], style: Style) -> Option<String> {
        match token {
            Token::Figure { measures, .. } => {
                let first = self.measure(measures.first()?)?;
                Some(put(self.total(token)?, &first.wording, &first.unit_word, style, self.locale))
            }
            Token::Fact(key) => self.facts.iter().find(|fact| fact.key == *key).map(|fact| fact.words.clone()),
            Token::Quote(number) => {
                quotes.iter().find(|quote| quote.number == *number).map(|quote| quote.words(self.locale))
            }
        }
    }

    /// What a token stands for, in words: 宣传资料（禁毒）.
    pub fn label(&self, token: &Token, quotes: &[Quote]) -> String {
        match token {
            Token::Figure { measures, of } => {
                let names: Vec<&str> = measures
                    .iter()
                    .map(|key| self.measure(key).map_or(key.as_str(), |one| one.name.as_str()))
                    .collect();
                let names = names.join(self.locale.report_list());
                match of {
                    Of::All => names,
                    Of::Own => self.locale.paper_label_own(names),
                    of => match self.parts.iter().find(|part| part.of == *of) {
                        Some(part) => self.locale.paper_label_part(names, &part.name),
                        None => names,
                    },
                }
            }
            Token::Fact(key) => {
                self.facts.iter().find(|fact| fact.key == *key).map_or_else(|| key.clone(), |fact| fact.label.clone())
            }
            Token::Quote(number) => {
                let quote = quotes.iter().find(|quote| quote.number == *number);
                quote.map_or_else(|| token.to_string(), |quote| quote.name.clone())
            }
        }
    }

    /// The measures above 0 as the yearly sentence takes them.
    pub fn items(&self, of: &Of) -> Vec<Item> {
        self.measures
            .iter()
            .filter_map(|measure| {
                let total = self.sum(&measure.key, of);
                (total.total() > 0).then(|| Item {
                    key: measure.key.clone(),
                    name: measure.name.clone(),
                    unit_word: measure.unit_word.clone(),
                    wording: measure.wording.clone(),
                    total,
                })
            })
            .collect()
    }

    /// A line of text with its tokens said.
    pub fn say(&self, line: &str, quotes: &[Quote], style: Style) -> Vec<Piece> {
        parts(line)
            .into_iter()
            .map(|part| match part {
                Part::Words(text) => Piece { text, token: None, unknown: false },
                Part::Odd(text) => Piece { text, token: None, unknown: true },
                Part::Token(token) => match self.words(&token, quotes, style) {
                    Some(text) => Piece { text, token: Some(token), unknown: false },
                    None => Piece { text: token.to_string(), token: Some(token), unknown: true },
                },
            })
            .collect()
    }

    /// What in a text stands for nothing, as it was typed.
    pub fn unknown(&self, text: &str, quotes: &[Quote]) -> Vec<String> {
        let mut odd: Vec<String> = self
            .say(text, quotes, Style::Official)
            .into_iter()
            .filter(|piece| piece.unknown)
            .map(|piece| piece.text)
            .collect();
        odd.dedup();
        odd
    }

    /// Takes over from a former snapshot what `texts` still speak of and what is no more, with `words` that say so.
    pub fn keep_spoken_of(&mut self, former: &Snapshot, used: &[Token], words: &str) {
        for token in used {
            let Token::Fact(key) = token else { continue };
            let is_new = self.facts.iter().any(|fact| fact.key == *key);
            if let Some(fact) = former.facts.iter().find(|fact| fact.key == *key)
                && !is_new
            {
                self.facts.push(Fact { words: words.to_owned(), ..fact.clone() });
            }
        }
        for part in &former.parts {
            let spoken_of = |token: &Token| matches!(token, Token::Figure { of, .. } if *of == part.of);
            if !self.knows(&part.of) && used.iter().any(spoken_of) {
                self.parts.push(Named { activities: 0, ..part.clone() });
            }
        }
        for measure in &former.measures {
            if self.measure(&measure.key).is_none() {
                self.measures.push(measure.clone());
            }
        }
    }

    /// What the ledger says otherwise by now (更正): of every measure, and of all that `used` names. What was planned is
    /// held or not as time goes by, and that corrects nothing.
    pub fn changes(&self, now: &Snapshot, used: &[Token], style: Style) -> Vec<Change> {
        let one = |key: &str| Token::Figure { measures: vec![key.to_owned()], of: Of::All };
        let mut tokens: Vec<Token> = self.measures.iter().map(|measure| one(&measure.key)).collect();
        let further: Vec<Token> = now.measures.iter().map(|measure| one(&measure.key)).collect();
        tokens.extend(further.into_iter().filter(|token| !tokens.contains(token)).collect::<Vec<_>>());
        let spoken_of: Vec<Token> = used.iter().filter(|token| !tokens.contains(token)).cloned().collect();
        tokens.extend(spoken_of);
        let mut changes = Vec::new();
        for token in tokens {
            let label = if self.words(&token, &[], style).is_some() { self } else { now }.label(&token, &[]);
            match &token {
                Token::Quote(_) => {}
                Token::Fact(key) => {
                    let moves_on =
                        self.source(key).is_some_and(|source| matches!(source, Source::Calendar | Source::Duties));
                    let (before, now) = (self.words(&token, &[], style), now.words(&token, &[], style));
                    if before != now && !moves_on {
                        let (before, now) = (before.unwrap_or_default(), now.unwrap_or_default());
                        changes.push(Change { token, label, before, now, totals: None });
                    }
                }
                Token::Figure { measures, of } => {
                    let sum = |at: &Snapshot| -> Total { measures.iter().map(|key| at.sum(key, of)).sum() };
                    let totals = (sum(self), sum(now));
                    if totals.0 != totals.1 {
                        // In the words of the day: only the figures are compared.
                        let first = measures.first().and_then(|key| self.measure(key).or(now.measure(key)));
                        let Some(first) = first else { continue };
                        let put = |total| put(total, &first.wording, &first.unit_word, style, self.locale);
                        let (before, now) = (put(totals.0), put(totals.1));
                        changes.push(Change { token, label, before, now, totals: Some(totals) });
                    }
                }
            }
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        measure::Precision,
        report::{
            compose::{Outlook, compose},
            text::tokens,
        },
        wording::sentence::{Year, say, text},
    };
    use proptest::prelude::*;

    fn counted(key: &str, name: &str, unit_word: &str) -> Counted {
        let wording = crate::domain::wording::built_in::wording(key);
        Counted { key: key.into(), name: name.into(), unit_word: unit_word.into(), wording }
    }

    fn snapshot(sums: &[(&str, Of, Total)]) -> Snapshot {
        Snapshot {
            measures: vec![
                counted("banner", "横幅/标语", "条"),
                counted("led", "LED", "次"),
                counted("broadcast", "广播", "次"),
                counted("board", "展板", "块"),
            ],
            sums: sums
                .iter()
                .map(|(measure, of, total)| Sum { measure: (*measure).into(), of: of.clone(), total: *total })
                .collect(),
            parts: vec![Named { of: Of::Theme("drugs".into()), name: "禁毒".into(), activities: 1 }],
            facts: vec![Fact {
                key: "planned".into(),
                label: "已安排".into(),
                words: "12场".into(),
                source: Source::Calendar,
            }],
            ..Snapshot::default()
        }
    }

    fn exact(value: i64) -> Total {
        Total { activities: 1, ..Total::of(Precision::Exact, value) }
    }

    fn said(snapshot: &Snapshot, line: &str) -> String {
        snapshot.say(line, &[], Style::Official).into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn a_token_is_said_by_the_law_and_an_unknown_one_is_named() {
        let drugs = Of::Theme("drugs".into());
        let sums = [("banner", Of::All, exact(156)), ("led", Of::All, exact(64)), ("broadcast", Of::All, exact(48))];
        let snapshot = snapshot(&[&sums[..], &[("board", drugs, exact(62))]].concat());
        assert_eq!(
            said(&snapshot, "横幅{banner}，播放{led+broadcast}，展板{board@drugs}。"),
            "横幅150余条，播放110余次，展板62块。"
        );
        assert_eq!(said(&snapshot, "展板{board}，安排{:planned}"), "展板0块，安排12场", "nothing logged is nothing");
        let typed = "{bannner}、{board@gangs}、{:nothing}、{:quote.1}、{banner}";
        assert_eq!(snapshot.unknown(typed, &[]), ["{bannner}", "{board@gangs}", "{:nothing}", "{:quote.1}"]);
    }

    #[test]
    fn a_correction_is_told_and_what_moves_on_with_time_is_none() {
        let then = snapshot(&[("banner", Of::All, exact(156)), ("board", Of::All, exact(62))]);
        let mut now =
            snapshot(&[("banner", Of::All, exact(149)), ("board", Of::All, exact(62)), ("led", Of::All, exact(3))]);
        now.facts.clear();
        let changes = then.changes(&now, &tokens("{:planned}{banner}"), Style::Official);
        let told: Vec<(&str, &str, &str)> =
            changes.iter().map(|one| (one.label.as_str(), one.before.as_str(), one.now.as_str())).collect();
        assert_eq!(told, [("横幅/标语", "150余条", "140余条"), ("LED", "0次", "3次")]);
        now.keep_spoken_of(&then, &tokens("{:planned}"), "没有了");
        assert_eq!(said(&now, "{:planned}"), "没有了");
    }

    proptest! {
        /// What a report is first written as, said again from its own figures, is the yearly sentence to the letter.
        #[test]
        fn the_first_text_says_the_yearly_sentence_whatever_was_counted(values in prop::array::uniform4(0i64..300_000)) {
            let keys = ["banner", "led", "broadcast", "board"];
            let sums: Vec<(&str, Of, Total)> =
                keys.into_iter().zip(values).filter(|(_, value)| *value > 0).map(|(key, value)| (key, Of::All, exact(value))).collect();
            let snapshot = snapshot(&sums);
            let year = Year {
                when: "2021年".into(),
                unit: "青山镇".into(),
                campaigns: 0,
                themes: vec!["禁毒".into()],
                reached: [crate::domain::unit::UnitKind::Village].into(),
                items: snapshot.items(&Of::All),
            };
            for style in Style::ALL {
                let texts = compose(&year, &snapshot, &Outlook::default());
                let written: String = texts.values().map(|body| {
                    snapshot.say(body, &[], *style).into_iter().map(|piece| piece.text).collect::<String>()
                }).collect();
                let sentence = text(&say(&year, *style, Locale::Zh).sentence);
                prop_assert!(sums.is_empty() || written.contains(&sentence), "{written}\n{sentence}");
            }
        }
    }
}

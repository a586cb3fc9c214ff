//! The text of a report: words, and in braces what stands for a figure, so that a figure is never typed.
//!
//! `{banner}` is a measure's figure with its unit word, `{led+broadcast}` that of several together, `{leaflet@drugs}` of a
//! theme, `{leaflet#drugs-2021}` of a campaign, `{study!}` of the unit itself without those below it; `{:planned}` is a fact
//! that was found with the figures, `{:quote.1}` another office's figure.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What of the ledger a figure sums.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// The unit and all below it.
    #[default]
    All,
    /// The unit itself.
    Own,
    /// A theme, by key.
    Theme(String),
    /// A campaign, by key.
    Campaign(String),
}

/// What stands in braces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Token {
    /// The figure of measures, by key, together.
    Figure { measures: Vec<String>, of: Of },
    /// A fact, by key.
    Fact(String),
    /// Another office's figure, by number.
    Quote(i64),
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Words(String),
    Token(Token),
    /// Braces that hold no token, as they were typed.
    Odd(String),
}

impl Token {
    /// Reads what stands between braces.
    fn parse(inside: &str) -> Option<Token> {
        if let Some(fact) = inside.strip_prefix(':') {
            return match fact.strip_prefix("quote.") {
                Some(number) => Some(Token::Quote(number.parse().ok().filter(|number| *number > 0)?)),
                None => (!fact.is_empty()).then(|| Token::Fact(fact.to_owned())),
            };
        }
        let (keys, of) = if let Some((keys, theme)) = inside.split_once('@') {
            (keys, Of::Theme(key(theme)?))
        } else if let Some((keys, campaign)) = inside.split_once('#') {
            (keys, Of::Campaign(key(campaign)?))
        } else if let Some(keys) = inside.strip_suffix('!') {
            (keys, Of::Own)
        } else {
            (inside, Of::All)
        };
        let measures = keys.split('+').map(key).collect::<Option<Vec<String>>>()?;
        Some(Token::Figure { measures, of })
    }
}

/// A key of the catalogue or of a campaign.
fn key(text: &str) -> Option<String> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    (!text.is_empty() && text.chars().all(fits)).then(|| text.to_owned())
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Token::Fact(key) => write!(f, "{{:{key}}}"),
            Token::Quote(number) => write!(f, "{{:quote.{number}}}"),
            Token::Figure { measures, of } => {
                write!(f, "{{{}", measures.join("+"))?;
                match of {
                    Of::All => {}
                    Of::Own => f.write_str("!")?,
                    Of::Theme(key) => write!(f, "@{key}")?,
                    Of::Campaign(key) => write!(f, "#{key}")?,
                }
                f.write_str("}")
            }
        }
    }
}

/// Takes a text apart.
pub fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(['{', '}']) {
        if start > 0 {
            parts.push(Part::Words(rest[..start].to_owned()));
        }
        rest = &rest[start..];
        let end = rest[1..].find(['{', '}', '\n']).map(|end| end + 1);
        let length = match end {
            Some(end) if rest.starts_with('{') && rest[end..].starts_with('}') => end + 1,
            _ => 1,
        };
        let braced = &rest[..length];
        let token = if length > 1 { Token::parse(&braced[1..length - 1]) } else { None };
        parts.push(token.map_or_else(|| Part::Odd(braced.to_owned()), Part::Token));
        rest = &rest[length..];
    }
    if !rest.is_empty() {
        parts.push(Part::Words(rest.to_owned()));
    }
    parts
}

/// The tokens of a text, each once, in the order of their first place.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    for part in parts(text) {
        if let Part::Token(token) = part
            && !found.contains(&token)
        {
            found.push(token);
        }
    }
    found
}

/// Words that go into a text as they are: braces, which would be read as tokens, become brackets.
pub fn plain(words: &str) -> String {
    words.replace('{', "（").replace('}', "）")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn figure(measures: &[&str], of: Of) -> Part {
        Part::Token(Token::Figure { measures: measures.iter().map(|&key| key.into()).collect(), of })
    }

    #[test]
    fn what_stands_in_braces_is_read_and_what_is_none_is_kept_as_typed() {
        let words = |text: &str| Part::Words(text.into());
        assert_eq!(
            parts("悬挂{banner}，播放{led+broadcast}。"),
            [
                words("悬挂"),
                figure(&["banner"], Of::All),
                words("，播放"),
                figure(&["led", "broadcast"], Of::All),
                words("。")
            ]
        );
        assert_eq!(
            parts("{leaflet@drugs}{leaflet#c-1}{study!}{:gap.sessions}{:quote.2}"),
            [
                figure(&["leaflet"], Of::Theme("drugs".into())),
                figure(&["leaflet"], Of::Campaign("c-1".into())),
                figure(&["study"], Of::Own),
                Part::Token(Token::Fact("gap.sessions".into())),
                Part::Token(Token::Quote(2)),
            ]
        );
        for odd in ["{横幅}", "{}", "{:}", "{:quote.x}", "{banner+}", "{@drugs}"] {
            assert_eq!(parts(odd), [Part::Odd(odd.into())]);
        }
        assert_eq!(parts("a}b{c"), [words("a"), Part::Odd("}".into()), words("b"), Part::Odd("{".into()), words("c")]);
        assert_eq!(tokens("{banner}、{banner}、{led}").len(), 2);
    }

    proptest! {
        #[test]
        fn nothing_typed_is_lost_when_a_text_is_taken_apart(text in "[a-c{}:@#!+.1\n横]{0,40}") {
            let again: String = parts(&text)
                .into_iter()
                .map(|part| match part {
                    Part::Words(words) | Part::Odd(words) => words,
                    Part::Token(Token::Quote(number)) => format!("{{:quote.{number}}}"),
                    Part::Token(token) => token.to_string(),
                })
                .collect();
            // A number may have been typed with zeros before it.
            prop_assert!(again == text || text.contains(":quote."));
        }

        #[test]
        fn plain_words_bear_no_token(text in "[a-c{}:横]{0,20}") {
            prop_assert!(tokens(&plain(&text)).is_empty());
        }
    }
}

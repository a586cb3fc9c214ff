//! How a report is first written: every sentence from figures, which stay bound to the ledger as tokens, and nothing where
//! there is nothing to say. The officer writes on from there.

use super::{
    Section, ordinal,
    snapshot::{Fact, Named, Snapshot},
    text::{Of, Token, plain},
};
use crate::{
    domain::wording::{
        Style,
        sentence::{About, Piece, Year, phrases, say},
    },
    locale::Locale,
};
use std::collections::BTreeMap;

/// The most themes, and the most campaigns, that are told one by one.
pub const MOST_PARTS: usize = 6;
/// The most of the others that are named.
const MOST_OTHERS: usize = 12;
/// The most measures that are told of one of them.
const MOST_CLAUSES: usize = 5;
/// The measures that tell how leaders study; of the unit itself.
const STUDY: [&str; 2] = ["study", "pre_meeting_study"];
/// Where people take part in fewer than one in so many activities, the report says so.
pub const FEW_INTERACTIVE: i64 = 3;

/// What lies ahead, and how the report is called.
#[derive(Clone, Debug, Default)]
pub struct Outlook {
    /// 圣灯山镇
    pub unit: String,
    /// 2021年
    pub when: String,
    /// 2022年
    pub next: String,
    /// Campaigns that begin then.
    pub campaigns: Vec<String>,
    /// Key dates that lie then, and how many more.
    pub key_dates: Vec<String>,
    pub more_key_dates: usize,
    /// The names of what can no longer be made up.
    pub lost: Vec<String>,
}

/// A text of the yearly sentence with its figures as tokens.
fn template(pieces: &[Piece], of: &Of) -> String {
    pieces
        .iter()
        .map(|piece| match &piece.about {
            About::Words => plain(&piece.text),
            About::Campaigns => Token::Fact("campaigns".into()).to_string(),
            About::Measures(measures) => Token::Figure { measures: measures.clone(), of: of.clone() }.to_string(),
        })
        .collect()
}

fn fact(key: &str) -> String {
    Token::Fact(key.to_owned()).to_string()
}

/// The first text of each section that has something to say. `year` tells the sentence, with the snapshot's own figures.
pub fn compose(year: &Year, snapshot: &Snapshot, outlook: &Outlook) -> BTreeMap<Section, String> {
    let locale = snapshot.locale;
    let mut opening = vec![locale.paper_opening(plain(&outlook.unit), &outlook.when)];
    if year.items.is_empty() && year.campaigns == 0 {
        opening.push(template(&say(year, Style::Official, locale).sentence, &Of::All));
    }
    let sections = [
        (Section::Opening, opening),
        (Section::Achievements, achievements(year, snapshot)),
        (Section::Leaders, leaders(snapshot)),
        (Section::Problems, numbered(problems(snapshot))),
        (Section::Next, numbered(next(snapshot, outlook))),
    ];
    let filled = sections.into_iter().filter(|(_, lines)| !lines.is_empty());
    filled.map(|(section, lines)| (section, lines.join("\n"))).collect()
}

/// 1.… 2.…; a single sentence has no number.
fn numbered(lines: Vec<String>) -> Vec<String> {
    if lines.len() < 2 {
        return lines;
    }
    lines.into_iter().enumerate().map(|(index, line)| format!("{}.{line}", index + 1)).collect()
}

fn achievements(year: &Year, snapshot: &Snapshot) -> Vec<String> {
    let locale = snapshot.locale;
    if year.items.is_empty() && year.campaigns == 0 {
        return Vec::new();
    }
    // How the leaders study has a section of its own; here stands what others did besides.
    let told_there =
        |key: &str| STUDY.contains(&key) && snapshot.sum(key, &Of::Own).total() == snapshot.sum(key, &Of::All).total();
    let items = year.items.iter().filter(|item| !told_there(&item.key)).cloned().collect();
    let said = say(&Year { items, ..year.clone() }, Style::Official, locale);
    let mut whole = template(&said.sentence, &Of::All);
    for sentence in &said.further {
        whole.push_str(locale.paper_between());
        whole.push_str(&template(sentence, &Of::All));
    }
    let themes = parts(snapshot, |of| matches!(of, Of::Theme(_)));
    let campaigns = parts(snapshot, |of| matches!(of, Of::Campaign(_)));
    if themes.is_empty() && campaigns.is_empty() {
        return vec![whole];
    }
    let mut lines = Vec::new();
    let mut number = 0;
    for (title, sentence, items) in [
        (locale.paper_whole(), whole, Vec::new()),
        (locale.paper_themes(), String::new(), themes),
        (locale.paper_campaigns(), String::new(), campaigns),
    ] {
        if sentence.is_empty() && items.is_empty() {
            continue;
        }
        number += 1;
        lines.push(format!("{}{sentence}", locale.paper_part(ordinal(locale, number), title)));
        lines.extend(numbered(items));
    }
    lines
}

/// What was done on each theme, or in each campaign: those with most activities, in the catalogue's order, and then how
/// often the others were worked on. A campaign that holds just what a theme does is not told twice.
fn parts(snapshot: &Snapshot, is_one: impl Fn(&Of) -> bool) -> Vec<String> {
    let locale = snapshot.locale;
    let mut found: Vec<_> =
        snapshot.parts.iter().enumerate().filter(|(_, part)| is_one(&part.of) && part.activities > 0).collect();
    found.sort_by_key(|(_, part)| std::cmp::Reverse(part.activities));
    let mut others = found.split_off(found.len().min(MOST_PARTS));
    found.sort_by_key(|(place, _)| *place);
    others.sort_by_key(|(place, _)| *place);
    let one_like = |part: &Named| {
        let is_like = |theme: &&Named| {
            matches!(theme.of, Of::Theme(_))
                && theme.activities == part.activities
                && snapshot
                    .measures
                    .iter()
                    .all(|one| snapshot.sum(&one.key, &theme.of) == snapshot.sum(&one.key, &part.of))
        };
        snapshot.parts.iter().find(is_like).filter(|_| matches!(part.of, Of::Campaign(_)))
    };
    let tell = |(_, part): (usize, &Named)| {
        let mut clauses: Vec<String> = match one_like(part) {
            Some(theme) => vec![locale.paper_same_as(plain(&theme.name))],
            None => {
                let told = phrases(&snapshot.items(&part.of), locale);
                told.iter().take(MOST_CLAUSES).map(|pieces| template(pieces, &part.of)).collect()
            }
        };
        clauses.insert(0, locale.paper_activities(fact(&activities_key(&part.of))));
        locale.paper_part_line(clauses.join(locale.report_comma()), plain(&part.name))
    };
    let mut lines: Vec<String> = found.into_iter().map(tell).collect();
    let named: Vec<String> = others
        .iter()
        .take(MOST_OTHERS)
        .map(|(_, part)| locale.paper_other(fact(&activities_key(&part.of)), plain(&part.name)))
        .collect();
    match others.len() {
        0 => {}
        count if count <= MOST_OTHERS => lines.push(locale.paper_others(named.join(locale.report_list()))),
        count => lines.push(locale.paper_others_and_more(count, named.join(locale.report_list()))),
    }
    lines
}

/// The key of the fact that says how many activities there were.
pub fn activities_key(of: &Of) -> String {
    match of {
        Of::All => "activities".into(),
        Of::Own => "activities!".into(),
        Of::Theme(key) => format!("activities@{key}"),
        Of::Campaign(key) => format!("activities#{key}"),
    }
}

fn leaders(snapshot: &Snapshot) -> Vec<String> {
    let locale = snapshot.locale;
    let mut study = snapshot.items(&Of::Own);
    study.retain(|item| STUDY.contains(&item.key.as_str()));
    let clauses: Vec<String> = phrases(&study, locale).iter().map(|pieces| template(pieces, &Of::Own)).collect();
    let mut lines = Vec::new();
    if !clauses.is_empty() {
        lines.push(locale.paper_study(clauses.join(locale.report_comma())));
    }
    if has(snapshot, "duties") {
        lines.push(locale.paper_duties(fact("duties"), fact("duties_done")));
    }
    numbered(lines)
}

fn has(snapshot: &Snapshot, key: &str) -> bool {
    snapshot.facts.iter().any(|fact| fact.key == key)
}

/// A text around words.
type Saying = fn(Locale, String) -> String;

/// What the goals say is missing, and what the ledger says of how it came about.
fn problems(snapshot: &Snapshot) -> Vec<String> {
    let locale = snapshot.locale;
    let gap = |one: &Fact| {
        let name = one.key.strip_prefix("gap.")?;
        Some(locale.paper_gap(plain(&one.label), fact(&format!("gap.{name}"))))
    };
    let mut lines: Vec<String> = snapshot.facts.iter().filter_map(gap).collect();
    let told = |sayings: &[(&str, Saying)]| -> Vec<String> {
        let found = sayings.iter().filter(|(key, _)| has(snapshot, key));
        found.map(|(key, saying)| saying(locale, fact(key))).collect()
    };
    let effects: [(&str, Saying); 2] = [
        ("unreached", |locale, words| locale.paper_unreached(words)),
        ("passive_themes", |locale, words| locale.paper_passive_themes(words)),
    ];
    let causes: [(&str, Saying); 3] = [
        ("not_held", |locale, words| locale.paper_not_held(words)),
        ("busiest", |locale, words| locale.paper_busiest(words)),
        ("interactive", |locale, words| locale.paper_interactive(words)),
    ];
    lines.extend(told(&effects));
    let causes = told(&causes);
    if lines.is_empty() {
        // What led to nothing is no cause.
        return causes.into_iter().map(|cause| locale.paper_ended(cause)).collect();
    }
    if !causes.is_empty() {
        lines.push(locale.paper_causes(causes.join(locale.paper_between_causes())));
    }
    lines
}

fn next(snapshot: &Snapshot, outlook: &Outlook) -> Vec<String> {
    let locale = snapshot.locale;
    let list = |names: &[String]| names.iter().map(|name| plain(name)).collect::<Vec<_>>().join(locale.report_list());
    let mut lines = Vec::new();
    if has(snapshot, "planned") {
        lines.push(locale.paper_planned(fact("planned")));
    }
    if !outlook.campaigns.is_empty() {
        let names: Vec<String> = outlook.campaigns.iter().map(|title| locale.paper_titled(plain(title))).collect();
        lines.push(locale.paper_next_campaigns(names.join(locale.report_list())));
    }
    match (outlook.key_dates.is_empty(), outlook.more_key_dates) {
        (true, _) => {}
        (_, 0) => lines.push(locale.paper_key_dates(list(&outlook.key_dates))),
        (_, _) => lines.push(locale.paper_key_dates_and_others(list(&outlook.key_dates))),
    }
    if !outlook.lost.is_empty() {
        lines.push(locale.paper_lost(list(&outlook.lost), &outlook.next));
    }
    if has(snapshot, "unreached") {
        lines.push(locale.paper_reach(fact("unreached")));
    }
    lines
}

//! Holding the figures of a draft against what a unit logged in a year. Nothing is stored.

use super::{log::Log, sight::Sight};
use crate::{
    domain::{
        campaign::Campaign,
        catalogue::Theme,
        claim::{self, Claim, Number, Subject, Why, verdict::Verdict},
        measure::{Measure, Total},
        period::Period,
        problem::Problems,
        unit::{Unit, UnitKind},
    },
    error::{Error, Result},
    report::action::YEARS,
    server::context::Ctx,
    unit,
};

/// The most characters of a draft: some sixty pages.
pub const LONGEST: usize = 60_000;

/// The measure's name under which the number of campaigns is told, as the indicator's.
pub const CAMPAIGNS: &str = "campaigns";

/// The name under which the number of activities is told.
pub const ACTIVITIES: &str = "activities";

/// A draft with its figures.
#[derive(Debug)]
pub struct Checked {
    pub unit: Unit,
    pub year: i32,
    /// The draft with its line ends made one kind: places are counted in it.
    pub text: String,
    pub figures: Vec<Figure>,
}

/// A figure of a draft, held against the log.
#[derive(Debug)]
pub struct Figure {
    pub claim: Claim,
    /// As it stands in the draft.
    pub text: String,
    pub verdict: Verdict,
    pub why: Option<Why>,
    /// The measures that it counts; none for activities, campaigns and what is unknown.
    pub measures: Vec<Measure>,
    /// What is logged; none for what is unknown.
    pub logged: Option<Total>,
    /// Where what it is held against is narrower than all that the unit logged: what all is.
    pub wide: Option<Total>,
    /// What was logged in the same time of the year before, for a growth.
    pub former: Option<Total>,
    /// The figure in official words; none where nothing is logged.
    pub proposed: Option<String>,
    /// What it was held against.
    pub against: Against,
}

/// The records that a figure was held against, as names.
#[derive(Clone, Debug)]
pub struct Against {
    pub period: Period,
    /// The unit below the draft's own that the sentence names.
    pub unit: Option<Unit>,
    /// The kind of unit: 学校.
    pub kind: Option<UnitKind>,
    pub theme: Option<Theme>,
    pub campaign: Option<Campaign>,
}

impl Against {
    /// Whether it is less than all that was logged in the period.
    pub fn is_narrow(&self) -> bool {
        self.unit.is_some() || self.kind.is_some() || self.theme.is_some() || self.campaign.is_some()
    }
}

impl Figure {
    /// Whether the log says it otherwise: less of it, or attendances and not people.
    pub fn is_wrong(&self) -> bool {
        self.verdict == Verdict::HigherThanLogged || self.why == Some(Why::People)
    }

    /// The key of the first measure.
    pub fn measure(&self) -> Option<&str> {
        match self.claim.subject {
            Subject::Campaigns => Some(CAMPAIGNS),
            Subject::Activities { .. } => Some(ACTIVITIES),
            _ => self.measures.first().map(|measure| measure.key.as_str()),
        }
    }
}

impl Checked {
    /// The draft with every figure that the log does not carry in the words that it carries, and attendances called so.
    pub fn corrected(&self) -> String {
        let chars: Vec<char> = self.text.chars().collect();
        let (mut text, mut place) = (String::new(), 0);
        for figure in &self.figures {
            let Some(proposed) = figure.proposed.as_ref().filter(|_| figure.is_wrong()) else { continue };
            text.extend(&chars[place..figure.claim.start]);
            text.push_str(proposed);
            place = figure.claim.end;
        }
        text.extend(&chars[place..]);
        text
    }

    /// The draft's words between two places, in characters.
    pub fn words(&self, start: usize, end: usize) -> String {
        self.text.chars().skip(start).take(end - start).collect()
    }

    pub fn count(&self, verdict: Verdict) -> usize {
        self.figures.iter().filter(|figure| figure.verdict == verdict).count()
    }
}

/// Checks a draft for somebody who may read the unit.
///
/// # Errors
/// What is missing or cannot be read, by field; [`Error::NotFound`] for a unit that may not be read.
pub async fn check(ctx: &Ctx, unit: &str, year: &str, text: &str) -> Result<Checked> {
    let locale = ctx.locale;
    let scope = ctx.scope()?;
    let mut problems = Problems::default();
    if unit.is_empty() {
        problems.add("unit", locale.report_unit_missing());
    }
    let year = year.trim().parse::<i32>().ok().filter(|year| YEARS.contains(year));
    if year.is_none() {
        problems.add("year", locale.report_year_odd(YEARS.start(), YEARS.end()));
    }
    if text.trim().is_empty() {
        problems.add("text", locale.claim_empty());
    } else if text.chars().count() > LONGEST {
        problems.add("text", locale.claim_too_long(LONGEST));
    }
    problems.into_result(())?;
    let year = year.ok_or_else(|| Error::internal("a checked year"))?;
    let mut conn = ctx.db.read().await?;
    let unit = unit::store::by_code(&mut conn, &scope, unit).await?;
    let below: Vec<Unit> = unit::store::at_and_below(&mut conn, &unit).await?;
    let sight = Sight::load(&mut conn, &scope, &unit, &below, year).await?;
    let claims = claim::find(text, &sight.known(year));
    let chars: Vec<char> = text.chars().collect();
    let mut log = Log::new(&mut conn, &unit, &below, ctx.today);
    let mut figures = Vec::new();
    for claim in claims {
        let text: String = chars[claim.start..claim.end].iter().collect();
        figures.push(log.hold(claim, text, year, &sight).await?);
    }
    drop(conn);
    Ok(Checked { unit, year, text: text.to_owned(), figures })
}

/// What a figure says, as a number.
pub fn value(number: Number) -> f64 {
    match number {
        Number::Count(value, _) => value as f64,
        Number::Share(value) => value,
    }
}

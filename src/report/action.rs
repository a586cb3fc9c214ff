//! The yearly report of a unit, from its figures.

use super::store;
use crate::{
    catalogue,
    domain::{
        catalogue::{Catalogue, Theme},
        measure::Total,
        period::Period,
        report::Span,
        unit::{Unit, UnitKind},
        wording::{
            Style, put,
            sentence::{Item, Piece, Year, say, text},
        },
    },
    error::{Error, Result},
    figure::{self, Filter},
    locale::Locale,
    server::{context::Ctx, db::Conn, document::Document},
    unit,
};
use std::collections::{BTreeMap, BTreeSet};

pub use crate::domain::report::YEARS;

/// A figure of the report.
#[derive(Clone, Debug)]
pub struct Line {
    /// The measure's key.
    pub measure: String,
    /// The measure's name in the report's language.
    pub name: String,
    pub unit_word: String,
    pub total: Total,
    /// The figure as the report's style puts it, with its unit word.
    pub wording: String,
}

/// A yearly report.
#[derive(Clone, Debug)]
pub struct Annual {
    pub title: String,
    /// The yearly sentence.
    pub sentence: String,
    /// The whole text; the sentence comes first.
    pub paragraphs: Vec<String>,
    /// The same text in pieces, for links.
    pub pieces: Vec<Vec<Piece>>,
    /// One for each measure above 0, in the order of the catalogue.
    pub figures: Vec<Line>,
}

impl Annual {
    /// The report as plain text, for a letter or a file.
    pub fn plain(&self) -> String {
        format!("{}\n\n{}\n", self.title, self.paragraphs.join("\n"))
    }

    /// The report as a document.
    ///
    /// # Errors
    /// A fault of ours, where the file cannot be packed.
    pub fn docx(&self) -> Result<Vec<u8>> {
        Document { title: self.title.clone(), body: self.paragraphs.clone(), ..Document::default() }.docx()
    }
}

/// What a report has to be asked with.
#[derive(Clone, Debug)]
pub struct Question {
    pub unit: Unit,
    pub year: i32,
    pub style: Style,
}

/// Reads what was asked for, as typed: the unit's code, the year, the style (`official` where it is empty).
///
/// # Errors
/// What is missing or cannot be read, by field; [`Error::NotFound`] for a unit that may not be read.
pub async fn question(ctx: &Ctx, unit: &str, year: &str, style: &str) -> Result<Question> {
    let scope = ctx.scope()?;
    let mut problems = crate::domain::problem::Problems::default();
    if unit.is_empty() {
        problems.add("unit", ctx.locale.report_unit_missing());
    }
    let year = year.parse::<i32>().ok().filter(|year| YEARS.contains(year));
    if year.is_none() {
        problems.add("year", ctx.locale.report_year_odd(YEARS.start(), YEARS.end()));
    }
    let style = if style.is_empty() { Some(Style::Official) } else { Style::from_key(style) };
    if style.is_none() {
        problems.add("style", ctx.locale.report_style_odd());
    }
    problems.into_result(())?;
    let (Some(year), Some(style)) = (year, style) else { return Err(Error::internal("a checked question")) };
    let mut conn = ctx.db.read().await?;
    let unit = unit::store::by_code(&mut conn, &scope, unit).await?;
    Ok(Question { unit, year, style })
}

/// The language of official text: Chinese, unless the address says otherwise (`lang=`).
pub fn language(ctx: &Ctx) -> Locale {
    Locale::parse(ctx.query.get("lang")).unwrap_or_default()
}

/// The report of a unit, and all below it, for a year. Whoever calls has loaded the unit within the reader's scope.
pub async fn annual(ctx: &Ctx, unit: &Unit, year: i32, style: Style) -> Result<Annual> {
    let locale = language(ctx);
    let mut conn = ctx.db.read().await?;
    let when = Span::Year(year).text(locale);
    let told = told(ctx, &mut conn, unit, (Period::year(year), when), locale).await?;
    let said = say(&told, style, locale);
    let further: Vec<Piece> = said.further.into_iter().flatten().collect();
    let sentence = text(&said.sentence);
    let pieces: Vec<Vec<Piece>> = [said.sentence, further].into_iter().filter(|pieces| !pieces.is_empty()).collect();
    let figures = told
        .items
        .into_iter()
        .map(|item| Line {
            wording: put(item.total, &item.wording, &item.unit_word, style, locale),
            measure: item.key,
            name: item.name,
            unit_word: item.unit_word,
            total: item.total,
        })
        .collect();
    Ok(Annual {
        title: locale.report_title(&unit.short_name, told.when),
        sentence,
        paragraphs: pieces.iter().map(|pieces| text(pieces)).collect(),
        pieces,
        figures,
    })
}

/// All that the sentence of a period tells; `when` is how it is called.
pub(super) async fn told(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    (period, when): (Period, String),
    locale: Locale,
) -> Result<Year> {
    let totals = figure::store::total_by_measure(conn, unit, period, &Filter::default()).await?;
    // What lies below may bear measures and themes of its own.
    let Catalogue { measures, themes, .. } = catalogue::store::everything_for(conn, unit).await?;
    let mut wordings = catalogue::store::wordings(conn, unit).await?;
    let (campaigns, themes) = campaigns_and_themes(ctx, conn, unit, period, (&themes, locale)).await?;
    Ok(Year {
        when,
        unit: unit.short_name.clone(),
        campaigns,
        themes,
        reached: reached(conn, unit, period).await?,
        items: measures
            .into_iter()
            .filter_map(|measure| {
                let total = totals.get(&measure.id).copied().filter(|total| total.total() > 0)?;
                Some(Item {
                    name: locale.name(&measure.name, measure.name_en.as_deref()).to_owned(),
                    key: measure.key,
                    unit_word: measure.unit_word,
                    wording: wordings.remove(&measure.id).unwrap_or(measure.wording),
                    total,
                })
            })
            .collect(),
    })
}

/// How many campaigns the year had, and the themes to name: those of the campaigns, or, where these have none, those
/// of the activities; in the order of the catalogue.
async fn campaigns_and_themes(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    period: Period,
    (catalogue, locale): (&[Theme], Locale),
) -> Result<(usize, Vec<String>)> {
    let by_campaign = figure::store::by_campaign(conn, unit, period, &Filter::default()).await?;
    let joined: BTreeSet<i64> = by_campaign.keys().map(|(campaign, _)| *campaign).collect();
    let campaigns = store::campaigns(conn, unit, period, ctx.today, &joined).await?;
    let mut themes = store::themes_of(conn, &campaigns).await?;
    if themes.is_empty() {
        let by_theme = figure::store::by_theme(conn, unit, period, &Filter::default()).await?;
        themes = by_theme.keys().map(|(theme, _)| *theme).collect();
    }
    let named = catalogue
        .iter()
        .filter(|theme| themes.contains(&theme.id))
        .map(|theme| locale.name(&theme.name, theme.name_en.as_deref()).to_owned())
        .collect();
    Ok((campaigns.len(), named))
}

/// The kinds of unit at which something was done, or for which it was.
async fn reached(conn: &mut Conn, unit: &Unit, period: Period) -> Result<BTreeSet<UnitKind>> {
    let own = figure::store::own_by_unit(conn, unit, period, &Filter::default()).await?;
    let active: BTreeSet<i64> = own.keys().map(|(unit_id, _)| *unit_id).collect();
    let kinds: BTreeMap<i64, UnitKind> =
        unit::store::at_and_below(conn, unit).await?.into_iter().map(|unit| (unit.id, unit.kind)).collect();
    let mut reached: BTreeSet<UnitKind> = active.iter().filter_map(|id| kinds.get(id).copied()).collect();
    reached.extend(store::covered(conn, unit, period).await?.into_values());
    Ok(reached)
}

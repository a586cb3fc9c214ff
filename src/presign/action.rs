//! Gathers the findings on a report, in one state of the database.

use super::store::{self, Counts};
use crate::{
    catalogue,
    claim::action::{self as claim, Figure},
    domain::{
        claim::{Why, verdict::Verdict},
        event,
        measure::{Measure, Total},
        period::{Day, Month, Period},
        presign::{Alike, Burst, Estimated, Jump, alike, bursts, estimated, jumps, year_before},
        report::{quote::Quote, snapshot::Change, text::Token},
        unit::{Unit, UnitKind},
    },
    error::Result,
    figure::{self, Filter},
    report::paper::{self, store::Report},
    server::{context::Ctx, db::Conn},
    table::{reckon::Change as Cell, sent_action::disagreeing, store::Sent},
    unit,
};
use chrono::NaiveTime;
use std::collections::BTreeMap;

/// The most sent tables that are compared: a year's months and quarters, each by two kinds of row.
const MOST_TABLES: usize = 36;

/// What was found.
pub struct Findings {
    pub counts: Counts,
    /// The first day of the last month of the period: what is entered from then on for days before is told.
    pub last_month: Month,
    pub bursts: Vec<Burst>,
    pub estimated: Vec<Estimated<Measure>>,
    /// Each with the names of its units.
    pub alike: Vec<(Alike<i64>, Measure, Vec<String>)>,
    /// `None` where nothing is on record a year before.
    pub jumps: Option<Vec<Jump<Measure>>>,
    pub year_before: Period,
    /// What the ledger says otherwise than the report by now.
    pub changes: Vec<Change>,
    /// How many activities were logged for days of the period after those of the report.
    pub later: i64,
    /// The tables sent for months of this period that the ledger does not agree with any more.
    pub tables: Vec<(Sent, Vec<Cell>)>,
    /// Figures of other offices that the text does not have.
    pub unquoted: Vec<Quote>,
}

/// Looks at a report that the reader may read.
pub async fn findings(ctx: &Ctx, conn: &mut Conn, report: &Report) -> Result<Findings> {
    let (unit, period) = (&report.unit, report.days());
    let last_month = Month::of(period.to);
    let first: Day = last_month.first();
    let from = event::at(first, NaiveTime::MIN).unwrap_or(ctx.now);
    let counts = store::counts(conn, unit, period, from, first).await?;
    let by_day = store::entered_by_day(conn, unit, period).await?;
    let catalogue = catalogue::store::everything_for(conn, unit).await?;
    let all = Filter::all();
    let now = figure::store::total_by_measure(conn, unit, period, &all).await?;
    let former_period = year_before(period);
    let former = figure::store::total_by_measure(conn, unit, former_period, &all).await?;
    let measures: Vec<&Measure> = catalogue.measures.iter().filter(|measure| !measure.is_stock).collect();
    let sum = |of: &BTreeMap<i64, Total>, measure: &Measure| of.get(&measure.id).copied().unwrap_or_default();
    let sums: Vec<(Measure, Total)> = measures.iter().map(|&one| (one.clone(), sum(&now, one))).collect();
    let figures: Vec<(Measure, i64, i64)> =
        measures.iter().map(|&one| (one.clone(), sum(&former, one).total(), sum(&now, one).total())).collect();
    let units = unit::store::at_and_below(conn, unit).await?;
    let alike = alike_villages(conn, unit, period, &units, &catalogue.measures).await?;
    let changes = paper::action::changes(ctx, conn, report).await?;
    let later = later(ctx, conn, report).await?;
    let tables = disagreeing(ctx, conn, unit, report.span.period(), MOST_TABLES).await?;
    let used = paper::action::used(report);
    let unquoted = report.quotes.iter().filter(|quote| !used.contains(&Token::Quote(quote.number))).cloned().collect();
    Ok(Findings {
        counts,
        last_month,
        bursts: bursts(&by_day),
        estimated: estimated(&sums),
        alike,
        jumps: former.get(&0).is_some_and(|total| total.activities > 0).then(|| jumps(&figures)),
        year_before: former_period,
        changes,
        later,
        tables,
        unquoted,
    })
}

/// The figures that somebody typed into the text, and that the log does not carry, or nobody can tell: what stands in braces
/// is bound to the log and not looked at. Held against the year of the report.
pub async fn typed(ctx: &Ctx, report: &Report) -> Result<Vec<Figure>> {
    let year = report.span.year().to_string();
    let mut found = Vec::new();
    for body in report.sections.values() {
        let (mut text, mut length, mut typed) = (String::new(), 0, Vec::new());
        for (number, line) in body.lines().enumerate() {
            let pieces = report.snapshot.say(line, &report.quotes, report.style);
            let end = if number > 0 { "\n" } else { "" };
            for piece in
                std::iter::once((end, false)).chain(pieces.iter().map(|one| (one.text.as_str(), one.token.is_none())))
            {
                let from = length;
                text.push_str(piece.0);
                length += piece.0.chars().count();
                typed.extend(piece.1.then_some((from, length)));
            }
        }
        if text.trim().is_empty() || length > claim::LONGEST {
            continue;
        }
        let checked = claim::check(ctx, &report.unit.code, &year, &text).await?;
        let is_typed =
            |figure: &Figure| typed.iter().any(|(from, to)| *from <= figure.claim.start && figure.claim.end <= *to);
        found.extend(checked.figures.into_iter().filter(is_typed));
    }
    // A plan is no figure of what was done.
    found.retain(|figure| figure.verdict != Verdict::Supported && figure.why != Some(Why::Plan));
    Ok(found)
}

/// How many activities of the report's period lie after the days that its figures are of.
async fn later(ctx: &Ctx, conn: &mut Conn, report: &Report) -> Result<i64> {
    let read = report.days().to;
    let whole = paper::gather::days(ctx, conn, &report.unit, report.span).await?;
    let Some(rest) = read.succ_opt().and_then(|day| Period::new(day, whole.to)) else { return Ok(0) };
    let found = figure::store::total_by_measure(conn, &report.unit, rest, &Filter::of_measure(0)).await?;
    Ok(found.get(&0).map_or(0, |total| total.activities))
}

/// The months in which many villages have the same figure of a measure.
async fn alike_villages(
    conn: &mut Conn,
    root: &Unit,
    period: Period,
    units: &[Unit],
    measures: &[Measure],
) -> Result<Vec<(Alike<i64>, Measure, Vec<String>)>> {
    let own = figure::store::own_by_unit_month(conn, root, period, &Filter::all()).await?;
    let mut villages: Vec<&Unit> =
        units.iter().filter(|one| matches!(one.kind, UnitKind::Village | UnitKind::Community)).collect();
    villages.sort_by(|one, other| one.code.cmp(&other.code));
    let place = |id: i64| villages.iter().position(|village| village.id == id);
    let mut cells: Vec<(usize, i64, Month, i64, Total)> = own
        .into_iter()
        .filter(|((_, _, measure), _)| *measure != 0)
        .filter_map(|((unit, month, measure), total)| Some((place(unit)?, unit, month, measure, total)))
        .collect();
    cells.sort_by_key(|cell| cell.0);
    let found = alike(cells.into_iter().map(|(_, unit, month, measure, total)| (unit, month, measure, total)));
    Ok(found
        .into_iter()
        .filter_map(|one| {
            let measure = measures.iter().find(|measure| measure.id == one.measure)?.clone();
            let names = one.units.iter().filter_map(|id| Some(villages[place(*id)?].short_name.clone())).collect();
            Some((one, measure, names))
        })
        .collect())
}

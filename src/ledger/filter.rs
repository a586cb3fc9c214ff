//! What is asked of the ledger, read from the address: the page and the export understand it alike.

use crate::{
    activity::store::Filter,
    campaign, catalogue,
    domain::{
        activity::Status,
        catalogue::Catalogue,
        period::{Day, Period},
        unit::Unit,
    },
    error::{Error, Result},
    server::{context::Ctx, db::Conn},
    unit,
};

/// The value of `theme` and `campaign` that asks for entries without any.
pub const NONE: &str = "none";

/// More words than these are not looked for.
const MOST_WORDS: usize = 8;

/// A question to the ledger.
#[derive(Clone, Debug)]
pub struct Asked {
    pub unit: Unit,
    pub filter: Filter,
    /// Every entry of the catalogue, also of units below and retired ones: old entries bear them.
    pub catalogue: Catalogue,
}

impl Asked {
    /// Whether anything but the unit narrows the list.
    pub fn is_narrowed(&self) -> bool {
        let filter = &self.filter;
        filter.own
            || filter.late
            || filter.period.is_some()
            || filter.status.is_some()
            || !filter.text.is_empty()
            || [filter.measure_id, filter.theme_id, filter.campaign_id, filter.type_id].iter().any(Option::is_some)
    }
}

/// Reads the question from the address. Empty fields ask for nothing; without a unit it is the reader's own.
///
/// # Errors
/// [`Error::NotFound`] when the unit lies outside the reader's scope, [`Error::Invalid`] by field for what cannot be
/// read or does not exist.
pub async fn read(ctx: &Ctx, conn: &mut Conn) -> Result<Asked> {
    let scope = ctx.scope()?;
    let query = &ctx.query;
    let unit = match query.filled("unit") {
        Some(code) => unit::store::by_code(conn, &scope, code).await?,
        None => {
            let home = ctx.actor()?.home_unit_id().ok_or(Error::NotFound)?;
            unit::store::by_id(conn, &scope, home).await?
        }
    };
    let catalogue = catalogue::store::everything(conn).await?;
    let unknown = |field: &str, key: &str| Error::invalid(field, ctx.locale.activity_unknown(key));
    let mut filter = Filter {
        period: period(ctx)?,
        own: query.get("own") == "1",
        late: query.get("late") == "1",
        // Each word is looked for in every entry.
        text: query.get("q").split_whitespace().take(MOST_WORDS).collect::<Vec<_>>().join(" "),
        ..Filter::default()
    };
    // What belongs to an office outside the scope is as unknown as what is not there.
    let mut owners = Vec::new();
    if let Some(key) = query.filled("measure") {
        let found = catalogue.measure(key).ok_or_else(|| unknown("measure", key))?;
        filter.measure_id = Some(found.id);
        owners.extend(found.unit_id.map(|id| ("measure", key, id)));
    }
    filter.theme_id = match query.filled("theme") {
        None => None,
        Some(NONE) => Some(0),
        Some(key) => {
            let found = catalogue.theme(key).ok_or_else(|| unknown("theme", key))?;
            owners.extend(found.unit_id.map(|id| ("theme", key, id)));
            Some(found.id)
        }
    };
    if let Some(key) = query.filled("type") {
        let found = catalogue.activity_type(key).ok_or_else(|| unknown("type", key))?;
        filter.type_id = Some(found.id);
        owners.extend(found.unit_id.map(|id| ("type", key, id)));
    }
    for (field, key, id) in owners {
        if !unit.ancestry().contains(&id) && unit::store::by_id(conn, &scope, id).await.is_err() {
            return Err(unknown(field, key));
        }
    }
    filter.campaign_id = match query.filled("campaign") {
        None => None,
        Some(NONE) => Some(0),
        Some(key) => match campaign::store::by_key(conn, &scope, key).await {
            Ok(campaign) => Some(campaign.id),
            Err(Error::NotFound) => return Err(unknown("campaign", key)),
            Err(other) => return Err(other),
        },
    };
    filter.status = match query.filled("status") {
        None => None,
        Some(key) => Some(Status::from_key(key).ok_or_else(|| unknown("status", key))?),
    };
    Ok(Asked { unit, filter, catalogue })
}

/// The period: `from` and `to`, each of which may be open; without both the year; without it everything.
fn period(ctx: &Ctx) -> Result<Option<Period>> {
    let day = |field: &str| -> Result<Option<Day>> {
        let Some(text) = ctx.query.filled(field) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| Error::invalid(field, ctx.locale.ledger_day_wrong(text)))
    };
    let (from, to) = (day("from")?, day("to")?);
    if from.is_some() || to.is_some() {
        let period = Period::new(from.unwrap_or(Period::year(1900).from), to.unwrap_or(Period::year(9999).to));
        return period.map(Some).ok_or_else(|| Error::invalid("to", ctx.locale.activity_date_to_before()));
    }
    let Some(text) = ctx.query.filled("year") else { return Ok(None) };
    match text.parse() {
        Ok(year @ 1900..=9999) => Ok(Some(Period::year(year))),
        _ => Err(Error::invalid("year", ctx.locale.ledger_year_wrong(text))),
    }
}

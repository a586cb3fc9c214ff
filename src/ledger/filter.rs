//! What is asked of the ledger, read from the address: the page and the exports understand it alike.

use crate::{
    activity::{
        filter_store::Word,
        list_store::{By, GroupBy, Order},
        store::Filter,
    },
    campaign, catalogue,
    domain::{
        activity::Status,
        catalogue::Catalogue,
        measure::Precision,
        period::{Day, Period},
        unit::{Unit, UnitKind},
    },
    error::{Error, Result},
    server::{context::Ctx, db::Conn},
    unit,
};

/// The value of `theme`, `campaign` and `handler` that asks for entries without any.
pub const NONE: &str = "none";

/// More words than these are not looked for, nor more themes or types.
const MOST_WORDS: usize = 8;
const MOST_CHOSEN: usize = 50;

/// A question to the ledger.
#[derive(Clone, Debug)]
pub struct Asked {
    pub unit: Unit,
    pub filter: Filter,
    pub order: Order,
    pub group: Option<GroupBy>,
    /// Every entry of the catalogue, also of units below and retired ones: old entries bear them.
    pub catalogue: Catalogue,
}

impl Asked {
    /// Whether anything but the unit narrows the list.
    pub fn is_narrowed(&self) -> bool {
        let filter = &self.filter;
        filter.own
            || filter.period.is_some()
            || filter.campaign_id.is_some()
            || !filter.theme_ids.is_empty()
            || !filter.is_plain()
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
    let catalogue = catalogue::store::everything_for(conn, &unit).await?;
    let unknown = |field: &str, key: &str| Error::invalid(field, ctx.locale.activity_unknown(key));
    // Each word is looked for in every entry.
    let words = query.get("q").split_whitespace().take(MOST_WORDS).map(|word| Word::new(word, &catalogue)).collect();
    let mut filter = Filter {
        period: period(ctx)?,
        own: query.get("own") == "1",
        shared: query.get("shared") == "1",
        words,
        place: query.get("place").to_owned(),
        handler: query.filled("handler").map(|name| if name == NONE { String::new() } else { name.to_owned() }),
        entered_by_name: query.get("by").to_owned(),
        ..Filter::default()
    };
    let either = |field: &str| match query.filled(field) {
        None => Ok(None),
        Some("1") => Ok(Some(true)),
        Some("0") => Ok(Some(false)),
        Some(other) => Err(unknown(field, other)),
    };
    filter.late = either("late")?;
    filter.evidence = either("evidence")?;
    filter.interactive = either("interactive")?;
    // What belongs to an office outside the scope is as unknown as what is not there.
    let mut owners = Vec::new();
    let mut order = Order::default();
    // One measure, or any of several: what a column of a table adds up.
    let measures: Vec<(&str, &str)> =
        query.all("measure").into_iter().take(MOST_CHOSEN).map(|key| ("measure", key)).collect();
    let is_one = measures.len() < 2;
    let sorted = query.filled("sort").map(|text| text.strip_prefix('-').map_or((text, false), |rest| (rest, true)));
    let by_measure = sorted.and_then(|(by, _)| Some(("sort", by.strip_prefix("measure.")?)));
    for (field, key) in measures.into_iter().chain(by_measure) {
        let found = catalogue.measure(key).ok_or_else(|| unknown(field, key))?;
        owners.extend(found.unit_id.map(|id| (field, key, id)));
        match field {
            "measure" if is_one => filter.measure_id = Some(found.id),
            "measure" => filter.any_measure_ids.push(found.id),
            _ => order.by = By::Measure(found.id),
        }
    }
    if let Some((by, descending)) = sorted {
        order.descending = descending;
        order.by = match by {
            "day" => By::Day,
            "unit" => By::Unit,
            "type" => By::Type,
            "entered" => By::Entered,
            _ if by_measure.is_some() => order.by,
            other => return Err(unknown("sort", other)),
        };
    }
    for key in query.all("theme").into_iter().take(MOST_CHOSEN) {
        if key == NONE {
            filter.theme_ids.push(0);
            continue;
        }
        let found = catalogue.theme(key).ok_or_else(|| unknown("theme", key))?;
        owners.extend(found.unit_id.map(|id| ("theme", key, id)));
        filter.theme_ids.push(found.id);
    }
    for key in query.all("type").into_iter().take(MOST_CHOSEN) {
        let found = catalogue.activity_type(key).ok_or_else(|| unknown("type", key))?;
        owners.extend(found.unit_id.map(|id| ("type", key, id)));
        filter.type_ids.push(found.id);
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
    filter.unit_kind = match query.filled("kind") {
        None => None,
        Some(key) => Some(UnitKind::from_key(key).ok_or_else(|| unknown("kind", key))?),
    };
    filter.precision = match query.filled("precision") {
        None => None,
        Some(key) => Some(Precision::from_key(key).ok_or_else(|| unknown("precision", key))?),
    };
    let group = match query.filled("group") {
        None => None,
        Some(key) => Some(group_by(key).ok_or_else(|| unknown("group", key))?),
    };
    Ok(Asked { unit, filter, order, group, catalogue })
}

/// The ways to group, by their names in the address.
pub const GROUPS: [(&str, GroupBy); 6] = [
    ("month", GroupBy::Month),
    ("unit", GroupBy::Unit),
    ("type", GroupBy::Type),
    ("theme", GroupBy::Theme),
    ("campaign", GroupBy::Campaign),
    ("handler", GroupBy::Handler),
];

fn group_by(key: &str) -> Option<GroupBy> {
    GROUPS.iter().find(|(own, _)| *own == key).map(|(_, by)| *by)
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

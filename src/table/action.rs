//! What a table is asked for, and who may see it.

use super::{
    reckon::{self, Table},
    store::{self, Form},
};
use crate::{
    catalogue,
    domain::{
        catalogue::Catalogue,
        table::{Column, Cutoff, Rows, Span, Time, built_in},
        unit::Unit,
    },
    error::{Error, Result},
    server::{context::Ctx, db::Conn},
    unit,
};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, ops::RangeInclusive};

/// The years that a table may be asked for.
pub const YEARS: RangeInclusive<i32> = 1950..=2199;

/// A table as it is asked for; kept with what was sent, so that it can be asked again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub time: Time,
    pub rows: Rows,
    /// Where the months ended.
    pub cutoff: Cutoff,
    /// The form's name; empty for the built-in one.
    pub form: String,
    pub columns: Vec<Column>,
}

/// A question with everything around it.
pub struct Asked {
    pub unit: Unit,
    /// The units that the reader may choose.
    pub units: Vec<Unit>,
    /// The forms that hold for the unit.
    pub forms: Vec<Form>,
    /// The form that was chosen; none for the built-in one.
    pub form_id: Option<i64>,
    pub catalogue: Catalogue,
    pub question: Question,
    /// Which unit chose where the months end.
    pub cutoff_by: Option<i64>,
}

/// The unit with this code that the one who asks may read, or their own without a code; and all they may choose.
pub async fn unit(ctx: &Ctx, conn: &mut Conn, code: Option<&str>) -> Result<(Unit, Vec<Unit>)> {
    let actor = ctx.actor()?;
    let units = unit::store::all(conn, &actor.scope()).await?;
    let unit = match code {
        Some(code) => units.iter().find(|unit| unit.code == code),
        None => units.iter().find(|unit| Some(unit.id) == actor.home_unit_id()).or(units.first()),
    };
    Ok((unit.cloned().ok_or(Error::NotFound)?, units))
}

/// What the unit counts, and what those below it count besides.
pub async fn catalogue(conn: &mut Conn, unit: &Unit) -> Result<Catalogue> {
    let mut catalogue = catalogue::store::everything_for(conn, unit).await?;
    let mut owners: BTreeSet<i64> = unit.ancestry().into_iter().collect();
    owners.extend(unit::store::at_and_below(conn, unit).await?.into_iter().map(|unit| unit.id));
    catalogue.measures.retain(|one| one.unit_id.is_none_or(|owner| owners.contains(&owner)));
    catalogue.themes.retain(|one| one.unit_id.is_none_or(|owner| owners.contains(&owner)));
    Ok(catalogue)
}

/// Reads the address: unit, year, part (06, Q2, empty for the year), rows, form.
///
/// # Errors
/// [`Error::NotFound`] for what cannot be read or chosen.
pub async fn asked(ctx: &Ctx, conn: &mut Conn) -> Result<Asked> {
    let query = &ctx.query;
    let (unit, units) = unit(ctx, conn, query.filled("unit")).await?;
    let (cutoff, cutoff_by) = store::cutoff(conn, &unit).await?;
    let this_month = || Time { span: Span::Month, year: ctx.today.year(), part: ctx.today.month() };
    let time = match (query.filled("year"), query.filled("part")) {
        (None, None) => Some(this_month()),
        (year, part) => {
            let year = year.map_or_else(|| ctx.today.year().to_string(), str::to_owned);
            Time::parse(&part.map_or(year.clone(), |part| format!("{year}-{part}")))
        }
    };
    let time = time.filter(|time| YEARS.contains(&time.year)).ok_or(Error::NotFound)?;
    let rows = match query.filled("rows") {
        None => Rows::Unit,
        Some(rows) => Rows::from_key(rows).ok_or(Error::NotFound)?,
    };
    let forms = store::forms(conn, &unit).await?;
    let catalogue = catalogue(conn, &unit).await?;
    let chosen = match query.filled("form") {
        None => None,
        Some(id) => {
            let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
            Some(forms.iter().find(|form| form.id == id).ok_or(Error::NotFound)?)
        }
    };
    let (form, columns) = match chosen {
        Some(form) => (form.name.clone(), form.columns.clone()),
        None => (String::new(), built_in(ctx.locale, catalogue.active_measures())),
    };
    let form_id = chosen.map(|form| form.id);
    let question = Question { time, rows, cutoff, form, columns };
    Ok(Asked { unit, units, forms, form_id, catalogue, question, cutoff_by })
}

/// The table that was asked for.
pub async fn table(ctx: &Ctx, conn: &mut Conn, asked: &Asked) -> Result<Table> {
    reckon::table(conn, ctx.locale, &asked.unit, &asked.catalogue, &asked.question).await
}

/// A table's title: 青山镇2021年6月统计表（表样：…）.
pub fn title(ctx: &Ctx, unit: &Unit, question: &Question) -> String {
    let locale = ctx.locale;
    let time = time_name(locale, question.time);
    match question.form.as_str() {
        "" => locale.table_title(time, &unit.short_name),
        form => locale.table_title_form(form, time, &unit.short_name),
    }
}

/// 2021年6月, 2021年第二季度, 2021年.
pub fn time_name(locale: crate::locale::Locale, time: Time) -> String {
    match time.span {
        Span::Month => locale.table_month(time.part, time.year),
        Span::Quarter => locale.table_quarter(time.part, time.year),
        Span::Year => locale.table_year(time.year),
    }
}

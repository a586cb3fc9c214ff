//! Forms and where months end: an officer or administrator chooses for a unit and all below it.

use super::{
    action,
    store::{self, Form},
};
use crate::{
    domain::{
        access::Scope,
        catalogue::Catalogue,
        problem::Problems,
        table::{
            Column,
            formula::{self, Fault},
        },
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    server::{audit, context::Ctx, db::Conn, form::FormData},
    unit,
};
use serde_json::json;

/// The most columns of a form.
pub const MOST_COLUMNS: usize = 40;
/// The longest name of a form or column, in characters.
const LONGEST: usize = 40;

/// What is wrong with a formula, in words.
pub fn fault(locale: Locale, fault: &Fault) -> String {
    match fault {
        Fault::Empty => locale.table_fault_empty().into(),
        Fault::TooLong => locale.table_fault_long().into(),
        Fault::Unknown(name) => locale.table_fault_unknown(name),
        Fault::Stock(name) => locale.table_fault_stock(name),
        Fault::Unexpected(place, letter) => locale.table_fault_unexpected(letter, place),
        Fault::Unfinished => locale.table_fault_unfinished().into(),
    }
}

/// The columns as they were typed; rows that are empty throughout are left out.
fn columns(locale: Locale, form: &FormData, catalogue: &Catalogue, problems: &mut Problems) -> Vec<Column> {
    let mut columns = Vec::new();
    for index in 0..MOST_COLUMNS {
        let typed = |part: &str| form.get(&format!("c.{index}.{part}")).to_owned();
        let column = Column { name: typed("name"), unit_word: typed("word"), formula: typed("formula") };
        if column.name.is_empty() && column.formula.is_empty() {
            continue;
        }
        let field = |part: &str| format!("c.{index}.{part}");
        if column.name.is_empty() {
            problems.add(field("name"), locale.table_column_unnamed());
        }
        if column.name.chars().count() > LONGEST || column.unit_word.chars().count() > 10 {
            problems.add(field("name"), locale.table_name_long(LONGEST));
        }
        if columns.iter().any(|other: &Column| other.name == column.name) {
            problems.add(field("name"), locale.table_column_twice(&column.name));
        }
        if let Err(wrong) = formula::read(&column.formula, &catalogue.measures) {
            problems.add(field("formula"), fault(locale, &wrong));
        }
        columns.push(column);
    }
    if columns.is_empty() && problems.is_empty() {
        problems.add("c.0.name", locale.table_no_columns());
    }
    columns
}

/// Adds a form to a unit, or changes one (`id`).
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] with every problem by the column's field.
pub async fn save(ctx: &Ctx, code: Option<&str>, form: &FormData) -> Result<()> {
    let locale = ctx.locale;
    let mut conn = ctx.db.write().await?;
    let former = match form.filled("id") {
        None => None,
        Some(id) => Some(own(ctx, &mut conn, code, id).await?),
    };
    let unit = match &former {
        Some((_, unit)) => unit.clone(),
        None => managed(ctx, &mut conn, code).await?,
    };
    let mut problems = Problems::default();
    let catalogue = action::catalogue(&mut conn, &unit).await?;
    let name = form.get("name");
    if name.is_empty() {
        problems.add("name", locale.table_form_unnamed());
    } else if name.chars().count() > LONGEST {
        problems.add("name", locale.table_name_long(LONGEST));
    }
    let forms = store::forms(&mut conn, &unit).await?;
    let mut others = forms.iter().filter(|own| former.as_ref().is_none_or(|(former, _)| former.id != own.id));
    if let Some(twin) = others.find(|own| own.name == name && !name.is_empty()) {
        problems.add("name", locale.table_form_twice(name, &twin.unit_name));
    }
    let columns = columns(locale, form, &catalogue, &mut problems);
    problems.into_result(())?;
    let by = ctx.actor()?.account_id;
    let detail = json!({ "name": name, "columns": columns });
    match former {
        None => {
            let id = store::add_form(&mut conn, unit.id, (name, &columns), by, ctx.now).await?;
            audit::done(ctx, &mut conn, "table.form_add", unit.id, id, detail).await?;
        }
        Some((former, _)) => {
            store::update_form(&mut conn, former.id, (name, &columns), by, ctx.now).await?;
            let detail = json!({ "before": { "name": former.name, "columns": former.columns }, "after": detail });
            audit::done(ctx, &mut conn, "table.form_change", unit.id, former.id, detail).await?;
        }
    }
    conn.commit().await
}

/// Retires a form, or takes it up again.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn retire(ctx: &Ctx, code: Option<&str>, id: &str, retired: bool) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let (form, unit) = own(ctx, &mut conn, code, id).await?;
    store::retire_form(&mut conn, form.id, retired.then_some(ctx.now)).await?;
    let action = if retired { "table.form_retire" } else { "table.form_return" };
    audit::done(ctx, &mut conn, action, unit.id, form.id, json!({ "name": form.name })).await?;
    conn.commit().await
}

/// Chooses where the months of a unit and all below it end; 0 for the calendar's months.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`] where it is no such day.
pub async fn set_cutoff(ctx: &Ctx, code: Option<&str>, day: &str) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let unit = managed(ctx, &mut conn, code).await?;
    let wrong = || Error::invalid("cutoff", ctx.locale.table_cutoff_wrong());
    let day: u32 = day.parse().map_err(|_| wrong())?;
    let day = match day {
        0 => None,
        1..=28 => Some(day),
        _ => return Err(wrong()),
    };
    let (former, _) = store::cutoff(&mut conn, &unit).await?;
    store::set_cutoff(&mut conn, unit.id, day, ctx.actor()?.account_id, ctx.now).await?;
    let detail = json!({ "before": former, "after": day });
    audit::done(ctx, &mut conn, "table.month_end", unit.id, &unit.code, detail).await?;
    conn.commit().await
}

/// The unit with this code, to be managed by the one who asks.
pub async fn managed(ctx: &Ctx, conn: &mut Conn, code: Option<&str>) -> Result<Unit> {
    let (unit, _) = action::unit(ctx, conn, code).await?;
    if ctx.actor()?.may_manage(&unit) { Ok(unit) } else { Err(Error::Forbidden) }
}

/// A form that a unit sees, with the unit that it belongs to, to be changed by the one who asks.
async fn own(ctx: &Ctx, conn: &mut Conn, code: Option<&str>, id: &str) -> Result<(Form, Unit)> {
    let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
    let (seen, _) = action::unit(ctx, conn, code).await?;
    let form = store::forms(conn, &seen).await?.into_iter().find(|form| form.id == id).ok_or(Error::NotFound)?;
    let unit = unit::store::by_id(conn, &Scope::everything(), form.unit_id).await?;
    if ctx.actor()?.may_manage(&unit) { Ok((form, unit)) } else { Err(Error::Forbidden) }
}

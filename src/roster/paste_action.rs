//! Many entries at once: looked at row by row as they would be stored, then stored, the good ones in one transaction.

use super::{action, paste, words};
use crate::{
    domain::{
        problem::Problems,
        roster::{Draft, Kind},
        unit::Unit,
    },
    error::{Error, Result},
    import::{
        self,
        units::{Meant, Units},
    },
    server::{audit, context::Ctx},
    unit,
};
use serde_json::json;

/// The most rows at a time.
pub const MOST: usize = 3_000;

/// A row, and what is wrong with it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub number: u32,
    pub draft: Draft,
    /// The unit it means.
    pub unit: Option<String>,
    /// Cell, and what is wrong there.
    pub problems: Vec<(String, String)>,
}

/// Looks at pasted rows for a unit and all below it; with `store` what is good is stored, else nothing is.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] of the field `rows` where no row can be read.
pub async fn rows(ctx: &Ctx, kind: Kind, code: &str, text: &str, store: bool) -> Result<Vec<Seen>> {
    let locale = ctx.locale;
    let mut conn = ctx.db.read().await?;
    let root = unit::store::by_code(&mut conn, &ctx.scope()?, code).await?;
    if !ctx.actor()?.may_manage(&root) {
        return Err(Error::Forbidden);
    }
    let units = units(&mut conn, &root).await?;
    drop(conn);
    let book = import::read_file("", text.as_bytes());
    let book = book.map_err(|refusal| Error::invalid("rows", refusal.message(locale)))?;
    let lines = paste::read(kind, &book);
    if lines.is_empty() {
        return Err(Error::invalid("rows", locale.roster_rows_none()));
    }
    if lines.len() > MOST {
        return Err(Error::invalid("rows", locale.roster_rows_many(MOST)));
    }
    let mut conn = ctx.db.write().await?;
    conn.lock_keys().await?;
    let (mut seen, mut stored) = (Vec::new(), 0);
    for line in lines {
        let mut draft = line.draft.clone();
        let mut problems = Problems::default();
        let meant = match (draft.unit.trim(), kind.suits(root.kind)) {
            ("", true) => Some(&root),
            (text, _) => match units.meant(text) {
                Meant::One(unit) => Some(unit),
                _ => None,
            },
        };
        match meant {
            Some(unit) => draft.unit = unit.code.clone(),
            None => problems.add("unit", locale.roster_unit_unknown(draft.unit.trim())),
        }
        if meant.is_some() {
            let added = action::put(ctx, &mut conn, kind, &draft, &mut problems).await?;
            stored += usize::from(added.is_some());
        } else {
            draft.check(kind, locale, &mut problems);
        }
        let name = |field: &str| words::label(locale, kind, static_field(kind, field));
        let problems = problems
            .into_inner()
            .into_iter()
            .map(|one| (line.place(&one.field), format!("{}：{}", name(&one.field), one.message)))
            .collect();
        let unit = meant.map(|unit| unit.short_name.clone());
        seen.push(Seen { number: line.number, draft: line.draft, unit, problems });
    }
    if store && stored > 0 {
        let entry = audit::Entry {
            actor: Some(ctx.actor()?),
            unit_id: Some(root.id),
            action: "roster.import",
            subject: root.code.clone(),
            detail: json!({ "roster": kind, "entries": stored, "refused": seen.len() - stored }),
        };
        audit::record(&mut conn, ctx.now, entry).await?;
        conn.commit().await?;
    }
    // What was only looked at is undone with the transaction.
    Ok(seen)
}

fn static_field(kind: Kind, field: &str) -> &'static str {
    words::fields(kind).into_iter().find(|own| *own == field).unwrap_or("unit")
}

/// The units at and below one, to be found by the names that people write.
async fn units(conn: &mut crate::server::db::Conn, root: &Unit) -> Result<Units> {
    let below = unit::store::at_and_below(conn, root).await?;
    let mut above = Vec::new();
    for id in root.ancestry().into_iter().filter(|id| *id != root.id) {
        above.push(unit::store::by_id(conn, &crate::domain::access::Scope::everything(), id).await?);
    }
    Ok(Units::new(below, &above))
}

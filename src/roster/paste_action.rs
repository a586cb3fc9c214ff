//! Many entries at once: looked at row by row as they would be stored, which only reads; then the good ones are stored in
//! one transaction.

use super::{
    action,
    beside::{self, Replaced},
    paste::{self, Line},
    store::{self, Known},
    words, write_store,
};
use crate::{
    domain::{
        problem::Problems,
        roster::{Checked, Draft, Kind, Term},
        unit::Unit,
    },
    error::{Error, Result},
    import::{
        self,
        units::{Meant, Units},
    },
    locale::Locale,
    server::{audit, context::Ctx, db::Conn},
    unit,
};
use serde_json::json;
use std::collections::BTreeMap;

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

/// What rows would come to.
#[derive(Clone, Debug)]
pub struct Looked {
    pub seen: Vec<Seen>,
    /// The figures that were typed and would give way to the rosters.
    pub replaced: Vec<Replaced>,
    root: Unit,
    good: Vec<(Unit, Checked)>,
}

impl Looked {
    pub fn good(&self) -> usize {
        self.good.len()
    }
}

/// The rows of a text.
///
/// # Errors
/// [`Error::Invalid`] of the field `rows` where none can be read, or there are too many.
pub fn lines(locale: Locale, kind: Kind, text: &str) -> Result<Vec<Line>> {
    let book = import::read_file("", text.as_bytes());
    let book = book.map_err(|refusal| Error::invalid("rows", refusal.message(locale)))?;
    let lines = paste::read(kind, &book);
    match lines.len() {
        0 => Err(Error::invalid("rows", locale.roster_rows_none())),
        count if count > MOST => Err(Error::invalid("rows", locale.roster_rows_many(MOST))),
        _ => Ok(lines),
    }
}

/// Looks at rows for a unit and all below it; nothing is written.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; as [`lines`].
pub async fn preview(ctx: &Ctx, kind: Kind, code: &str, text: &str) -> Result<Looked> {
    let lines = lines(ctx.locale, kind, text)?;
    let mut conn = ctx.db.read().await?;
    look(ctx, &mut conn, kind, code, lines).await
}

/// Stores the rows that are good. `sure` where they may take the place of figures that were typed.
///
/// # Errors
/// As [`preview`]; [`Error::Invalid`] of the field `replace` where somebody has to be sure first.
pub async fn store(ctx: &Ctx, kind: Kind, code: &str, text: &str, sure: bool) -> Result<Looked> {
    let lines = lines(ctx.locale, kind, text)?;
    let mut conn = ctx.db.write().await?;
    conn.lock_keys().await?;
    let looked = look(ctx, &mut conn, kind, code, lines).await?;
    if looked.good.is_empty() {
        return Ok(looked);
    }
    if !sure && !looked.replaced.is_empty() {
        return Err(Error::invalid("replace", ctx.locale.roster_replace_first(looked.replaced.len())));
    }
    let mut added = Vec::new();
    for (unit, entry) in &looked.good {
        let id = write_store::add(&mut conn, kind, unit.id, entry, ctx.actor()?.account_id, ctx.now).await?;
        added.push((unit.id, id, action::told(kind, entry)));
    }
    for (unit, id, detail) in added {
        audit::done(ctx, &mut conn, "roster.add", unit, id, detail).await?;
    }
    let replaced: Vec<_> = looked.replaced.iter().map(Replaced::told).collect();
    let detail = json!({ "roster": kind, "entries": looked.good.len(),
        "refused": looked.seen.len() - looked.good.len(), "replaced": replaced });
    audit::done(ctx, &mut conn, "roster.import", looked.root.id, &looked.root.code, detail).await?;
    conn.commit().await?;
    Ok(looked)
}

/// What is read for all rows at once; then each is held against what stands there and what the rows above it add.
async fn look(ctx: &Ctx, conn: &mut Conn, kind: Kind, code: &str, lines: Vec<Line>) -> Result<Looked> {
    let locale = ctx.locale;
    let root = unit::store::by_code(conn, &ctx.scope()?, code).await?;
    if !ctx.actor()?.may_manage(&root) {
        return Err(Error::Forbidden);
    }
    let units = units(conn, &root).await?;
    let known = store::known(conn, &action::tree_of(&root), kind, None).await?;
    let mut by_name: BTreeMap<String, Vec<Known>> = BTreeMap::new();
    for one in &known {
        by_name.entry(one.name.clone()).or_default().push(one.clone());
    }
    let (mut seen, mut good) = (Vec::new(), Vec::new());
    for line in lines {
        let mut problems = Problems::default();
        let meant = match (line.draft.unit.trim(), kind.suits(root.kind)) {
            ("", true) => Some(&root),
            (text, _) => match units.meant(text) {
                Meant::One(unit) => Some(unit),
                _ => None,
            },
        };
        match meant {
            Some(unit) if !kind.suits(unit.kind) => {
                problems.add("unit", words::unit_wrong(locale, kind, &unit.short_name));
            }
            Some(_) => {}
            None => problems.add("unit", locale.roster_unit_unknown(line.draft.unit.trim())),
        }
        let checked = line.draft.check(kind, locale, &mut problems);
        if let (Some(unit), Some(checked)) = (meant, checked) {
            let beside = by_name.entry(checked.name.clone()).or_default();
            action::look(ctx, kind, unit, &checked, beside, &mut problems)?;
            if problems.is_empty() {
                beside.push(as_known(unit, &checked, line.number));
                good.push((unit.clone(), checked));
            }
        }
        let name = |field: &str| words::label(locale, kind, static_field(kind, field));
        let problems = problems
            .into_inner()
            .into_iter()
            .map(|one| (line.place(&one.field), locale.roster_cell_says(name(&one.field), &one.message)))
            .collect();
        let unit = meant.map(|unit| unit.short_name.clone());
        seen.push(Seen { number: line.number, draft: line.draft, unit, problems });
    }
    let added: Vec<(&Unit, Term)> = good.iter().map(|(unit, entry)| (unit, entry.term())).collect();
    let replaced = beside::replaced(conn, &root, kind, &known, &added, None, ctx.today).await?;
    Ok(Looked { seen, replaced, root, good })
}

/// A row as those below it find it.
fn as_known(unit: &Unit, entry: &Checked, row: u32) -> Known {
    Known {
        // No stored entry has this number.
        id: 0,
        unit_id: unit.id,
        unit_path: unit.path.clone(),
        unit_name: unit.short_name.clone(),
        name: entry.name.clone(),
        body: entry.body.clone(),
        certificate: entry.certificate.clone(),
        from_day: entry.from,
        to_day: entry.to,
        left_day: entry.left,
        row: Some(row),
    }
}

fn static_field(kind: Kind, field: &str) -> &'static str {
    words::fields(kind).into_iter().find(|own| *own == field).unwrap_or("unit")
}

/// The units at and below one, to be found by the names that people write.
async fn units(conn: &mut Conn, root: &Unit) -> Result<Units> {
    let below = unit::store::at_and_below(conn, root).await?;
    let mut above = Vec::new();
    for id in root.ancestry().into_iter().filter(|id| *id != root.id) {
        above.push(unit::store::by_id(conn, &crate::domain::access::Scope::everything(), id).await?);
    }
    Ok(Units::new(below, &above))
}

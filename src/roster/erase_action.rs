//! Names that are taken out for good, with the letters that bear them, and how long names are kept: each tree of units
//! says so for itself.

use super::{action::to_change, store, write_store};
use crate::{
    domain::{
        access::{Role, Scope},
        period::Day,
        roster::{MOST_RETENTION_YEARS, RETENTION_YEARS},
        unit::Unit,
    },
    error::{Error, Result},
    evidence,
    server::{audit, context::Ctx, db::Conn, setting},
    unit,
};
use chrono::Months;
use serde_json::json;

/// The key of the setting that says how many years after its end a name is kept.
const RETENTION: &str = "roster_retention_years";
/// Entries that the page of erasing lists.
pub const ERASABLE: i64 = 200;

/// What was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    pub names: usize,
    /// Documents whose bytes are gone.
    pub documents: usize,
    /// Documents that support something else too and stay.
    pub kept: usize,
}

/// Takes the names out of entries, for good, and the documents that showed nothing else; they count as before.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] where none was chosen.
pub async fn erase(ctx: &Ctx, ids: &[i64]) -> Result<Erased> {
    if ids.is_empty() {
        return Err(Error::invalid("entry", ctx.locale.roster_erase_none_chosen()));
    }
    let mut conn = ctx.db.write().await?;
    conn.lock_keys().await?;
    let (actor, mut erased) = (ctx.actor()?.account_id, Vec::new());
    for id in ids {
        let entry = store::one(&mut conn, &ctx.scope()?, *id).await?;
        let (entry, unit) = to_change(ctx, &mut conn, entry.kind, *id).await?;
        if !entry.kind.is_personal() {
            return Err(Error::NotFound);
        }
        if entry.erased_at.is_none() {
            write_store::erase(&mut conn, *id, actor, ctx.locale.roster_erased(), ctx.now).await?;
            erased.push((entry.id, entry.kind, unit.id));
        }
    }
    let mut done = Erased { names: erased.len(), ..Erased::default() };
    let mut told = Vec::new();
    // All links are gone by now: a letter that two of them shared goes with both.
    for (id, kind, unit) in erased {
        let (documents, kept) = evidence::erase_action::erase_of_roster(ctx, &mut conn, id).await?;
        done.documents += documents;
        done.kept += kept;
        told.push((id, unit, json!({ "roster": kind, "documents": documents, "kept": kept })));
    }
    for (id, unit, detail) in told {
        audit::done(ctx, &mut conn, "roster.erase", unit, id, detail).await?;
    }
    conn.commit().await?;
    Ok(done)
}

/// A tree of units, and how many years after its end a name is kept there.
#[derive(Clone, Debug)]
pub struct Retention {
    pub root: Unit,
    pub years: u32,
    /// The day before which an entry had to end so that its name is no longer kept.
    pub before: Day,
    /// Whether the reader sets it.
    pub may_set: bool,
}

/// The trees in which the reader keeps rosters, in the order of codes.
///
/// # Errors
/// The database does not answer.
pub async fn retentions(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<Retention>> {
    let mut roots: Vec<i64> = Vec::new();
    for path in ctx.actor()?.planning_scope().paths() {
        let root = path.split('/').nth(1).and_then(|id| id.parse().ok()).unwrap_or_default();
        if !roots.contains(&root) {
            roots.push(root);
        }
    }
    let everywhere = setting::get(conn, RETENTION).await?;
    let mut found = Vec::new();
    for id in roots {
        let root = unit::store::by_id(conn, &Scope::everything(), id).await?;
        // What was set for the whole installation holds where a tree has said nothing.
        let own = setting::get(conn, &key_of(&root)).await?.or_else(|| everywhere.clone());
        let years = own.and_then(|years| years.parse().ok()).unwrap_or(RETENTION_YEARS);
        let before = ctx.today.checked_sub_months(Months::new(12 * years)).unwrap_or(ctx.today);
        let may_set = may_set(ctx, &root);
        found.push(Retention { root, years, before, may_set });
    }
    found.sort_by(|a, b| a.root.code.cmp(&b.root.code));
    Ok(found)
}

fn key_of(root: &Unit) -> String {
    format!("{RETENTION}:{}", root.id)
}

/// It is the administrators of the whole tree who say how long its names are kept.
fn may_set(ctx: &Ctx, root: &Unit) -> bool {
    ctx.actor().is_ok_and(|actor| actor.grants.iter().any(|one| one.role == Role::Admin && one.path == root.path))
}

/// Sets how many years after its end a name is kept in a tree of units; without a code in the only one that there is.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Invalid`] of the field `years`.
pub async fn set_retention(ctx: &Ctx, code: &str, years: &str) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let trees = retentions(ctx, &mut conn).await?;
    let mut mine = trees.into_iter().filter(|one| one.may_set && (code.is_empty() || one.root.code == code));
    let (Some(tree), None) = (mine.next(), mine.next()) else { return Err(Error::Forbidden) };
    let wrong = || Error::invalid("years", ctx.locale.roster_years_wrong(MOST_RETENTION_YEARS));
    let years: u32 = years.parse().ok().filter(|years| (1..=MOST_RETENTION_YEARS).contains(years)).ok_or_else(wrong)?;
    setting::set(&mut conn, &key_of(&tree.root), &years.to_string()).await?;
    let detail = json!({ "before": tree.years, "years": years });
    audit::done(ctx, &mut conn, "roster.retention", tree.root.id, "roster", detail).await?;
    conn.commit().await
}

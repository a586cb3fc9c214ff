//! Sending a table (报送): it is frozen as it stands, and what is corrected later is told against it.

use super::{
    action,
    reckon::{self, Change, Table},
    store::{self, NewSent, Sent},
    view,
};
use crate::{
    domain::{access::Scope, catalogue::Catalogue, period::Period, unit::Unit},
    error::{Error, Result},
    server::{audit, context::Ctx, db::Conn},
    unit,
};
use serde_json::json;
use uuid::Uuid;

/// The longest remark, in characters.
const LONGEST_NOTE: usize = 200;

/// Freezes the table that the address asks for.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] where the remark is too long, or the table's time has not begun.
pub async fn send(ctx: &Ctx, note: &str) -> Result<Uuid> {
    let mut conn = ctx.db.write().await?;
    let asked = action::asked(ctx, &mut conn).await?;
    if !ctx.actor()?.may_manage(&asked.unit) {
        return Err(Error::Forbidden);
    }
    if note.chars().count() > LONGEST_NOTE {
        return Err(Error::invalid("note", ctx.locale.table_note_long(LONGEST_NOTE)));
    }
    if asked.question.time.period(asked.question.cutoff).from > ctx.today {
        return Err(Error::invalid("note", ctx.locale.table_not_begun()));
    }
    let table = action::table(ctx, &mut conn, &asked).await?;
    let title = action::title(ctx, &asked.unit, &asked.question);
    let id = Uuid::now_v7();
    let new = NewSent {
        id,
        unit_id: asked.unit.id,
        title: &title,
        question: &asked.question,
        content: &table,
        note,
        by: ctx.actor()?.account_id,
        now: ctx.now,
    };
    store::add_sent(&mut conn, new).await?;
    let detail = json!({ "title": title, "from": table.period.from, "to": table.period.to, "note": note });
    audit::done(ctx, &mut conn, "table.send", asked.unit.id, id, detail).await?;
    conn.commit().await?;
    Ok(id)
}

/// A table as it was sent, and what was corrected since.
pub async fn sent(ctx: &Ctx, id: Uuid) -> Result<(Sent, Unit, Table, Vec<Change>)> {
    let mut conn = ctx.db.read().await?;
    let (sent, table) = store::sent_one(&mut conn, &ctx.scope()?, id).await?;
    let unit = unit::store::by_id(&mut conn, &Scope::everything(), sent.unit_id).await?;
    let catalogue = action::catalogue(&mut conn, &unit).await?;
    let changes = corrections(ctx, &mut conn, (&unit, &catalogue), (&sent, &table)).await?;
    Ok((sent, unit, table, changes))
}

/// What was corrected since a table was sent.
async fn corrections(
    ctx: &Ctx,
    conn: &mut Conn,
    (unit, catalogue): (&Unit, &Catalogue),
    (sent, table): (&Sent, &Table),
) -> Result<Vec<Change>> {
    let now = reckon::table(conn, ctx.locale, unit, catalogue, &sent.question).await?;
    Ok(reckon::changes(table, &now, &view::heads(ctx.locale, &sent.question, table)))
}

/// The tables of a unit's that were sent for a time within `period`, of each question the last one, with what was
/// corrected since; those that still agree with the ledger are left out. At most `most` are compared, the latest sent first.
pub async fn disagreeing(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    period: Period,
    most: usize,
) -> Result<Vec<(Sent, Vec<Change>)>> {
    let mut last: Vec<Sent> = Vec::new();
    for sent in store::own_sent(conn, unit).await? {
        let asked = |one: &Sent| (one.question.time, one.question.rows, one.question.form.clone());
        let ends = sent.question.time.period(sent.question.cutoff).to;
        if period.contains(ends) && !last.iter().any(|other| asked(other) == asked(&sent)) {
            last.push(sent);
        }
    }
    last.truncate(most);
    if last.is_empty() {
        return Ok(Vec::new());
    }
    let catalogue = action::catalogue(conn, unit).await?;
    let mut found = Vec::new();
    for sent in last {
        let (_, table) = store::sent_one(conn, &Scope::everything(), sent.id).await?;
        let changes = corrections(ctx, conn, (unit, &catalogue), (&sent, &table)).await?;
        if !changes.is_empty() {
            found.push((sent, changes));
        }
    }
    found.sort_by_key(|(sent, _)| sent.question.time.period(sent.question.cutoff).to);
    Ok(found)
}

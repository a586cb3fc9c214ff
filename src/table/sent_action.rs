//! Sending a table (报送): it is frozen as it stands, and what is corrected later is told against it.

use super::{
    action,
    reckon::{self, Change, Table},
    store::{self, NewSent, Sent},
    view,
};
use crate::{
    domain::access::Scope,
    error::{Error, Result},
    server::{audit, context::Ctx},
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
pub async fn sent(ctx: &Ctx, id: Uuid) -> Result<(Sent, crate::domain::unit::Unit, Table, Vec<Change>)> {
    let mut conn = ctx.db.read().await?;
    let (sent, table) = store::sent_one(&mut conn, &ctx.scope()?, id).await?;
    let unit = unit::store::by_id(&mut conn, &Scope::everything(), sent.unit_id).await?;
    let catalogue = action::catalogue(&mut conn, &unit).await?;
    let now = reckon::table(&mut conn, ctx.locale, &unit, &catalogue, &sent.question).await?;
    let heads = view::heads(ctx.locale, &sent.question, &table);
    let changes = reckon::changes(&table, &now, &heads);
    Ok((sent, unit, table, changes))
}

//! What is done with the tasks of a campaign's countdown.

use super::{super::action, task_store, template_store};
use crate::{
    domain::{
        access::Scope,
        campaign::{Campaign, TEXT_LIMIT},
        countdown::{FURTHEST, Planned, Task},
        period::{Day, Period},
        problem::Problems,
        unit::Unit,
    },
    error::{Error, Result},
    key_date,
    server::{
        audit::{self, Entry},
        context::Ctx,
        db::Conn,
    },
    unit,
};
use chrono::{Datelike, Duration};
use serde_json::{Value, json};

/// The most tasks of one campaign.
const MOST: usize = 100;

/// A task as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct TaskDraft {
    /// Days after day D, negative before it.
    pub offset: Option<i64>,
    pub what: String,
    pub owner: String,
}

/// What somebody does with a task.
#[derive(Clone, Debug)]
pub enum Deed {
    Done(i64),
    Open(i64),
    Drop(i64),
    Change(i64, TaskDraft),
    Add(TaskDraft),
    /// The countdown by the template that holds, for a campaign that has none.
    Template,
}

/// Ties a new campaign to a key date of a year, as its owner knows it, and lays out the countdown. Who calls it holds the
/// transaction.
pub(in crate::campaign) async fn tie(
    ctx: &Ctx,
    conn: &mut Conn,
    campaign: &Campaign,
    key: &str,
    year: i32,
) -> Result<()> {
    let owner = unit::store::by_id(conn, &Scope::everything(), campaign.unit.id).await?;
    let known = key_date::store::known(conn, &owner).await?;
    let date = known.dates.iter().find(|one| one.key == key);
    let date = date.ok_or_else(|| Error::invalid("key_date", ctx.locale.draft_no_key_date()))?;
    if task_store::made(conn, owner.id).await?.contains(&(date.id, year)) {
        let message = ctx.locale.draft_taken(&date.name, year);
        return Err(Error::Conflict { code: "draft_taken", message });
    }
    task_store::set_key_date(conn, campaign.id, date.id, year).await?;
    lay_out(conn, &owner, campaign, Some(date.id)).await?;
    Ok(())
}

/// Stores the tasks of the template that holds for a campaign of this owner; how many.
async fn lay_out(conn: &mut Conn, owner: &Unit, campaign: &Campaign, key_date_id: Option<i64>) -> Result<usize> {
    let plan = template_store::holding(conn, owner, key_date_id).await?.plan(campaign.period);
    for task in &plan {
        task_store::insert(conn, campaign.id, task).await?;
    }
    Ok(plan.len())
}

/// Moves the open tasks along when a campaign's first day moves.
pub(in crate::campaign) async fn follow(conn: &mut Conn, campaign_id: i64, former: Period, new: Period) -> Result<()> {
    let shift = new.from - former.from;
    if shift.is_zero() {
        return Ok(());
    }
    for task in task_store::tasks(conn, campaign_id).await? {
        let due = task.plan.due.checked_add_signed(shift).filter(|_| task.done.is_none());
        if let Some(due) = due {
            task_store::update(conn, task.id, &Planned { due, ..task.plan }).await?;
        }
    }
    Ok(())
}

/// Day D of a campaign's countdown: what its open tasks are counted from, else the campaign's first day.
pub fn day_d(campaign: &Campaign, tasks: &[Task]) -> Day {
    let counted = tasks.iter().rev().find(|task| task.done.is_none()).or(tasks.first());
    let day = counted.and_then(|task| task.plan.due.checked_sub_signed(Duration::days(task.plan.offset)));
    day.unwrap_or(campaign.period.from)
}

fn check(ctx: &Ctx, draft: TaskDraft, d: Day) -> Result<Planned> {
    let mut problems = Problems::default();
    let offset = draft.offset.filter(|days| (-FURTHEST..=FURTHEST).contains(days));
    let due = offset.and_then(|days| d.checked_add_signed(Duration::days(days)));
    if due.is_none() {
        problems.add("offset", ctx.locale.task_offset_wrong(FURTHEST));
    }
    let (what, owner) = (draft.what.trim().to_owned(), draft.owner.trim().to_owned());
    if what.is_empty() {
        problems.add("what", ctx.locale.key_date_fill_in());
    }
    for (field, text) in [("what", &what), ("owner", &owner)] {
        if text.chars().count() > TEXT_LIMIT {
            problems.add(field, ctx.locale.campaign_text_too_long(TEXT_LIMIT));
        }
    }
    match (offset, due, problems.is_empty()) {
        (Some(offset), Some(due), true) => Ok(Planned { offset, due, what, owner }),
        _ => Err(problems.into_inner().into()),
    }
}

/// Does something with a task of a campaign. Who: the officers and administrators of its owner.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; what is wrong by field.
pub async fn act(ctx: &Ctx, key: &str, deed: Deed) -> Result<()> {
    let actor = ctx.actor()?;
    let mut conn = ctx.db.write().await?;
    let campaign = action::find(&mut conn, &ctx.scope()?, key).await?;
    let owner = unit::store::by_id(&mut conn, &Scope::everything(), campaign.unit.id).await?;
    if !actor.may_manage(&owner) {
        return Err(Error::Forbidden);
    }
    let tasks = task_store::tasks(&mut conn, campaign.id).await?;
    let d = day_d(&campaign, &tasks);
    let named = |id: i64| tasks.iter().find(|task| task.id == id).ok_or(Error::NotFound);
    let told = |task: &Planned| json!({ "what": task.what, "due": task.due, "owner": task.owner });
    let (verb, detail): (&'static str, Value) = match deed {
        Deed::Done(id) => {
            let task = named(id)?;
            task_store::set_done(&mut conn, id, Some((&actor.display_name, ctx.now))).await?;
            ("task.done", told(&task.plan))
        }
        Deed::Open(id) => {
            let task = named(id)?;
            task_store::set_done(&mut conn, id, None).await?;
            ("task.open", told(&task.plan))
        }
        Deed::Drop(id) => {
            let task = named(id)?;
            task_store::drop_task(&mut conn, id, ctx.now).await?;
            ("task.drop", told(&task.plan))
        }
        Deed::Change(id, draft) => {
            let former = named(id)?;
            let task = check(ctx, draft, d)?;
            task_store::update(&mut conn, id, &task).await?;
            ("task.change", json!({ "from": told(&former.plan), "to": told(&task) }))
        }
        Deed::Add(draft) => {
            let task = check(ctx, draft, d)?;
            if tasks.len() >= MOST {
                return Err(Error::invalid("what", ctx.locale.task_too_many(MOST)));
            }
            task_store::insert(&mut conn, campaign.id, &task).await?;
            ("task.add", told(&task))
        }
        Deed::Template if tasks.is_empty() => {
            let key_date_id = task_store::key_date_of(&mut conn, campaign.id).await?;
            let tasks = lay_out(&mut conn, &owner, &campaign, key_date_id).await?;
            ("task.template", json!({ "tasks": tasks, "year": campaign.period.from.year() }))
        }
        Deed::Template => return Err(Error::NotFound),
    };
    let entry = Entry { actor: Some(actor), unit_id: Some(owner.id), action: verb, subject: campaign.key, detail };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await
}

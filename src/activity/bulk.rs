//! Many entries at once, as an imported ledger brings them: the same checks and rights as for one, what they are held
//! against looked up once for each unit, rows stored by the hundred and totals added up before they are written.
//!
//! What is asked about a row ([`super::bulk_question`]) is stored with it; who reviews it sees the question and the answer.

use super::{
    bulk_question::Asked,
    bulk_store, check_store, fact_store, rollup_store,
    write_store::{self, Change, Entered},
};
use crate::{
    catalogue,
    closing::{
        self,
        store::{Of, in_force},
    },
    domain::{
        access::Scope,
        activity::{Checked, Draft, Facts, Status, check, check_lists},
        catalogue::Catalogue,
        closing::{Closing, Gate, gate},
        period::{Day, Month, Period},
        problem::Problem,
        rollup::{self, Counted, Rows},
        unit::{Unit, ancestry},
    },
    error::{Error, Result},
    server::{clock, context::Ctx, db::Conn},
    unit,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Entries that are read at once when many are withdrawn.
const AT_ONCE: i64 = 2_000;

/// Holds drafts against what is known of their units, each of which is looked up once.
#[derive(Debug, Default)]
pub struct Checker {
    units: HashMap<String, Option<Unit>>,
    catalogues: HashMap<i64, std::sync::Arc<Catalogue>>,
    campaigns: HashMap<(i64, String), Option<i64>>,
    offices: HashMap<String, Option<i64>>,
    closings: Closings,
}

/// What is closed, looked up once for each unit. Whoever stores holds the closings before ([`Conn::hold_closings`]): what was
/// looked up stays true to the end. Who only looks lets others close meanwhile.
#[derive(Debug, Default)]
struct Closings(HashMap<String, Vec<Closing>>);

impl Closings {
    /// Whether an unlock lets an entry in; or what closed its period.
    async fn pass(
        &mut self,
        conn: &mut Conn,
        ctx: &Ctx,
        path: &str,
        days: Period,
    ) -> Result<std::result::Result<bool, Closing>> {
        if !self.0.contains_key(path) {
            let ever = Period { from: Day::from_ymd_opt(1900, 1, 1).unwrap_or_default(), to: ctx.today };
            let found = in_force(conn, Of::Units(&ancestry(path)), ever).await?;
            self.0.insert(path.to_owned(), found);
        }
        let known = self.0.get(path).map(Vec::as_slice).unwrap_or_default();
        Ok(match gate(known, path, days, ctx.today) {
            Gate::Open => Ok(false),
            Gate::Unlocked => Ok(true),
            Gate::Closed(closing) => Err(closing.clone()),
        })
    }
}

/// What the rules say of a draft: its unit, what may be stored, and whether an unlock lets it in; or what is wrong.
pub type Verdict = std::result::Result<(Unit, Checked, bool), Vec<Problem>>;

impl Checker {
    /// Holds a draft against the rules, as [`super::action::save`] does: who may log there, what is wrong by field.
    pub async fn check(&mut self, conn: &mut Conn, ctx: &Ctx, scope: &Scope, draft: &Draft) -> Result<Verdict> {
        let locale = ctx.locale;
        if let Err(problems) = check_lists(draft, locale) {
            return Ok(Err(problems));
        }
        let Some(unit) = self.unit(conn, &draft.unit).await? else {
            return Ok(Err(vec![Problem::new("unit", locale.activity_unit_unknown(&draft.unit))]));
        };
        // The command line owns the database anyway.
        if ctx.someone.as_deref().is_some_and(|actor| !actor.may_log(&unit)) {
            return Ok(Err(vec![Problem::new("unit", locale.error_forbidden())]));
        }
        let catalogue = match self.catalogues.get(&unit.id) {
            Some(known) => known.clone(),
            None => {
                let visible = std::sync::Arc::new(catalogue::store::visible(conn, &unit).await?);
                self.catalogues.insert(unit.id, visible.clone());
                visible
            }
        };
        let mut campaigns = Vec::new();
        for key in &draft.campaigns {
            campaigns.extend(self.campaign(conn, scope, &unit, key).await?.map(|id| (key.clone(), id)));
        }
        let mut covers = Vec::new();
        for code in &draft.covers {
            covers.extend(self.unit(conn, code).await?.filter(|unit| scope.contains(&unit.path)));
        }
        let mut co_organisers = Vec::new();
        for name in draft.co_organisers.iter().filter(|name| name.is_ascii()) {
            co_organisers.extend(self.office(conn, name.trim()).await?.map(|id| (name.trim().to_owned(), id)));
        }
        let facts = Facts {
            today: ctx.today,
            unit: &unit,
            catalogue: &catalogue,
            campaigns: &campaigns,
            event_campaign: None,
            classes: &[],
            covers: &covers,
            co_organisers: &co_organisers,
        };
        let checked = match check(draft, &facts, locale) {
            Ok(checked) => checked,
            Err(problems) => return Ok(Err(problems)),
        };
        let days = Period { from: checked.day, to: checked.day_to.unwrap_or(checked.day) };
        match self.closings.pass(conn, ctx, &unit.path, days).await? {
            Ok(unlocked) => Ok(Ok((unit, checked, unlocked))),
            Err(closing) => {
                let message = closing::action::refused_row(ctx, &closing);
                Ok(Err(vec![Problem::new("date", message)]))
            }
        }
    }

    async fn unit(&mut self, conn: &mut Conn, code: &str) -> Result<Option<Unit>> {
        if let Some(known) = self.units.get(code) {
            return Ok(known.clone());
        }
        let found = match unit::store::by_code(conn, &Scope::everything(), code).await {
            Ok(unit) => Some(unit),
            Err(Error::NotFound) => None,
            Err(other) => return Err(other),
        };
        self.units.insert(code.to_owned(), found.clone());
        Ok(found)
    }

    async fn campaign(&mut self, conn: &mut Conn, scope: &Scope, unit: &Unit, key: &str) -> Result<Option<i64>> {
        let place = (unit.id, key.to_owned());
        if let Some(known) = self.campaigns.get(&place) {
            return Ok(*known);
        }
        let found = fact_store::campaign_ids(conn, scope, unit, &[key.to_owned()]).await?;
        let id = found.first().map(|(_, id)| *id);
        self.campaigns.insert(place, id);
        Ok(id)
    }

    async fn office(&mut self, conn: &mut Conn, code: &str) -> Result<Option<i64>> {
        if let Some(known) = self.offices.get(code) {
            return Ok(*known);
        }
        let id = self.unit(conn, code).await?.map(|unit| unit.id);
        self.offices.insert(code.to_owned(), id);
        Ok(id)
    }
}

/// Entries on their way into the ledger within one transaction: call [`Batch::put`] for each and [`Batch::finish`] once.
#[derive(Debug)]
pub struct Batch {
    id: Uuid,
    account_id: i64,
    at: chrono::DateTime<chrono::Utc>,
    waiting: Vec<(Draft, Checked, Entered)>,
    /// What is asked about entries that wait, each with its answer if there is one.
    questions: Vec<(Uuid, &'static str, String, String)>,
    rows: Rows,
}

impl Batch {
    /// `id` is the batch of its entries, `account_id` whose they are.
    pub fn new(id: Uuid, account_id: i64, at: chrono::DateTime<chrono::Utc>) -> Batch {
        Batch { id, account_id, at, waiting: Vec::new(), questions: Vec::new(), rows: Rows::new() }
    }

    /// Stores an entry whose id nobody has; one that an unlock let in is late.
    pub async fn put(
        &mut self,
        conn: &mut Conn,
        unit: &Unit,
        draft: Draft,
        checked: Checked,
        unlocked: bool,
    ) -> Result<()> {
        let counted = Counted {
            ancestry: &ancestry(&unit.path),
            day: checked.day,
            day_to: checked.day_to,
            quantities: &checked.quantities,
            theme_ids: &checked.theme_ids,
            campaign_ids: &checked.campaign_ids,
        };
        rollup::add(&mut self.rows, &counted, 1);
        let late = is_late(checked.day, self.at) || unlocked;
        let entered = Entered { account_id: self.account_id, at: self.at, late, batch_id: Some(self.id) };
        self.waiting.push((draft, checked, entered));
        if self.waiting.len() >= bulk_store::AT_ONCE {
            self.flush(conn).await?;
        }
        Ok(())
    }

    /// Keeps what is asked about an entry that was put, and the answer to it, empty where nobody gave one.
    pub fn ask(&mut self, id: Uuid, asked: Asked, answer: &str) {
        self.questions.extend(asked.into_iter().map(|(question, words)| (id, question, words, answer.to_owned())));
    }

    async fn flush(&mut self, conn: &mut Conn) -> Result<()> {
        bulk_store::insert(conn, &self.waiting).await?;
        self.waiting.clear();
        bulk_store::ask(conn, &self.questions).await?;
        self.questions.clear();
        Ok(())
    }

    /// Stores what is left, and the totals of all.
    pub async fn finish(mut self, conn: &mut Conn) -> Result<()> {
        self.flush(conn).await?;
        rollup_store::add(conn, &self.rows).await
    }
}

/// Entered after the end of the activity's month.
fn is_late(day: Day, at: chrono::DateTime<chrono::Utc>) -> bool {
    clock::day_of(at) > Month::of(day).last()
}

/// Withdraws every entry of a batch that still counts: they stay, and no longer count. How many they were.
///
/// # Errors
/// [`Error::Conflict`] where one of them lies in a closed period, or was moved since to a unit where the actor does not
/// log.
pub async fn withdraw(conn: &mut Conn, ctx: &Ctx, batch_id: Uuid, reason: &str) -> Result<u64> {
    let actor = ctx.actor()?;
    let (account_id, logged) = (actor.account_id, actor.logging_scope());
    let mut elsewhere = 0_usize;
    conn.hold_closings().await?;
    bulk_store::hold(conn, batch_id).await?;
    let mut rows = Rows::new();
    let mut closings = Closings::default();
    let mut after = None;
    loop {
        let entries = check_store::batch(conn, Some(batch_id), after, AT_ONCE).await?;
        let Some(last) = entries.last() else { break };
        after = Some((last.day, last.id));
        for entry in &entries {
            if !logged.contains(&entry.path) {
                elsewhere += 1;
                continue;
            }
            let days = Period { from: entry.day, to: entry.day_to.unwrap_or(entry.day) };
            if let Err(closing) = closings.pass(conn, ctx, &entry.path, days).await? {
                return Err(closing::action::refusal(ctx, &closing));
            }
            let counted = Counted {
                ancestry: &ancestry(&entry.path),
                day: entry.day,
                day_to: entry.day_to,
                quantities: &entry.quantities,
                theme_ids: &entry.themes,
                campaign_ids: &entry.campaigns,
            };
            rollup::add(&mut rows, &counted, -1);
        }
    }
    if elsewhere > 0 {
        let message = ctx.locale.import_undo_elsewhere(elsewhere);
        return Err(Error::Conflict { code: "elsewhere", message });
    }
    // What somebody corrected since is kept as it stands now; the others are as they were posted.
    for (id, version, status) in bulk_store::corrected(conn, batch_id).await? {
        let entry = super::store::one(conn, &Scope::everything(), id).await?;
        let status = Status::from_key(&status).unwrap_or(Status::Submitted);
        let change = Change { id, version, status, body: &entry.draft, reason, account_id, at: ctx.now };
        write_store::keep_version(conn, &change).await?;
    }
    let withdrawn = bulk_store::withdraw(conn, batch_id, reason, account_id, ctx.now).await?;
    rollup_store::add(conn, &rows).await?;
    Ok(withdrawn)
}

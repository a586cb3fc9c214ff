//! What is done with campaigns, by page and by API alike.

use super::{
    countdown::task_action,
    event_count_store, event_store,
    store::{self, Parts},
};
use crate::{
    catalogue,
    domain::{
        access::{Actor, Role, Scope},
        campaign::{Campaign, Checked, Draft, DraftQuantity, LIST_LIMIT, is_at_or_below},
        catalogue::Catalogue,
        period::Period,
        problem::Problems,
        unit::Unit,
    },
    error::{Error, Result},
    server::{
        audit::{self, Entry},
        context::Ctx,
        db::Conn,
    },
    unit,
};
use serde_json::json;
use uuid::Uuid;

/// The parts of a campaign that somebody changes; `None` leaves one as it is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub title: Option<String>,
    pub themes: Option<Vec<String>>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub lead: Option<String>,
    pub units: Option<Vec<String>>,
    pub quantities: Option<Vec<DraftQuantity>>,
    pub note: Option<String>,
    pub cancelled: Option<bool>,
}

/// The unit whose campaigns the actor plans when none is named: the topmost that they manage.
pub fn own_unit_id(actor: &Actor) -> Option<i64> {
    actor
        .grants
        .iter()
        .filter(|grant| matches!(grant.role, Role::Admin | Role::Officer))
        .min_by_key(|grant| grant.path.matches('/').count())
        .map(|grant| grant.unit_id)
        .or_else(|| actor.home_unit_id())
}

/// The owner that a draft names, for somebody who may manage it.
async fn owner(ctx: &Ctx, conn: &mut Conn, code: &str) -> Result<Unit> {
    let actor = ctx.actor()?;
    let everything = Scope::everything();
    let unit = if code.is_empty() {
        let id = own_unit_id(actor).ok_or(Error::Forbidden)?;
        unit::store::by_id(conn, &everything, id).await?
    } else {
        match unit::store::by_code(conn, &everything, code).await {
            Err(Error::NotFound) => return Err(Error::invalid("unit", ctx.locale.campaign_unit_unknown(code))),
            other => other?,
        }
    };
    if !actor.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    Ok(unit)
}

/// Plans a campaign. Who: the officers and administrators of its owner.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Invalid`] with all that is wrong.
pub async fn create(ctx: &Ctx, draft: Draft) -> Result<Campaign> {
    let mut conn = ctx.db.write().await?;
    let campaign = create_in(ctx, &mut conn, draft).await?;
    conn.commit().await?;
    Ok(campaign)
}

/// As [`create`], within the caller's transaction.
pub async fn create_in(ctx: &Ctx, conn: &mut Conn, draft: Draft) -> Result<Campaign> {
    let actor = ctx.actor()?;
    let owner = owner(ctx, conn, &draft.unit).await?;
    conn.lock_keys().await?;
    let mut problems = Problems::default();
    let checked = draft.check(ctx.locale, &mut problems);
    if !draft.key.is_empty() && store::key_is_taken(conn, &draft.key).await? {
        problems.add("key", ctx.locale.campaign_key_taken(&draft.key));
    }
    let period = checked.as_ref().map(|checked| checked.period);
    let parts = resolve(ctx, conn, &owner, &draft, period, None, &mut problems).await?;
    let checked = settled(checked, problems)?;
    let key = match draft.key.as_str() {
        "" => new_key(conn, checked.period).await?,
        key => key.to_owned(),
    };
    let id = store::insert(conn, owner.id, &key, &checked, &parts, actor.account_id, ctx.now).await?;
    let campaign = store::by_id(conn, &Scope::everything(), id).await?;
    if let Some((key, year)) = &draft.key_date {
        task_action::tie(ctx, conn, &campaign, key, *year).await?;
    }
    record(ctx, conn, "campaign.add", &campaign).await?;
    Ok(campaign)
}

/// Changes parts of a campaign; to cancel it also cancels the events it has planned from today on.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] with all that is wrong.
pub async fn change(ctx: &Ctx, key: &str, change: Change) -> Result<Campaign> {
    let actor = ctx.actor()?;
    let mut conn = ctx.db.write().await?;
    let former = find(&mut conn, &ctx.scope()?, key).await?;
    let owner = unit::store::by_id(&mut conn, &Scope::everything(), former.unit.id).await?;
    if !actor.may_manage(&owner) {
        return Err(Error::Forbidden);
    }
    let mut draft = Draft::of(&former);
    let cancelled = change.cancelled.unwrap_or(former.cancelled);
    overlay(&mut draft, change);
    let mut problems = Problems::default();
    let checked = draft.check(ctx.locale, &mut problems);
    if let Some(checked) = &checked {
        check_events_stay_inside(ctx, &mut conn, &former, checked.period, &mut problems).await?;
    }
    let period = checked.as_ref().map(|checked| checked.period);
    let parts = resolve(ctx, &mut conn, &owner, &draft, period, Some(&former), &mut problems).await?;
    let checked = settled(checked, problems)?;
    store::update(&mut conn, former.id, &checked, &parts, cancelled.then_some(ctx.now)).await?;
    let action = match (former.cancelled, cancelled) {
        (false, true) => {
            event_store::cancel_planned(&mut conn, former.id, ctx.today, ctx.now).await?;
            "campaign.cancel"
        }
        _ => "campaign.change",
    };
    task_action::follow(&mut conn, former.id, former.period, checked.period).await?;
    let campaign = store::by_id(&mut conn, &Scope::everything(), former.id).await?;
    record(ctx, &mut conn, action, &campaign).await?;
    conn.commit().await?;
    Ok(campaign)
}

/// The campaign with this key, or else with this id in digits.
pub async fn find(conn: &mut Conn, scope: &Scope, key: &str) -> Result<Campaign> {
    match store::by_key(conn, scope, key).await {
        Err(Error::NotFound) => match key.parse() {
            Ok(id) => store::by_id(conn, scope, id).await,
            Err(_) => Err(Error::NotFound),
        },
        other => other,
    }
}

fn overlay(draft: &mut Draft, change: Change) {
    let Change { title, themes, from, to, lead, units, quantities, note, cancelled: _ } = change;
    let put = |place: &mut String, new: Option<String>| {
        if let Some(new) = new {
            *place = new;
        }
    };
    put(&mut draft.title, title);
    put(&mut draft.from, from);
    put(&mut draft.to, to);
    put(&mut draft.lead, lead);
    put(&mut draft.note, note);
    draft.themes = themes.unwrap_or_else(|| std::mem::take(&mut draft.themes));
    draft.units = units.unwrap_or_else(|| std::mem::take(&mut draft.units));
    draft.quantities = quantities.unwrap_or_else(|| std::mem::take(&mut draft.quantities));
}

fn settled(checked: Option<Checked>, problems: Problems) -> Result<Checked> {
    match (checked, problems.is_empty()) {
        (Some(checked), true) => Ok(checked),
        (_, _) => Err(problems.into_inner().into()),
    }
}

async fn check_events_stay_inside(
    ctx: &Ctx,
    conn: &mut Conn,
    former: &Campaign,
    period: Period,
    problems: &mut Problems,
) -> Result<()> {
    let Some(span) = event_count_store::span(conn, former.id).await? else { return Ok(()) };
    if period.from != former.period.from && span.from < period.from {
        problems.add("from", ctx.locale.campaign_event_before(span.from));
    }
    if period.to != former.period.to && period.to < span.to {
        problems.add("to", ctx.locale.campaign_event_after(span.to));
    }
    Ok(())
}

/// The ids behind a draft's keys and codes. What the former campaign had stays allowed: a theme may have been retired.
async fn resolve(
    ctx: &Ctx,
    conn: &mut Conn,
    owner: &Unit,
    draft: &Draft,
    period: Option<Period>,
    former: Option<&Campaign>,
    problems: &mut Problems,
) -> Result<Parts> {
    let mut parts = Parts::default();
    if [draft.themes.len(), draft.units.len(), draft.quantities.len()].iter().any(|length| *length > LIST_LIMIT) {
        // The draft's own check has said so.
        return Ok(parts);
    }
    let catalogue = catalogue::store::visible(conn, owner).await?;
    resolve_words(ctx, &catalogue, draft, former, &mut parts, problems);
    for code in &draft.units {
        if let Some(kept) = former.and_then(|former| former.units.iter().find(|unit| &unit.code == code)) {
            push_once(&mut parts.units, kept.id);
            continue;
        }
        let unit = match unit::store::by_code(conn, &Scope::everything(), code).await {
            Err(Error::NotFound) => {
                problems.add("units", ctx.locale.campaign_unit_unknown(code));
                continue;
            }
            other => other?,
        };
        if !ctx.actor()?.may_manage(&unit) {
            return Err(Error::Forbidden);
        }
        let lives = period.is_none_or(|period| {
            unit.active_from.is_none_or(|from| from <= period.to) && unit.active_to.is_none_or(|to| period.from <= to)
        });
        if !is_at_or_below(&unit, owner) {
            problems.add("units", ctx.locale.campaign_unit_elsewhere(&owner.short_name, &unit.short_name));
        } else if !lives {
            problems.add("units", ctx.locale.campaign_unit_closed(&unit.short_name));
        }
        push_once(&mut parts.units, unit.id);
    }
    Ok(parts)
}

fn resolve_words(
    ctx: &Ctx,
    catalogue: &Catalogue,
    draft: &Draft,
    former: Option<&Campaign>,
    parts: &mut Parts,
    problems: &mut Problems,
) {
    for key in &draft.themes {
        let kept = former.and_then(|former| former.themes.iter().find(|theme| &theme.key == key)).map(|theme| theme.id);
        let active = catalogue.theme(key).filter(|theme| !theme.retired).map(|theme| theme.id);
        match kept.or(active) {
            Some(id) => push_once(&mut parts.themes, id),
            None => problems.add("themes", ctx.locale.campaign_theme_unknown(key)),
        }
    }
    for quantity in &draft.quantities {
        let key = &quantity.measure;
        let kept = former
            .and_then(|former| former.quantities.iter().find(|planned| &planned.measure == key))
            .map(|planned| planned.measure_id);
        let active = catalogue.measure(key).filter(|measure| !measure.retired).map(|measure| measure.id);
        match (kept.or(active), quantity.value) {
            (Some(id), Some(value)) => parts.quantities.push((id, value)),
            (Some(_), None) => {}
            (None, _) => problems.add(&quantity.measure_field, ctx.locale.campaign_measure_unknown(key)),
        }
    }
}

fn push_once(ids: &mut Vec<i64>, id: i64) {
    if !ids.contains(&id) {
        ids.push(id);
    }
}

/// A key nobody has: the year and six random digits of hexadecimal.
async fn new_key(conn: &mut Conn, period: Period) -> Result<String> {
    loop {
        let random = Uuid::new_v4().simple().to_string();
        let key = format!("{}-{}", period.from.format("%Y"), &random[..6]);
        if !store::key_is_taken(conn, &key).await? {
            return Ok(key);
        }
    }
}

async fn record(ctx: &Ctx, conn: &mut Conn, action: &'static str, campaign: &Campaign) -> Result<()> {
    let detail = json!({
        "title": campaign.title,
        "from": campaign.period.from,
        "to": campaign.period.to,
        "themes": campaign.themes.iter().map(|theme| &theme.key).collect::<Vec<_>>(),
        "units": campaign.units.iter().map(|unit| &unit.code).collect::<Vec<_>>(),
        "quantities": campaign.quantities.iter().map(|own| (&own.measure, own.value)).collect::<Vec<_>>(),
        "cancelled": campaign.cancelled,
    });
    let entry = Entry {
        actor: ctx.someone.as_deref(),
        unit_id: Some(campaign.unit.id),
        action,
        subject: campaign.key.clone(),
        detail,
    };
    audit::record(conn, ctx.now, entry).await
}

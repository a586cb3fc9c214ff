//! Many events at once: the same session in many villages, or again and again; laid out first, stored after a look.

use super::{
    clash_action::{self, Warnings},
    event_action, event_store, store,
};
use crate::{
    domain::{
        access::Scope,
        campaign::{Campaign, parse_day},
        clash::Slot,
        event::{Draft, at},
        lay::{Pace, is_weekend, lay},
        period::{Day, Period},
        problem::Problems,
        series::{End, Kind, Rule},
        unit::Unit,
    },
    error::{Error, Result},
    key_date,
    server::{context::Ctx, db::Conn, form::FormData},
    unit,
};
use chrono::NaiveTime;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What somebody wants to be laid out, as typed.
pub struct Wish {
    pub units: Vec<Unit>,
    pub campaign: Campaign,
    pub first: Day,
    pub how: How,
    pub starts: NaiveTime,
    pub ends: NaiveTime,
    /// Who leads, in turn.
    pub leads: Vec<String>,
    pub place: String,
    pub skip_weekends: bool,
    pub skip_holidays: bool,
    pub skip_blackouts: bool,
}

/// Once at each unit, or again and again at each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Once(Pace),
    Series(Rule, End),
}

/// One event that would be stored.
pub struct Proposed {
    pub unit: Unit,
    pub day: Day,
    pub lead: String,
}

/// What a wish comes to.
pub struct Layout {
    pub rows: Vec<Proposed>,
    /// Units for which no day is left.
    pub unplaced: Vec<Unit>,
    /// By the number of the row, as [`slot_id`] makes it.
    pub warnings: Warnings,
}

/// The id under which the nth row is held against the calendar.
pub fn slot_id(index: usize) -> Uuid {
    Uuid::from_u128(index as u128 + 1)
}

/// Who leads in turn: one a line, or divided by commas.
fn in_turn(text: &str) -> Vec<String> {
    let names = text.split(['、', '，', ',', '；', ';', '\n']).map(str::trim).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// Reads the fields of the page; `units` are those where the actor plans.
///
/// # Errors
/// [`Error::Invalid`] with all that is wrong.
pub async fn read(ctx: &Ctx, conn: &mut Conn, form: &FormData, units: Vec<Unit>) -> Result<Wish> {
    let locale = ctx.locale;
    let mut problems = Problems::default();
    let campaign = match store::by_key(conn, &ctx.scope()?, form.get("campaign")).await {
        Ok(campaign) if !campaign.cancelled => Some(campaign),
        Ok(_) => {
            problems.add("campaign", locale.event_campaign_cancelled());
            None
        }
        Err(Error::NotFound) => {
            problems.add("campaign", locale.bulk_campaign_missing());
            None
        }
        Err(error) => return Err(error),
    };
    if units.is_empty() {
        problems.add("units", locale.event_units_missing());
    }
    let first = parse_day("first", form.get("first"), locale, &mut problems);
    let mut time = |field: &str| {
        let time = NaiveTime::parse_from_str(form.get(field), "%H:%M").ok();
        if time.is_none() {
            problems.add(field, locale.event_time_of_day_malformed());
        }
        time
    };
    let (starts, ends) = (time("starts"), time("ends"));
    if starts.zip(ends).is_some_and(|(starts, ends)| ends <= starts) {
        problems.add("ends", locale.event_ends_before_start());
    }
    let how = match (Kind::from_key(form.get("repeat")), first) {
        (Some(kind), Some(first)) => series(ctx, form, kind, first, &mut problems),
        (Some(_), None) => None,
        (None, _) => {
            let pace = Pace::parse(form.get("pace"), form.get("number").parse().ok());
            if pace.is_none() {
                problems.add("number", locale.bulk_pace_malformed());
            }
            pace.map(How::Once)
        }
    };
    if let (Some(campaign), Some(first)) = (&campaign, first)
        && !campaign.period.contains(first)
    {
        problems.add("first", locale.event_outside(campaign.period.from, campaign.period.to));
    }
    let (Some(campaign), Some(first), Some(starts), Some(ends), Some(how), true) =
        (campaign, first, starts, ends, how, problems.is_empty())
    else {
        return Err(problems.into_inner().into());
    };
    let skips = form.all("skip");
    Ok(Wish {
        units,
        campaign,
        first,
        how,
        starts,
        ends,
        leads: in_turn(form.get("leads")),
        place: form.get("place").to_owned(),
        skip_weekends: skips.contains(&"weekends"),
        skip_holidays: skips.contains(&"holidays"),
        skip_blackouts: skips.contains(&"blackouts"),
    })
}

fn series(ctx: &Ctx, form: &FormData, kind: Kind, first: Day, problems: &mut Problems) -> Option<How> {
    let every = if form.get("every").is_empty() { Some(1) } else { form.get("every").parse().ok() };
    let rule = every.map(|every| Rule::from_first(kind, first, every)).filter(|rule| rule.is_possible());
    if rule.is_none() {
        problems.add("every", ctx.locale.bulk_every_malformed());
    }
    let end = match (form.filled("until"), form.filled("times")) {
        (Some(until), _) => until.parse().ok().filter(|until| *until >= first).map(End::Until),
        (None, Some(times)) => times.parse().ok().filter(|times| (1..=200).contains(times)).map(End::Times),
        (None, None) => None,
    };
    if end.is_none() {
        problems.add("until", ctx.locale.bulk_end_missing());
    }
    Some(How::Series(rule?, end?))
}

/// Lays the wish over days and holds it against the calendar; nothing is stored.
///
/// # Errors
/// [`Error::Invalid`] for more events than can be stored at once.
pub async fn lay_out(ctx: &Ctx, conn: &mut Conn, wish: &Wish) -> Result<Layout> {
    let period = wish.campaign.period;
    let span = Period::new(wish.first, period.to).unwrap_or(period);
    let home = unit::store::by_id(conn, &Scope::everything(), wish.campaign.unit.id).await?;
    let marks = key_date::action::marks(conn, &home, span).await?;
    let is_open = |day: Day| {
        let made_up = marks.holiday(day).is_some_and(|holiday| !holiday.rest);
        !(wish.skip_weekends && is_weekend(day) && !made_up || wish.skip_holidays && marks.is_rest(day))
    };
    let is_free = |unit: &Unit, day: Day| !wish.skip_blackouts || marks.blackout(&unit.path, day).is_none();
    let mut rows: Vec<Proposed> = Vec::new();
    let mut unplaced = Vec::new();
    let count = match wish.how {
        How::Once(_) => wish.units.len(),
        How::Series(rule, end) => rule.days(wish.first, end).len() * wish.units.len(),
    };
    if count > event_action::MANY_LIMIT {
        return Err(Error::invalid("units", ctx.locale.event_units_too_many(event_action::MANY_LIMIT)));
    }
    match wish.how {
        How::Once(pace) => {
            let free = |index: usize, day: Day| wish.units.get(index).is_some_and(|unit| is_free(unit, day));
            let days = lay(span.from, span.to, wish.units.len(), pace, is_open, free);
            for (unit, day) in wish.units.iter().zip(days) {
                match day {
                    Some(day) => rows.push(Proposed { unit: unit.clone(), day, lead: String::new() }),
                    None => unplaced.push(unit.clone()),
                }
            }
        }
        How::Series(rule, end) => {
            let days = rule.days(wish.first, end);
            for unit in &wish.units {
                // A series keeps its rule: a day that is not open is left out, not moved.
                let own = days.iter().filter(|day| span.contains(**day) && is_open(**day) && is_free(unit, **day));
                let own: Vec<Proposed> =
                    own.map(|day| Proposed { unit: unit.clone(), day: *day, lead: String::new() }).collect();
                if own.is_empty() {
                    unplaced.push(unit.clone());
                }
                rows.extend(own);
            }
        }
    }
    rows.sort_by_key(|row| row.day);
    if !wish.leads.is_empty() {
        for (row, lead) in rows.iter_mut().zip(wish.leads.iter().cycle()) {
            row.lead.clone_from(lead);
        }
    }
    let slots: Vec<Slot> = rows.iter().enumerate().filter_map(|(index, row)| slot(wish, index, row)).collect();
    let warnings = clash_action::of_slots(ctx, conn, &slots).await?;
    Ok(Layout { rows, unplaced, warnings })
}

fn slot(wish: &Wish, index: usize, row: &Proposed) -> Option<Slot> {
    Some(Slot {
        id: slot_id(index),
        campaign_id: wish.campaign.id,
        unit: clash_action::name_of(&row.unit),
        starts_at: at(row.day, wish.starts)?,
        ends_at: at(row.day, wish.ends)?,
        lead: row.lead.clone(),
        place: wish.place.clone(),
    })
}

/// A row of the preview as somebody keeps it.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// Its number on the form: problems name `row.3.day`.
    pub number: usize,
    pub unit: String,
    pub day: String,
    pub lead: String,
}

/// What is stored.
#[derive(Clone, Debug, Default)]
pub struct Accepted {
    pub campaign: String,
    pub activity_type: String,
    pub place: String,
    pub starts: String,
    pub ends: String,
    pub draft: bool,
    /// With a rule each unit's events are a series.
    pub rule: Option<Rule>,
    pub rows: Vec<Kept>,
}

/// Puts what was kept of a preview on the calendar, all or none. How many.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Invalid`] with all that is wrong, by the rows of the form.
pub async fn store(ctx: &Ctx, accepted: Accepted) -> Result<usize> {
    if accepted.rows.is_empty() {
        return Err(Error::invalid("rows", ctx.locale.bulk_nothing_kept()));
    }
    let mut conn = ctx.db.write().await?;
    // Without a rule all are stored at once; else unit by unit, each a series.
    let mut groups: BTreeMap<String, Vec<&Kept>> = BTreeMap::new();
    for row in &accepted.rows {
        let group = if accepted.rule.is_some() { row.unit.clone() } else { String::new() };
        groups.entry(group).or_default().push(row);
    }
    let mut stored = 0;
    for rows in groups.into_values() {
        let drafts: Vec<Draft> = rows.iter().map(|row| draft_of(&accepted, row)).collect();
        let series = match accepted.rule {
            Some(rule) => {
                let campaign = match store::by_key(&mut conn, &ctx.scope()?, &accepted.campaign).await {
                    Err(Error::NotFound) => {
                        return Err(Error::invalid("campaign", ctx.locale.event_campaign_unknown(&accepted.campaign)));
                    }
                    other => other?,
                };
                let id = Uuid::now_v7();
                let account = ctx.actor()?.account_id;
                event_store::insert_series(&mut conn, id, campaign.id, &rule, account, ctx.now).await?;
                Some(id)
            }
            None => None,
        };
        let made = event_action::create_all(ctx, &mut conn, &drafts, series).await;
        stored += made.map_err(|error| on_form(error, &rows))?.len();
    }
    conn.commit().await?;
    Ok(stored)
}

fn draft_of(accepted: &Accepted, row: &Kept) -> Draft {
    Draft {
        campaign: accepted.campaign.clone(),
        unit: row.unit.clone(),
        starts_at: format!("{}T{}", row.day, accepted.starts),
        ends_at: format!("{}T{}", row.day, accepted.ends),
        lead: row.lead.clone(),
        place: accepted.place.clone(),
        draft: accepted.draft,
        activity_type: accepted.activity_type.clone(),
    }
}

/// The problem of the nth draft belongs to its row.
fn on_form(error: Error, rows: &[&Kept]) -> Error {
    let Error::Invalid(mut problems) = error else { return error };
    for problem in &mut problems {
        let mut parts = problem.field.split('.').skip(1);
        let row = parts.next().and_then(|index| rows.get(index.parse::<usize>().ok()?));
        problem.field = match (row, parts.next()) {
            (Some(row), Some("lead")) => format!("row.{}.lead", row.number),
            (Some(row), Some("starts_at" | "ends_at" | "unit")) => format!("row.{}.day", row.number),
            (_, Some(other)) => other.to_owned(),
            (_, None) => continue,
        };
    }
    problems.dedup();
    Error::Invalid(problems)
}

//! A schedule proposed from what is missing. It reads the period as given and never asks what day it is.

use super::store;
use crate::{
    campaign::event_store,
    catalogue,
    domain::{
        catalogue::Catalogue,
        event::Event,
        indicator::Indicator,
        key_date::Occurrence,
        period::{Day, Period},
        problem::Problems,
        schedule::{self, DAY_LIMIT, Ground, Liking, Need, Placed, Reason, SESSION_LIMIT},
        unit::Unit,
    },
    error::{Error, Result},
    figure::{self, Cut, Filter, Part, Units},
    key_date, plan,
    plan::need::Asked,
    server::{context::Ctx, db::Conn},
    unit,
};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A key date longer than this says nothing of a single day: the whole of November is for fire safety.
const SHORT: i64 = 10;
/// The most indicators, avoided days or people of one question.
pub const LIST_LIMIT: usize = 100;

/// What somebody wants scheduled.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The unit's code; empty: the reader's own.
    pub unit: String,
    pub from: Option<Day>,
    pub to: Option<Day>,
    /// Keys.
    pub indicators: Vec<String>,
    pub per_day: Option<i64>,
    pub per_week: Option<i64>,
    pub avoid: Vec<Day>,
    /// Whether statutory holidays' days off are used too: they are prime time in villages.
    pub holidays: bool,
    /// Who holds the sessions, in turn; each of them one a day at most.
    pub people: Vec<String>,
    /// Whether neighbours are visited on one day.
    pub together: bool,
}

/// One session that is proposed.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposed {
    pub unit: Unit,
    pub day: Day,
    /// The indicator's key.
    pub indicator: String,
    /// The key date that it falls on, the shortest first.
    pub key_date: Option<Occurrence>,
    pub is_market: bool,
    /// The key of the type that asks the indicator's measure; empty where it has none.
    pub activity_type: String,
    /// Who holds it; empty where nobody was named.
    pub lead: String,
}

/// Sessions that could not be laid.
#[derive(Clone, Debug, PartialEq)]
pub struct Unplaced {
    pub unit: Unit,
    pub indicator: String,
    pub missing: u32,
    pub reason: Reason,
}

/// What is proposed.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub unit: Unit,
    pub period: Period,
    pub indicators: Vec<Indicator>,
    /// By day, then in the order of the units' codes.
    pub events: Vec<Proposed>,
    pub unplaced: Vec<Unplaced>,
}

/// The limits of a wish, checked.
struct Limits {
    period: Period,
    per_day: Option<u32>,
    per_week: Option<u32>,
}

/// Proposes a schedule. Who: the unit's officers and administrators.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] by field.
pub async fn propose(ctx: &Ctx, wish: &Wish) -> Result<Proposal> {
    let mut conn = ctx.db.read().await?;
    let conn = &mut conn;
    let unit = plan::action::read_unit(ctx, conn, Some(&wish.unit)).await?;
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    let limits = check(ctx, wish)?;
    let units = unit::store::at_and_below(conn, &unit).await?;
    let catalogue = catalogue::store::visible(conn, &unit).await?;
    let known = (units.as_slice(), &catalogue);
    let asked = plan::need::lacks(conn, &unit, known, &wish.indicators, limits.period).await?;
    check_indicators(ctx, conn, &unit, wish, &asked).await?;
    let mut needs = needs(&asked, &units);
    // A year's window may reach beyond the period asked about: what is planned there counts as well.
    let until = needs.iter().map(|need| need.window.to).max().unwrap_or(limits.period.to).max(limits.period.to);
    let ahead = Period { from: limits.period.from, to: until };
    // Drafts count: who asks again before releasing them gets no second proposal on top.
    let drafts = Some(ctx.actor()?.planning_scope());
    let filter = event_store::Filter { unit: Some(unit.clone()), drafts, ..event_store::Filter::default() };
    let mut events = event_store::in_period(conn, &ctx.scope()?, ahead, &filter).await?;
    events.retain(|event| !event.cancelled && event.activity.is_none());
    for (index, one) in asked.iter().enumerate() {
        let themed = match one.indicator.theme_id {
            Some(theme_id) => Some(store::campaigns_on(conn, theme_id).await?),
            None => None,
        };
        let counting: Vec<&Event> = events
            .iter()
            .filter(|event| themed.as_ref().is_none_or(|campaigns| campaigns.contains(&event.campaign_id)))
            .filter(|event| counts_for(event, &one.indicator, &catalogue))
            .collect();
        take_off(&mut needs, index, &counting);
    }
    let total: u32 = needs.iter().map(|need| need.missing).fold(0, u32::saturating_add);
    if total > SESSION_LIMIT {
        return Err(Error::invalid("indicator", ctx.locale.schedule_too_many(SESSION_LIMIT)));
    }
    lay(conn, unit, (units, &catalogue), wish, limits, &asked, &needs, &events).await
}

fn check(ctx: &Ctx, wish: &Wish) -> Result<Limits> {
    let locale = ctx.locale;
    let mut problems = Problems::default();
    for (field, day) in [("from", wish.from), ("to", wish.to)] {
        if day.is_none() {
            problems.add(field, locale.schedule_day_missing());
        }
    }
    let period = match (wish.from, wish.to) {
        (Some(from), Some(to)) => Period::new(from, to),
        _ => None,
    };
    match period {
        Some(period) if period.days() > DAY_LIMIT => problems.add("to", locale.schedule_too_long(DAY_LIMIT)),
        None if wish.from > wish.to && wish.to.is_some() => problems.add("to", locale.schedule_backwards()),
        _ => {}
    }
    let mut limit = |field: &str, value: Option<i64>| match value {
        Some(value) if !(1..=1_000).contains(&value) => {
            problems.add(field, locale.schedule_limit_wrong());
            None
        }
        value => value.and_then(|value| u32::try_from(value).ok()),
    };
    let (mut per_day, per_week) = (limit("per_day", wish.per_day), limit("per_week", wish.per_week));
    if wish.indicators.is_empty() {
        problems.add("indicator", locale.schedule_indicator_missing());
    }
    for (field, count) in
        [("indicators", wish.indicators.len()), ("avoid", wish.avoid.len()), ("people", wish.people.len())]
    {
        // A year of avoided days is no list that anybody types.
        if count > LIST_LIMIT.max(if field == "avoid" { DAY_LIMIT as usize } else { 0 }) {
            problems.add(field, locale.schedule_list_too_long(LIST_LIMIT));
        }
    }
    if !wish.people.is_empty() {
        let people = wish.people.len() as u32;
        per_day = Some(per_day.map_or(people, |limit| limit.min(people)));
    }
    match period {
        Some(period) if problems.is_empty() => Ok(Limits { period, per_day, per_week }),
        _ => Err(problems.into_inner().into()),
    }
}

/// Every indicator has to be one that sessions fulfil, and to be asked of the unit in those years.
async fn check_indicators(ctx: &Ctx, conn: &mut Conn, unit: &Unit, wish: &Wish, asked: &[Asked]) -> Result<()> {
    let locale = ctx.locale;
    let mut problems = Problems::default();
    let mut known = None;
    for key in &wish.indicators {
        match asked.iter().find(|asked| asked.indicator.key == *key) {
            Some(Asked { lacks: Some(_), .. }) => {}
            Some(Asked { indicator, .. }) => {
                let name = locale.name(&indicator.name, indicator.name_en.as_deref());
                problems.add("indicator", locale.schedule_not_held(name));
            }
            None => {
                if known.is_none() {
                    known = Some(plan::store::indicators(conn, unit, false).await?);
                }
                let found = known.as_ref().and_then(|all| all.iter().find(|one| one.key == *key));
                problems.add(
                    "indicator",
                    match found {
                        Some(one) => locale.schedule_no_target(locale.name(&one.name, one.name_en.as_deref())),
                        None => locale.schedule_indicator_unknown(key),
                    },
                );
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.into_inner().into()) }
}

/// In the order of the units' codes.
fn needs(asked: &[Asked], units: &[Unit]) -> Vec<Need> {
    let codes: BTreeMap<i64, &str> = units.iter().map(|unit| (unit.id, unit.code.as_str())).collect();
    let mut needs: Vec<Need> = Vec::new();
    for (indicator, one) in asked.iter().enumerate() {
        needs.extend(one.lacks.iter().flatten().map(|lack| Need {
            unit: lack.unit_id,
            indicator,
            window: lack.window,
            missing: u32::try_from(lack.missing).unwrap_or(u32::MAX),
        }));
    }
    needs.sort_by_key(|need| (codes.get(&need.unit).copied(), need.indicator, need.window.from));
    needs
}

/// Whether a session that is planned will count for the indicator: its type asks the measure, or nobody said its type.
fn counts_for(event: &Event, indicator: &Indicator, catalogue: &Catalogue) -> bool {
    let type_id = event.activity_type.as_ref().map(|own| own.id);
    if indicator.type_id.is_some() && type_id.is_some() && type_id != indicator.type_id {
        return false;
    }
    let asks = |id: i64| match event.activity_type.as_ref().and_then(|own| catalogue.activity_type_by_id(own.id)) {
        Some(own) => own.measures.contains(&id),
        None => true,
    };
    indicator.measure_id.is_none_or(asks) || indicator.also_measure_id.is_some_and(asks)
}

/// The key of the type whose main measure the indicator counts, else of one that asks it at all.
fn type_of(indicator: &Indicator, catalogue: &Catalogue) -> String {
    if let Some(own) = indicator.type_id.and_then(|id| catalogue.activity_type_by_id(id)) {
        return own.key.clone();
    }
    let Some(measure) = indicator.measure_id else { return String::new() };
    let main = catalogue.active_types().find(|one| one.measures.first() == Some(&measure));
    let any = || catalogue.active_types().find(|one| one.measures.contains(&measure));
    main.or_else(any).map(|one| one.key.clone()).unwrap_or_default()
}

/// What is planned counts as done.
fn take_off(needs: &mut [Need], indicator: usize, events: &[&Event]) {
    for event in events {
        let found = needs.iter_mut().find(|need| {
            need.indicator == indicator
                && need.unit == event.unit.id
                && need.missing > 0
                && need.window.contains(event.day)
        });
        if let Some(need) = found {
            need.missing -= 1;
        }
    }
}

#[allow(clippy::too_many_arguments)] // The one place where everything that was looked up comes together.
async fn lay(
    conn: &mut Conn,
    unit: Unit,
    (units, catalogue): (Vec<Unit>, &Catalogue),
    wish: &Wish,
    Limits { period, per_day, per_week }: Limits,
    asked: &[Asked],
    needs: &[Need],
    events: &[Event],
) -> Result<Proposal> {
    let marks = key_date::action::marks(conn, &unit, period).await?;
    let mut key_dates = key_date::action::occurrences(conn, &unit, period).await?;
    key_dates.retain(|one| one.period.days() <= SHORT);
    key_dates.sort_by_key(|one| one.period.days());
    let heard = heard(conn, &unit, period, catalogue).await?;
    let mut closed: BTreeSet<Day> = wish.avoid.iter().copied().collect();
    if !wish.holidays {
        closed.extend(period.each_day().filter(|day| marks.is_rest(*day)));
    }
    let mut standing: BTreeMap<Day, u32> = BTreeMap::new();
    for event in events {
        *standing.entry(event.day).or_default() += 1;
    }
    let busy: HashSet<(i64, Day)> = events.iter().map(|event| (event.unit.id, event.day)).collect();
    let by_id: BTreeMap<i64, &Unit> = units.iter().map(|unit| (unit.id, unit)).collect();
    let on: BTreeMap<Day, Vec<&Occurrence>> =
        period.each_day().map(|day| (day, key_dates.iter().filter(|one| one.period.contains(day)).collect())).collect();
    let taken = |id: i64, day: Day| {
        busy.contains(&(id, day))
            || by_id.get(&id).is_none_or(|unit| !unit.is_active(day) || marks.blackout(&unit.path, day).is_some())
    };
    let liking = |id: i64, day: Day| {
        let found = on.get(&day).map(Vec::as_slice).unwrap_or_default();
        let is_new = |one: &&Occurrence| one.themes.iter().any(|key| !heard.contains(&(id, key.as_str())));
        match () {
            () if found.iter().any(|one| is_new(one) && one.period.days() == 1) => Liking::Best,
            () if found.iter().any(is_new) => Liking::New,
            () if !found.is_empty() || marks.is_market(day) => Liking::Good,
            () => Liking::Plain,
        }
    };
    let ground = Ground {
        period,
        per_day,
        per_week,
        closed: &closed,
        standing: &standing,
        taken: &taken,
        liking: &liking,
        together: wish.together,
    };
    let placed = schedule::propose(&ground, needs);
    let mut proposal = Proposal { unit, period, indicators: Vec::new(), events: Vec::new(), unplaced: Vec::new() };
    for (Placed { days, unplaced }, need) in placed.into_iter().zip(needs) {
        let (Some(unit), indicator) = (by_id.get(&need.unit), &asked[need.indicator].indicator.key) else { continue };
        proposal.events.extend(days.into_iter().map(|day| Proposed {
            unit: (*unit).clone(),
            day,
            indicator: indicator.clone(),
            key_date: on.get(&day).and_then(|found| found.first()).map(|one| (*one).clone()),
            is_market: marks.is_market(day),
            activity_type: type_of(&asked[need.indicator].indicator, catalogue),
            lead: String::new(),
        }));
        proposal.unplaced.extend(unplaced.map(|(missing, reason)| Unplaced {
            unit: (*unit).clone(),
            indicator: indicator.clone(),
            missing,
            reason,
        }));
    }
    proposal.events.sort_by(|one, other| (one.day, &one.unit.code).cmp(&(other.day, &other.unit.code)));
    in_turn(&mut proposal.events, &wish.people, events);
    proposal.indicators = asked.iter().map(|one| one.indicator.clone()).collect();
    Ok(proposal)
}

/// What each unit had something on in the years of the period: (unit, theme's key).
async fn heard<'a>(
    conn: &mut Conn,
    unit: &Unit,
    period: Period,
    catalogue: &'a Catalogue,
) -> Result<HashSet<(i64, &'a str)>> {
    use chrono::Datelike;
    let years = Period { from: Period::year(period.from.year()).from, to: Period::year(period.to.year()).to };
    let cut = Cut { units: Units::Own, part: Part::Theme, ..Cut::default() };
    let totals = figure::store::read(conn, unit, years, &Filter::of_measure(0), cut).await?;
    let key = |id: i64| catalogue.theme_by_id(id).map(|theme| theme.key.as_str());
    Ok(totals.keys().filter_map(|place| Some((place.unit_id, key(place.part_id)?))).collect())
}

/// Gives each session to somebody: who has fewest so far and none on that day, in the order in which they were named.
fn in_turn(proposed: &mut [Proposed], people: &[String], standing: &[Event]) {
    let mut held: Vec<usize> =
        people.iter().map(|name| standing.iter().filter(|event| event.lead == *name).count()).collect();
    let mut last: Vec<Option<Day>> = vec![None; people.len()];
    for session in proposed {
        let is_free = |index: &usize| {
            last[*index] != Some(session.day)
                && !standing.iter().any(|event| event.day == session.day && event.lead == people[*index])
        };
        let next = (0..people.len()).filter(is_free).min_by_key(|index| (held[*index], *index));
        if let Some(index) = next {
            session.lead.clone_from(&people[index]);
            held[index] += 1;
            last[index] = Some(session.day);
        }
    }
}

//! What the first page is made of, read in one transaction and few queries.

use super::{
    figures::{self, Figures},
    store::{self, Recent},
};
use crate::{
    campaign, catalogue,
    domain::{
        access::Role,
        catalogue::{Catalogue, Theme},
        event::Event,
        goal::Status,
        key_date::Occurrence,
        measure::Total,
        period::{Day, Each, Month, Period},
        target::Plan,
        unit::{Unit, UnitKind},
    },
    error::{Error, Result},
    figure::{self, Filter},
    key_date,
    locale::Locale,
    plan::{self, action::GoalRow},
    roster,
    server::{context::Ctx, db::Conn},
    unit,
};
use chrono::{Datelike, Days};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// How far back missed events are called to mind: as far as among the tasks; and how far ahead they are announced, in days.
pub const BACK: u64 = 60;
const AHEAD: u64 = 45;
/// How many campaigns and entries stand on the page.
const CAMPAIGNS: i64 = 6;
const RECENT: i64 = 8;
/// How many key dates stand where no campaign is next.
const KEY_DATES: usize = 4;
/// How many entries with open questions are looked for.
const ASKED: i64 = 50;
/// How far the entries are counted that wait for a look.
pub const WAITING: i64 = 1_000;
/// How many tasks of countdowns are called to mind.
const DUE: i64 = 6;

/// The first page of a unit in a year.
#[derive(Debug)]
pub struct Home {
    pub unit: Unit,
    pub year: i32,
    pub theme: Option<Theme>,
    /// What the reader may choose.
    pub units: Vec<Unit>,
    pub years: Vec<i32>,
    pub catalogue: Catalogue,
    /// Whether anything was ever logged here.
    pub is_empty: bool,
    /// Whether the reader plans for the unit, and whether they log for it.
    pub manages: bool,
    pub logs: bool,
    pub goals: Vec<GoalRow>,
    /// Of a unit without goals of its own: those below it that have some, by code, and how many.
    pub goals_below: Vec<(Unit, usize)>,
    /// The day whose figures the page is of: today, or the year's last day.
    pub as_of: Day,
    /// The unit and all below it, by month and measure; measure 0 counts activities.
    pub months: BTreeMap<(Month, i64), Total>,
    /// By theme and measure, whatever theme is filtered for.
    pub themes: BTreeMap<(i64, i64), Total>,
    pub figures: Figures,
    /// The years that stand side by side.
    pub years_shown: Vec<i32>,
    /// Those that hold here, the last first.
    pub plans: Vec<Plan>,
    pub place: Place,
    /// By time.
    pub events: Vec<Event>,
    pub campaigns: Vec<campaign::store::Outline>,
    /// Where no campaign is next: the key dates ahead, by their first day.
    pub key_dates: Vec<Occurrence>,
    pub recent: Vec<Recent>,
    /// For who plans here: entries whose figures were asked about and nobody answered, and how many entries of the year
    /// came in late.
    pub asked: Vec<Recent>,
    pub late: i64,
    /// How many entries wait for a look, no further than to [`WAITING`].
    pub waiting: i64,
    /// Key dates for which a draft campaign waits, and tasks of countdowns that are due by the end of the week.
    pub drafts: Vec<Occurrence>,
    pub due: Vec<campaign::countdown::task_store::Due>,
    /// How many entries of rosters end soon or wait to be renewed, for who keeps them.
    pub rosters: usize,
}

/// What kind of place the unit is, and what only such a place shows.
#[derive(Debug)]
pub enum Place {
    /// Towns below it, side by side, and what stands at the unit itself as the last.
    County(Vec<Town>),
    /// Villages, communities and schools below it; activities of each by month.
    Town(Vec<figure::action::Covered>),
    /// Nothing below it.
    Village(Vec<figure::action::Covered>),
}

/// A town among others.
#[derive(Debug)]
pub struct Town {
    pub unit: Unit,
    pub totals: BTreeMap<i64, Total>,
    /// Villages, communities and schools that existed this year, and how many of them have any activity.
    pub places: usize,
    pub reached: usize,
    /// The same month by month.
    pub months: Vec<(usize, usize)>,
}

impl Town {
    pub fn left_out(&self) -> usize {
        self.places - self.reached
    }
}

impl Home {
    pub fn period(&self) -> Period {
        Period::year(self.year)
    }

    /// Totals of the year by measure.
    pub fn totals(&self) -> BTreeMap<i64, Total> {
        let mut totals: BTreeMap<i64, Total> = BTreeMap::new();
        for ((_, measure), total) in &self.months {
            *totals.entry(*measure).or_default() += *total;
        }
        totals
    }

    /// Whether there is anything to draw: of this year, or of those around it.
    pub fn has_figures(&self) -> bool {
        !self.months.is_empty() || !self.figures.by_year.is_empty()
    }

    /// The units whose figures stand side by side: towns, or villages and schools; none where there is but one.
    pub fn beside(&self) -> Vec<&Unit> {
        match &self.place {
            Place::County(towns) => {
                towns.iter().map(|town| &town.unit).filter(|unit| unit.id != self.unit.id).collect()
            }
            Place::Village(_) => Vec::new(),
            Place::Town(rows) => {
                let mut units: Vec<&Unit> = rows.iter().map(|row| &row.unit).collect();
                units.dedup_by_key(|unit| unit.id);
                units
            }
        }
    }

    /// The plan that holds in a year; of several the one that began last.
    pub fn plan_of(&self, year: i32) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.period.contains(Period::year(year).to))
    }

    pub fn theme_key(&self) -> Option<&str> {
        self.theme.as_ref().map(|theme| theme.key.as_str())
    }
}

/// Reads the page: `unit`, `year` and `theme` are the query's.
///
/// # Errors
/// [`Error::NotFound`] for a unit outside the reader's scope, and for a reader without any role.
pub async fn home(ctx: &Ctx) -> Result<Home> {
    let actor = ctx.actor()?;
    let scope = actor.scope();
    let mut conn = ctx.db.read().await?;
    let units = unit::store::all(&mut conn, &scope).await?;
    let found = match ctx.query.filled("unit") {
        Some(code) => units.iter().find(|unit| unit.code == code),
        None => units.iter().find(|unit| Some(unit.id) == actor.home_unit_id()),
    };
    let unit = found.ok_or(Error::NotFound)?.clone();
    let this_year = Month::of(ctx.today).year();
    let logged = figure::store::years(&mut conn, &unit).await?;
    let catalogue = catalogue::store::visible(&mut conn, &unit).await?;
    let year = year(ctx, &logged, this_year);
    let theme = ctx.query.filled("theme").and_then(|key| catalogue.theme(key)).cloned();
    let period = Period::year(year);
    let filter = Filter { theme: theme.as_ref().map(|theme| theme.id), ..Filter::all() };
    let below: Vec<&Unit> = units.iter().filter(|own| own.path.starts_with(&unit.path) && own.id != unit.id).collect();
    let is_county = below.iter().any(|own| matches!(own.kind, UnitKind::County | UnitKind::Town));
    let plans = plan::store::plans(&mut conn, &unit, false).await?;
    let ask = figures::Ask {
        unit: &unit,
        towns: is_county,
        year,
        logged: &logged,
        plan_begins: plans.iter().any(|plan| figures::begins_with(plan.period, year)),
        drawn: catalogue.measure(super::many::REACHED).map(|measure| measure.id),
    };
    let figures = figures::read(&mut conn, ask, &filter).await?;
    let place = if is_county {
        let active = figure::store::active_months(&mut conn, &unit, year, filter.theme).await?;
        Place::County(towns(&unit, &below, &figures.units, &active, year))
    } else {
        let here = units.iter().filter(|own| own.path.starts_with(&unit.path)).cloned().collect();
        let covered = figure::action::cover(&unit, here, period, 0, &figures.by_unit);
        if below.is_empty() { Place::Village(covered) } else { Place::Town(covered) }
    };
    let span = Period { from: ctx.today - Days::new(BACK), to: ctx.today + Days::new(AHEAD) };
    let here = campaign::event_store::Filter { unit: Some(unit.clone()), ..Default::default() };
    let events = campaign::event_store::in_period(&mut conn, &scope, span, &here).await?;
    let coming = Period { from: ctx.today, to: span.to };
    let here = campaign::store::Filter {
        unit: Some(unit.clone()),
        period: Some(coming),
        theme: theme.as_ref().map(|theme| theme.key.clone()),
    };
    let mut campaigns = campaign::store::outlines(&mut conn, &scope, &here, CAMPAIGNS).await?;
    campaigns.retain(|campaign| !campaign.cancelled);
    // A page of another year looks back: nobody plans from it.
    let mut key_dates = match campaigns.is_empty() && year == ctx.today.year() {
        true => key_date::action::occurrences(&mut conn, &unit, coming).await?,
        false => Vec::new(),
    };
    key_dates.truncate(KEY_DATES);
    let recent = match logged.contains(&year) {
        true => store::recent(&mut conn, &unit, below.is_empty(), period, RECENT).await?,
        false => Vec::new(),
    };
    let manages = actor.may_manage(&unit);
    let (mut asked, mut late, mut waiting) = (Vec::new(), 0, 0);
    let (mut drafts, mut due, mut rosters) = (Vec::new(), Vec::new(), 0);
    if manages && !matches!(place, Place::County(_)) {
        rosters = roster::mind::reminders(ctx, &mut conn, &unit).await?.len();
        drafts = campaign::draft_action::drafts(&mut conn, &unit, ctx.today).await?.waiting;
        let week = Each::Week.around(ctx.today).map_or(ctx.today, |week| week.to);
        due = campaign::countdown::task_store::due(&mut conn, &unit, week, DUE).await?;
    }
    if manages && logged.contains(&year) {
        asked = store::asked(&mut conn, &unit, period, ASKED).await?;
        (late, waiting) = store::late_and_waiting(&mut conn, &unit, period, WAITING).await?;
    }
    let here = units.iter().filter(|own| own.path.starts_with(&unit.path)).cloned().collect();
    let day = as_of(year, ctx.today);
    let mut goals = plan::action::look_with(ctx, &mut conn, &unit, (here, &catalogue), None, Some(day)).await?.rows;
    let goals_below = match goals.is_empty() && is_county {
        true => goals_below(&mut conn, &unit, &below, &plans, day).await?,
        false => Vec::new(),
    };
    drop(conn);
    // What the town answers for as a whole is not a village's goal, nor is what it asks of schools.
    let asks_others = |goal: &GoalRow| goal.inherited && goal.status == Status::NoData && goal.units.is_empty();
    goals.retain(|goal| !goal.shared && !asks_others(goal));
    let mut goals: Vec<GoalRow> = goals.into_iter().map(|goal| own(goal, &unit, &catalogue, ctx.locale)).collect();
    if let Some(theme) = &theme {
        goals.retain(|goal| goal.theme.as_ref() == Some(&theme.key));
    }
    let mut years: BTreeSet<i32> = logged.iter().copied().collect();
    years.extend([this_year, year]);
    Ok(Home {
        manages,
        logs: actor.may_log(&unit),
        is_empty: logged.is_empty(),
        years: years.into_iter().rev().collect(),
        unit,
        year,
        theme,
        units,
        catalogue,
        goals,
        goals_below,
        as_of: day,
        months: figures.months.clone(),
        themes: figures.themes.clone(),
        years_shown: figures::years_shown(&logged, year),
        figures,
        plans,
        place,
        events,
        campaigns,
        key_dates,
        recent,
        asked,
        late,
        waiting,
        drafts,
        due,
        rosters,
    })
}

/// A goal as the unit reads it: of a share that it alone makes up, its own figure by the measure's name, 进村宣传2次.
fn own(goal: GoalRow, unit: &Unit, catalogue: &Catalogue, locale: Locale) -> GoalRow {
    let mut goal = goal.as_own(&unit.code);
    if let ([key], true) = (goal.measures.as_slice(), goal.own)
        && let Some(measure) = catalogue.measure(key)
    {
        goal.name = locale.name(&measure.name, measure.name_en.as_deref()).to_owned();
    }
    goal
}

/// Which units below one have goals of their own on a day, by code, and how many.
async fn goals_below(
    conn: &mut Conn,
    unit: &Unit,
    below: &[&Unit],
    plans: &[Plan],
    day: Day,
) -> Result<Vec<(Unit, usize)>> {
    let Some(plan) = plans.iter().find(|plan| plan.period.contains(day)) else { return Ok(Vec::new()) };
    let mut found: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for target in plan::target_store::targets(conn, unit, Some(plan.id), true).await? {
        found.entry(target.unit_id).or_default().insert(target.indicator_id);
    }
    let mut units: Vec<(Unit, usize)> =
        below.iter().filter_map(|own| Some(((*own).clone(), found.get(&own.id)?.len()))).collect();
    units.sort_by(|(one, _), (other, _)| one.code.cmp(&other.code));
    Ok(units)
}

/// The year asked for; else this one, or the last one in which anything was logged.
fn year(ctx: &Ctx, logged: &[i32], this_year: i32) -> i32 {
    const KNOWN: std::ops::RangeInclusive<i32> = 1949..=2199;
    let asked = ctx.query.filled("year").and_then(|year| year.parse().ok()).filter(|year| KNOWN.contains(year));
    asked.or_else(|| logged.iter().rev().find(|year| **year <= this_year).copied()).unwrap_or(this_year)
}

/// The day on which a year is looked at: today, or its last day when it is over.
pub fn as_of(year: i32, today: Day) -> Day {
    let period = Period::year(year);
    today.clamp(period.from, period.to)
}

fn towns(
    root: &Unit,
    below: &[&Unit],
    totals: &BTreeMap<(i64, i64), Total>,
    reached: &HashSet<(i64, Month)>,
    year: i32,
) -> Vec<Town> {
    let months = super::months::of_year(year);
    let is_place = |unit: &&&Unit| matches!(unit.kind, UnitKind::Village | UnitKind::Community | UnitKind::School);
    let mut towns: Vec<Town> = below
        .iter()
        .filter(|unit| unit.parent_id == Some(root.id))
        .map(|town| {
            let places: Vec<&Unit> =
                below.iter().filter(is_place).filter(|unit| unit.path.starts_with(&town.path)).copied().collect();
            let there = |unit: &Unit, month: Month| figure::action::exists_in(unit, month);
            let in_month = |month: &Month| {
                let here: Vec<&&Unit> = places.iter().filter(|unit| there(unit, *month)).collect();
                (here.iter().filter(|unit| reached.contains(&(unit.id, *month))).count(), here.len())
            };
            let in_year: Vec<&&Unit> =
                places.iter().filter(|unit| months.iter().any(|month| there(unit, *month))).collect();
            let was_reached = |unit: &Unit| months.iter().any(|month| reached.contains(&(unit.id, *month)));
            Town {
                unit: (*town).clone(),
                totals: of(totals, town.id),
                places: in_year.len(),
                reached: in_year.iter().filter(|unit| was_reached(unit)).count(),
                months: months.iter().map(in_month).collect(),
            }
        })
        .collect();
    // By code: nobody is ranked.
    towns.sort_by(|a, b| a.unit.code.cmp(&b.unit.code));
    let own = of(totals, root.id);
    if !own.is_empty() {
        towns.push(Town { unit: root.clone(), totals: own, places: 0, reached: 0, months: Vec::new() });
    }
    towns
}

fn of(totals: &BTreeMap<(i64, i64), Total>, unit: i64) -> BTreeMap<i64, Total> {
    totals.range((unit, 0)..=(unit, i64::MAX)).map(|((_, measure), total)| (*measure, *total)).collect()
}

/// Whether the reader plans anywhere; then the page begins with what is to be done today.
pub fn is_officer(ctx: &Ctx) -> bool {
    ctx.someone.as_deref().is_some_and(|actor| actor.is_any(&[Role::Admin, Role::Officer]))
}

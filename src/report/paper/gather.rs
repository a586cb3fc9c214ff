//! Reads all that a report tells, in one state of the database: its figures with the facts beside them, and what lies ahead.

use crate::{
    campaign::{
        self,
        event_store::{self, Filter as Events},
    },
    catalogue,
    domain::{
        access::Scope,
        catalogue::Catalogue,
        event::State,
        goal::Status,
        indicator::Kind,
        measure::{Precision, Total, Wording},
        period::{Month, Period},
        report::{
            Span, compose,
            compose::{FEW_INTERACTIVE, MOST_PARTS, Outlook, activities_key},
            snapshot::{Counted, Fact, Named, Snapshot, Source, Sum},
            text::Of,
        },
        responsibility::Stage,
        unit::{Unit, UnitKind},
        wording::{official, sentence::Year},
    },
    error::Result,
    figure::{self, Filter},
    key_date,
    locale::Locale,
    plan::{
        goals::{self, GoalRow},
        words,
    },
    report::{action, store},
    responsibility,
    server::{context::Ctx, db::Conn},
    statement, table, unit,
};
use std::collections::{BTreeMap, BTreeSet};

/// How many units are named before 等.
const NAMED: usize = 6;
/// From this share on a month is called busy, in a period of half a year and more.
const BUSY: f64 = 1.0 / 3.0;
/// The most campaigns and events ahead that are looked at.
const AHEAD: i64 = 500;

/// All that a report tells.
pub struct Gathered {
    pub year: Year,
    pub snapshot: Snapshot,
    pub outlook: Outlook,
}

/// The days that a report made today tells of.
pub async fn days(ctx: &Ctx, conn: &mut Conn, unit: &Unit, span: Span) -> Result<Period> {
    let (cutoff, _) = table::store::cutoff(conn, unit).await?;
    Ok(span.days(cutoff, ctx.today))
}

/// Reads a unit's period, for a report in `locale`; everything is of these days, which are the span's or some of them.
/// Whoever calls has loaded the unit within the reader's scope.
pub async fn gather(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    (span, period): (Span, Period),
    locale: Locale,
) -> Result<Gathered> {
    // What is said, is said in the report's language, whoever reads it.
    let ctx = &Ctx { locale, ..ctx.clone() };
    let catalogue = catalogue::store::everything_for(conn, unit).await?;
    let mut year = action::told(ctx, conn, unit, (period, span.noted(period, locale)), locale).await?;
    let (mut snapshot, outcome) = figures(ctx, conn, unit, period, &catalogue, locale).await?;
    snapshot.days = Some(period);
    snapshot.unit.clone_from(&unit.name);
    year.items = snapshot.items(&Of::All);
    snapshot.facts.push(fact(
        "campaigns",
        locale.paper_fact_campaigns(),
        year.campaigns.to_string(),
        Source::Campaigns,
    ));
    let units = unit::store::at_and_below(conn, unit).await?;
    reached(ctx, conn, unit, period, &units, outcome.activities, &mut snapshot).await?;
    spread(conn, unit, (span, period), outcome.activities, &mut snapshot).await?;
    let seen = catalogue::store::visible(conn, unit).await?;
    let goals = goals::look_with(ctx, conn, unit, (units, &seen), None, Some(period.to)).await?;
    let lost = gaps(locale, goals.rows, &mut snapshot);
    duties(ctx, conn, unit, span.year(), &mut snapshot).await?;
    held(ctx, conn, unit, period, &mut snapshot).await?;
    let outlook = ahead(ctx, conn, unit, (span, period), lost, &mut snapshot).await?;
    Ok(Gathered { year, snapshot, outlook })
}

fn fact(key: impl Into<String>, label: impl Into<String>, words: String, source: Source) -> Fact {
    Fact { key: key.into(), label: label.into(), words, source }
}

/// A number of activities in official words.
fn times(locale: Locale, count: i64) -> String {
    official(Total::of(Precision::Exact, count), &Wording::default(), locale.paper_activities_word(), locale)
}

struct Outcome {
    activities: i64,
}

/// The sums by measure: all, the unit's own, by theme, by campaign; each measure as it is worded here.
async fn figures(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    period: Period,
    catalogue: &Catalogue,
    locale: Locale,
) -> Result<(Snapshot, Outcome)> {
    let all = Filter::all();
    let whole = figure::store::total_by_measure(conn, unit, period, &all).await?;
    let own = figure::store::own_by_unit(conn, unit, period, &all).await?;
    let themes = figure::store::by_theme(conn, unit, period, &all).await?;
    let campaigns = figure::store::by_campaign(conn, unit, period, &all).await?;
    let mut wordings = catalogue::store::wordings(conn, unit).await?;
    let mut snapshot = Snapshot { locale, ..Snapshot::default() };
    let mut keys: BTreeMap<i64, String> = BTreeMap::new();
    for measure in &catalogue.measures {
        if measure.is_stock || (measure.retired && !whole.contains_key(&measure.id)) {
            continue;
        }
        // Units below may each have a measure of the same key: they are told apart.
        let is_taken = snapshot.measures.iter().any(|other| other.key == measure.key);
        let key = if is_taken { format!("{}.{}", measure.key, measure.id) } else { measure.key.clone() };
        keys.insert(measure.id, key.clone());
        snapshot.measures.push(Counted {
            key,
            name: locale.name(&measure.name, measure.name_en.as_deref()).to_owned(),
            unit_word: measure.unit_word.clone(),
            wording: wordings.remove(&measure.id).unwrap_or_else(|| measure.wording.clone()),
        });
    }
    let mut parts: BTreeMap<(bool, i64), Of> = BTreeMap::new();
    for theme in &catalogue.themes {
        let activities = themes.get(&(theme.id, 0)).map_or(0, |total| total.activities);
        let of = Of::Theme(theme.key.clone());
        if activities > 0 || !theme.retired {
            let name = locale.name(&theme.name, theme.name_en.as_deref()).to_owned();
            snapshot.parts.push(Named { of: of.clone(), name, activities });
            parts.insert((false, theme.id), of);
        }
    }
    let ids: BTreeSet<i64> = campaigns.keys().map(|(id, _)| *id).filter(|id| *id != 0).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    // Whoever reads an activity reads the names of its campaigns.
    for one in campaign::store::by_ids(conn, &Scope::everything(), &ids).await? {
        let activities = campaigns.get(&(one.id, 0)).map_or(0, |total| total.activities);
        let of = Of::Campaign(one.key.clone());
        snapshot.parts.push(Named { of: of.clone(), name: one.title, activities });
        parts.insert((true, one.id), of);
    }
    let mut add = |measure_id: i64, of: Of, total: Total| {
        if let Some(key) = keys.get(&measure_id)
            && !total.is_zero()
        {
            snapshot.sums.push(Sum { measure: key.clone(), of, total });
        }
    };
    for (measure_id, total) in &whole {
        add(*measure_id, Of::All, *total);
    }
    for ((_, measure_id), total) in own.iter().filter(|((unit_id, _), _)| *unit_id == unit.id) {
        add(*measure_id, Of::Own, *total);
    }
    for (is_campaign, sums) in [(false, &themes), (true, &campaigns)] {
        for ((part_id, measure_id), total) in sums {
            if let Some(of) = parts.get(&(is_campaign, *part_id)) {
                add(*measure_id, of.clone(), *total);
            }
        }
    }
    let activities = whole.get(&0).map_or(0, |total| total.activities);
    let label = locale.paper_fact_activities();
    let own = own.get(&(unit.id, 0)).map_or(0, |total| total.activities);
    let own_label = locale.paper_label_own(label);
    snapshot.facts.push(fact(activities_key(&Of::Own), own_label, times(locale, own), Source::Ledger));
    snapshot.facts.push(fact(activities_key(&Of::All), label, times(locale, activities), Source::Ledger));
    for part in snapshot.parts.iter().filter(|part| part.activities > 0) {
        let label = locale.paper_label_part(label, &part.name);
        snapshot.facts.push(fact(activities_key(&part.of), label, times(locale, part.activities), Source::Ledger));
    }
    passive(ctx, &mut snapshot, catalogue);
    let counts = statement::store::counts(conn, unit, period).await?;
    if counts.interactive * FEW_INTERACTIVE < counts.entries {
        let share = words::percent(counts.interactive as f64 / counts.entries as f64);
        snapshot.facts.push(fact("interactive", locale.paper_fact_interactive(), share, Source::Ledger));
    }
    Ok((snapshot, Outcome { activities }))
}

/// The themes on which nothing was done in which people take part.
fn passive(ctx: &Ctx, snapshot: &mut Snapshot, catalogue: &Catalogue) {
    let is_interactive = |key: &str| catalogue.measures.iter().any(|measure| measure.key == key && measure.interactive);
    let names: Vec<&str> = snapshot
        .parts
        .iter()
        .filter(|part| matches!(part.of, Of::Theme(_)) && part.activities > 0)
        .filter(|part| !snapshot.sums.iter().any(|sum| sum.of == part.of && is_interactive(&sum.measure)))
        .map(|part| part.name.as_str())
        .take(MOST_PARTS)
        .collect();
    if !names.is_empty() {
        let words = names.join(ctx.locale.report_list());
        snapshot.facts.push(fact("passive_themes", ctx.locale.paper_fact_passive(), words, Source::Ledger));
    }
}

/// Villages and communities for which nothing is on record, also nothing that was done for them from above.
async fn reached(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    period: Period,
    units: &[Unit],
    activities: i64,
    snapshot: &mut Snapshot,
) -> Result<()> {
    let own = figure::store::own_by_unit(conn, unit, period, &Filter::of_measure(0)).await?;
    let covered = store::covered(conn, unit, period).await?;
    let mut left: Vec<&Unit> = units
        .iter()
        .filter(|one| matches!(one.kind, UnitKind::Village | UnitKind::Community) && one.is_active(period.to))
        .filter(|one| !own.contains_key(&(one.id, 0)) && !covered.contains_key(&one.id))
        .collect();
    left.sort_by(|one, other| one.code.cmp(&other.code));
    if activities > 0 && !left.is_empty() && unit.id != left[0].id {
        let names: Vec<&str> = left.iter().map(|one| one.short_name.as_str()).collect();
        let words = named(ctx.locale, &names, |names, count| ctx.locale.paper_villages_and_others(count, names));
        snapshot.facts.push(fact("unreached", ctx.locale.paper_fact_unreached(), words, Source::Ledger));
    }
    Ok(())
}

/// The first names, and how many there are where not all are named.
fn named(locale: Locale, names: &[&str], others: impl Fn(String, usize) -> String) -> String {
    let first = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(locale.report_list());
    if names.len() > NAMED { others(first, names.len()) } else { first }
}

/// The month in which most was done, where it is a large share of the period.
async fn spread(
    conn: &mut Conn,
    unit: &Unit,
    (span, period): (Span, Period),
    activities: i64,
    snapshot: &mut Snapshot,
) -> Result<()> {
    if !matches!(span, Span::Year(_) | Span::Half(..)) || activities == 0 {
        return Ok(());
    }
    let months = figure::store::by_month(conn, unit, period, &Filter::of_measure(0)).await?;
    let busiest = months.iter().map(|((month, _), total)| (total.activities, *month)).max();
    let Some((most, month)) = busiest else { return Ok(()) };
    let share = most as f64 / activities as f64;
    if share >= BUSY {
        let locale = snapshot.locale;
        let words = locale.paper_busiest_words(Month::number(month), words::percent(share));
        snapshot.facts.push(fact("busiest", locale.paper_fact_busiest(), words, Source::Ledger));
    }
    Ok(())
}

/// What the goals lack, as facts; and the names of what can no longer be made up.
fn gaps(locale: Locale, goals: Vec<GoalRow>, snapshot: &mut Snapshot) -> Vec<String> {
    let mut lost = Vec::new();
    for goal in goals {
        if goal.shared || !matches!(goal.status, Status::Behind | Status::Missed) {
            continue;
        }
        if goal.irrecoverable > 0 || goal.days_left == 0 {
            lost.push(goal.name.clone());
        }
        let lacking: Vec<&str> =
            goal.units.iter().filter(|unit| unit.missing > 0).map(|unit| unit.name.as_str()).collect();
        let missing = match goal.kind {
            Kind::Survey => locale.goal_points(words::number(goal.missing * 100.0)),
            _ => words::with_word(goal.missing, &goal.unit_word),
        };
        let words = match (goal.kind, lacking.is_empty()) {
            (Kind::Milestone, _) => locale.paper_gap_open().to_owned(),
            (_, true) => locale.paper_gap_missing(missing),
            (_, false) => {
                // 还差11个村（陈家社区…等）: how many there are is said already.
                let is_said = goal.missing == lacking.len() as f64;
                let names = named(locale, &lacking, |names, count| match is_said {
                    true => format!("{names}{}", locale.paper_planned_more()),
                    false => locale.paper_names_and_others(count, names),
                });
                locale.paper_gap_units(missing, names)
            }
        };
        let key = format!("gap.{}", goal.indicator);
        if snapshot.facts.iter().all(|fact| fact.key != key) {
            snapshot.facts.push(fact(key, goal.name, words, Source::Goals));
        }
    }
    lost
}

/// How far the unit's own responsibility list is.
async fn duties(ctx: &Ctx, conn: &mut Conn, unit: &Unit, year: i32, snapshot: &mut Snapshot) -> Result<()> {
    let lines = responsibility::action::list(ctx, conn, unit, year).await?;
    let own: Vec<_> = lines.iter().filter(|line| line.row.unit_id == unit.id).collect();
    if !own.is_empty() {
        let done = own.iter().filter(|line| line.stage == Stage::Done).count();
        let locale = ctx.locale;
        snapshot.facts.push(fact("duties", locale.paper_fact_duties(), own.len().to_string(), Source::Duties));
        snapshot.facts.push(fact("duties_done", locale.paper_fact_duties_done(), done.to_string(), Source::Duties));
    }
    Ok(())
}

/// How many of the planned events of the period were not held, as far as the ledger knows.
async fn held(ctx: &Ctx, conn: &mut Conn, unit: &Unit, period: Period, snapshot: &mut Snapshot) -> Result<()> {
    let filter = Events { unit: Some(unit.clone()), ..Events::default() };
    let events = event_store::in_period(conn, &ctx.scope()?, period, &filter).await?;
    let count = |wanted: State| events.iter().filter(|event| event.state(ctx.today) == wanted).count();
    let (missed, cancelled) = (count(State::Missed), count(State::Cancelled));
    if missed + cancelled > 0 {
        let locale = ctx.locale;
        let words = match (missed, cancelled) {
            (_, 0) => locale.paper_missed(events.len(), missed),
            (0, _) => locale.paper_cancelled(cancelled, events.len()),
            _ => locale.paper_missed_and_cancelled(cancelled, events.len(), missed),
        };
        snapshot.facts.push(fact("not_held", locale.paper_fact_not_held(), words, Source::Calendar));
    }
    Ok(())
}

/// What is planned from the day after until the end of the period that follows.
async fn ahead(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    (span, days): (Span, Period),
    lost: Vec<String>,
    snapshot: &mut Snapshot,
) -> Result<Outlook> {
    let (locale, scope) = (ctx.locale, ctx.scope()?);
    let next = span.next();
    let period = Period { from: days.to.succ_opt().unwrap_or(days.to), to: next.period().to };
    let filter = Events {
        unit: Some(unit.clone()),
        period: Some(period),
        state: Some((State::Planned, ctx.today)),
        ..Events::default()
    };
    let events = event_store::list(conn, &scope, &filter, None, AHEAD).await?;
    if !events.is_empty() {
        let mut by_title: Vec<(&str, usize)> = Vec::new();
        for event in &events {
            match by_title.iter_mut().find(|(title, _)| *title == event.campaign_title) {
                Some((_, count)) => *count += 1,
                None => by_title.push((&event.campaign_title, 1)),
            }
        }
        let mut titles: Vec<String> =
            by_title.iter().take(MOST_PARTS).map(|(title, count)| locale.paper_planned_of(count, title)).collect();
        if let Some(last) = titles.last_mut()
            && by_title.len() > MOST_PARTS
        {
            last.push_str(locale.paper_planned_more());
        }
        let words = locale.paper_planned_words(events.len(), titles.join(locale.report_list()));
        snapshot.facts.push(fact("planned", locale.paper_fact_planned(), words, Source::Calendar));
    }
    let filter = campaign::store::Filter { unit: Some(unit.clone()), period: Some(period), theme: None };
    let outlines = campaign::store::outlines(conn, &scope, &filter, AHEAD).await?;
    let campaigns: Vec<String> = outlines
        .into_iter()
        .filter(|one| !one.cancelled && period.contains(one.period.from))
        .map(|one| one.title)
        .take(MOST_PARTS)
        .collect();
    let themes: BTreeSet<&str> = snapshot
        .parts
        .iter()
        .filter(|part| part.activities > 0)
        .filter_map(|part| match &part.of {
            Of::Theme(key) => Some(key.as_str()),
            _ => None,
        })
        .collect();
    let mut dates = key_date::action::occurrences(conn, unit, period).await?;
    // What the unit works on, where anything is known of it.
    if dates.iter().any(|date| date.themes.iter().any(|theme| themes.contains(theme.as_str()))) {
        dates.retain(|date| date.themes.iter().any(|theme| themes.contains(theme.as_str())));
    }
    let names: Vec<String> =
        dates.iter().map(|date| locale.name(&date.name, date.name_en.as_deref()).to_owned()).collect();
    let more = names.len().saturating_sub(NAMED);
    Ok(Outlook {
        unit: unit.short_name.clone(),
        when: span.noted(days, locale),
        next: next.text(locale),
        campaigns,
        key_dates: names.into_iter().take(NAMED).collect(),
        more_key_dates: more,
        lost,
    })
}

/// The first texts of what was gathered.
pub fn first_texts(gathered: &Gathered) -> BTreeMap<crate::domain::report::Section, String> {
    compose::compose(&gathered.year, &gathered.snapshot, &gathered.outlook)
}

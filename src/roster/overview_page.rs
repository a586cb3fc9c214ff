//! `/rosters?unit=&as_of=`: all rosters of a unit, what villages and schools lack, what ends soon.

use super::{
    erase_page,
    list_page::{class_hours, day_filter, day_of},
    mind::{self, Reminder},
    split::Split,
    stock_store, town, words,
};
use crate::{
    catalogue,
    domain::{
        indicator::Kind as Asked,
        period::{Day, Period},
        roster::{CLASS_HOURS, CLASS_HOURS_SINCE, Kind},
        unit::{Unit, UnitKind},
    },
    error::Result,
    locale::Locale,
    plan::{
        self,
        action::read_unit,
        entry_store::{self, Held},
        view::{filter_select, neighbours, unit_options},
    },
    server::{context::Ctx, db::Conn},
    ui::{
        page::{Page, page},
        table::{Head, Table},
    },
    unit,
};
use chrono::Datelike;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// How many villages have to have of a roster where no indicator says so: 法律明白人 at least three.
const LITERATE: i64 = 3;
/// Of what a village's line tells.
const VILLAGE_KINDS: [Kind; 3] = [Kind::LawLiterate, Kind::LegalAdviser, Kind::Venue];
/// How many reminders are seen at once; the others are folded away, so that the villages stay in sight.
const FIRST: usize = 8;

/// What stands at each unit as of a day.
struct Board {
    day: Day,
    /// The units that are there on the day.
    units: Vec<Unit>,
    held: BTreeMap<(Kind, i64), Held>,
    needs: BTreeMap<Kind, i64>,
    hours: BTreeMap<i64, i64>,
}

impl Board {
    async fn load(conn: &mut Conn, unit: &Unit, day: Day) -> Result<Board> {
        let mut units = unit::store::at_and_below(conn, unit).await?;
        units.retain(|one| one.is_active(day));
        let catalogue = catalogue::store::visible(conn, unit).await?;
        let indicators = plan::store::indicators(conn, unit, false).await?;
        let mut stocks = entry_store::stocks_held(conn, unit, day).await?;
        let mut held = BTreeMap::new();
        let mut needs = BTreeMap::new();
        for kind in Kind::ALL.iter().filter(|kind| kind.is_stock()) {
            let Some(measure) = catalogue.measure(kind.key()) else { continue };
            for (unit_id, one) in stocks.remove(&measure.id).unwrap_or_default() {
                held.insert((*kind, unit_id), one);
            }
            let asked = indicators
                .iter()
                .filter(|one| one.kind == Asked::Stock && one.measure_id == Some(measure.id))
                .filter_map(|one| one.at_least);
            let usual = if *kind == Kind::LawLiterate { LITERATE } else { 1 };
            needs.insert(*kind, asked.max().unwrap_or(usual));
        }
        for ((kind, unit_id), value) in stock_store::counts(conn, unit, day).await? {
            held.entry((kind, unit_id)).or_insert(Held { value, from_roster: true });
        }
        let hours = mind::logged(conn, unit, Period::year(day.year()), "class_hour").await?;
        Ok(Board { day, units, held, needs, hours })
    }

    fn of(&self, kind: Kind, unit: &Unit) -> Option<Held> {
        self.held.get(&(kind, unit.id)).copied()
    }

    fn whole(&self, kind: Kind) -> i64 {
        self.units.iter().filter_map(|unit| self.of(kind, unit)).map(|held| held.value).sum()
    }

    fn split(&self, kind: Kind) -> Split {
        Split::of(self.units.iter().filter_map(|unit| self.of(kind, unit)))
    }

    /// Whether a unit has less of a roster than is asked.
    fn lacks(&self, kind: Kind, unit: &Unit) -> bool {
        let need = self.needs.get(&kind).copied().unwrap_or(1);
        self.of(kind, unit).map_or(0, |held| held.value) < need
    }

    /// The units that are asked for it, and how many of them have what is asked.
    fn covered(&self, kind: Kind) -> (usize, usize) {
        let need = self.needs.get(&kind).copied().unwrap_or(1);
        let asks = match kind {
            Kind::VicePrincipal => UnitKind::School,
            _ => UnitKind::Village,
        };
        let asked: Vec<&Unit> = self.units.iter().filter(|unit| unit.kind.answers_to(asks)).collect();
        let enough = |unit: &&&Unit| self.of(kind, unit).is_some_and(|held| held.value >= need);
        (asked.len(), asked.iter().filter(enough).count())
    }
}

/// All rosters.
pub fn rosters() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let day = day_of(&ctx);
        let mut conn = ctx.db.read().await?;
        let unit = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        let board = Board::load(&mut conn, &unit, day).await?;
        let reminders = mind::reminders(&ctx, &mut conn, &unit).await?;
        drop(conn);
        let filters = view! {
            <form method="get" class="filters">
                {filter_select("unit", locale.goals_unit(), unit_options(&units), unit.code.clone())}
                {day_filter(locale, day)}
                <button class="button">{locale.show()}</button>
            </form>
        };
        let cards = Kind::ALL.iter().map(|kind| card(locale, &board, *kind, &unit.code)).collect_view();
        let body = view! {
            {filters}
            <p class="lead">{locale.rosters_lead()}</p>
            <ul class="cards">{cards}</ul>
            {section(&ctx, &reminders)}
            {villages(locale, &board, &unit)}
            {schools(&ctx, &board, &unit)}
            <p class="hint">{locale.roster_purpose()}" "{erase_page::link(&ctx)}</p>
            {neighbours(&ctx, &unit)}
        };
        Ok(Page::new("/goals", locale.rosters_of(&unit.short_name), body))
    })
}

fn card(locale: Locale, board: &Board, kind: Kind, code: &str) -> impl IntoView + use<> {
    let address = format!("/rosters/{kind}?unit={code}&as_of={}", board.day);
    let (asked, enough) = board.covered(kind);
    let need = board.needs.get(&kind).copied();
    let (whole, word) = (board.whole(kind), words::counter(locale, kind));
    let split = board.split(kind).view(locale, kind, code, board.day);
    let covered = need.filter(|_| asked > 0).map(|need| match kind {
        Kind::VicePrincipal => locale.roster_covered_schools(asked, enough, need, word),
        _ => locale.roster_covered(asked, enough, need, word),
    });
    view! {
        <li class="card">
            <h2><a href=address>{words::title(locale, kind)}</a></h2>
            <p class="figure">{format!("{whole} ")}<small>{word}</small></p>
            {split}
            {covered.map(|text| view! { <p class="muted">{text}</p> })}
        </li>
    }
}

/// What is called to mind; nothing where nothing is.
pub(super) fn section(ctx: &Ctx, reminders: &[Reminder]) -> Option<AnyView> {
    let locale = ctx.locale;
    if reminders.is_empty() {
        return None;
    }
    let line = |one: &Reminder| {
        let (subject, words) = (one.subject(locale), one.words(locale, ctx.today));
        view! { <li><a href=one.address()>{subject}</a>" "<span class="muted">{words}</span></li> }
    };
    let (first, rest) = reminders.split_at(reminders.len().min(FIRST));
    let first = first.iter().map(line).collect_view();
    let more = (!rest.is_empty()).then(|| {
        let items = rest.iter().map(line).collect_view();
        view! { <details><summary>{locale.roster_more_lines(rest.len())}</summary><ul class="agenda">{items}</ul></details> }
    });
    Some(
        view! {
            <section id="reminders">
                <h2>{locale.roster_reminders()}" "<span class="muted">{reminders.len()}</span></h2>
                <ul class="agenda">{first}</ul>
                {more}
            </section>
        }
        .into_any(),
    )
}

/// What there is at a unit, and what is missing; a typed stock says so.
fn cell(locale: Locale, board: &Board, kind: Kind, unit: &Unit) -> impl IntoView + use<> {
    let need = board.needs.get(&kind).copied().unwrap_or(1);
    let held = board.of(kind, unit);
    let value = held.map_or(0, |held| held.value);
    let address = format!("/rosters/{kind}?unit={}&as_of={}", unit.code, board.day);
    let typed = held.is_some_and(|held| !held.from_roster);
    view! {
        <td>
            <a href=address>{value}</a>
            {(value < need).then(|| view! { " "<span class="tag warn">{locale.roster_missing(need - value)}</span> })}
            {typed.then(|| view! { " "<span class="muted">{locale.roster_typed()}</span> })}
        </td>
    }
}

/// Villages and communities in the order of their codes.
fn villages(locale: Locale, board: &Board, root: &Unit) -> Option<impl IntoView + use<>> {
    let villages: Vec<&Unit> = board.units.iter().filter(|unit| unit.kind.answers_to(UnitKind::Village)).collect();
    if villages.is_empty() {
        return None;
    }
    let lines = by_town(board, root, villages, |villages| {
        let lacking = villages.iter().filter(|unit| VILLAGE_KINDS.iter().any(|kind| board.lacks(*kind, unit))).count();
        let places = locale.roster_places_villages(villages.len());
        (locale.roster_town_lacking(lacking, places), village_table(locale, board, villages))
    });
    Some(view! { <section><h2>{locale.roster_villages()}</h2>{lines}</section> })
}

/// Units as one table, or, where a county's would be some hundred lines, one folded away for each town.
fn by_town(board: &Board, root: &Unit, units: Vec<&Unit>, table: impl Fn(&[&Unit]) -> (String, AnyView)) -> AnyView {
    let groups = town::by_town(root, &board.units, units, |unit| &unit.path);
    if let [(_, units)] = groups.as_slice() {
        return table(units).1;
    }
    let folded = groups.into_iter().map(|(name, units)| {
        let (said, table) = table(&units);
        town::folded(name, said, table)
    });
    folded.collect_view().into_any()
}

fn village_table(locale: Locale, board: &Board, villages: &[&Unit]) -> AnyView {
    let rows = villages
        .iter()
        .map(|unit| {
            let cells = VILLAGE_KINDS.map(|kind| cell(locale, board, kind, unit)).into_iter().collect_view();
            view! { <tr><th scope="row">{unit.short_name.clone()}</th>{cells}</tr> }
        })
        .collect_view();
    let mut heads = vec![Head::Text(locale.roster_village())];
    heads.extend(VILLAGE_KINDS.map(|kind| Head::Text(words::title(locale, kind))));
    let caption = locale.roster_villages_caption(board.day);
    view! { <Table caption heads>{rows}</Table> }.into_any()
}

/// How far the class hours of the year are, in words: how many schools had them, what is still to give and how long there is.
fn hours_summary(locale: Locale, board: &Board, schools: &[&Unit], today: Day) -> String {
    let given = |unit: &&&Unit| board.hours.get(&unit.id).copied().unwrap_or_default();
    let enough = schools.iter().filter(|unit| given(unit) >= CLASS_HOURS).count();
    let missing: i64 = schools.iter().map(|unit| (CLASS_HOURS - given(&unit)).max(0)).sum();
    let year = board.day.year();
    let days = Period::year(year).to.signed_duration_since(today).num_days();
    let rest = match missing {
        0 => String::new(),
        // How long there is matters in the year that runs.
        _ if year == today.year() && days > 0 => locale.roster_hours_rest(days, missing),
        _ => locale.roster_hours_rest_past(missing),
    };
    locale.roster_hours_summary(CLASS_HOURS, enough, rest, schools.len(), year)
}

/// Schools in the order of their codes: who serves there, and the class hours of the year with what is still to give.
fn schools(ctx: &Ctx, board: &Board, root: &Unit) -> Option<impl IntoView + use<>> {
    let locale = ctx.locale;
    let schools: Vec<&Unit> = board.units.iter().filter(|unit| unit.kind == UnitKind::School).collect();
    if schools.is_empty() {
        return None;
    }
    let summary = (board.day.year() >= CLASS_HOURS_SINCE).then(|| hours_summary(locale, board, &schools, ctx.today));
    let lines = by_town(board, root, schools, |schools| {
        (locale.roster_places_schools(schools.len()), school_table(ctx, board, schools))
    });
    Some(view! {
        <section>
            <h2>{locale.roster_schools()}</h2>
            {summary.map(|text| view! { <p>{text}</p> })}
            {lines}
        </section>
    })
}

fn school_table(ctx: &Ctx, board: &Board, schools: &[&Unit]) -> AnyView {
    let locale = ctx.locale;
    let year = board.day.year();
    let asks = year >= CLASS_HOURS_SINCE;
    let may_log = |unit: &Unit| year == ctx.today.year() && ctx.actor().is_ok_and(|actor| actor.may_log(unit));
    let rows = schools
        .iter()
        .map(|unit| {
            let given = board.hours.get(&unit.id).copied().unwrap_or_default();
            let hours = asks.then(|| {
                let log = (given < CLASS_HOURS && may_log(unit)).then(|| {
                    let address = format!("/log/class_hour?unit={}", unit.code);
                    view! { " "<a href=address>{locale.roster_hours_log()}</a> }
                });
                view! { <td>{class_hours(locale, &unit.code, year, given)}{log}</td> }
            });
            view! {
                <tr>
                    <th scope="row">{unit.short_name.clone()}</th>
                    {cell(locale, board, Kind::VicePrincipal, unit)}
                    {hours}
                </tr>
            }
        })
        .collect_view();
    let mut heads = vec![Head::Text(locale.roster_school()), Head::Text(words::title(locale, Kind::VicePrincipal))];
    if asks {
        heads.push(Head::Text(locale.roster_class_hours()));
    }
    let caption =
        if asks { locale.roster_schools_caption(year) } else { locale.roster_schools_caption_before(board.day) };
    view! { <Table caption heads>{rows}</Table> }.into_any()
}

//! Totals: whole months and years from `rollup`, what a period's ends add or take off from the ledger by index.
//!
//! A unit's subtree is one unit's rows, kept so by every write; children are never added up. Measure 0 counts
//! activities without regard to measure.

use super::{
    Cut, Filter, Part, Time, Units,
    span::{self, Pieces, Stored},
};
use crate::{
    domain::{
        measure::{Precision, Total},
        period::{Day, Month, Period},
        unit::{Unit, ancestry, path_end},
    },
    error::Result,
    run,
    server::db::Conn,
};
use sqlx::{FromRow, QueryBuilder};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// Where a sum belongs; what was not asked to be told apart is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub unit_id: i64,
    /// 202106 for a month, 202100 for a year.
    pub time: i64,
    /// A theme's or campaign's id; 0 also stands for those with none.
    pub part_id: i64,
    pub measure_id: i64,
}

/// Sums by place, without those that are nothing.
pub type Totals = BTreeMap<Place, Total>;

/// The unit and all below it.
pub async fn total_by_measure(
    conn: &mut Conn,
    unit: &Unit,
    period: Period,
    filter: &Filter,
) -> Result<BTreeMap<i64, Total>> {
    let totals = read(conn, unit, period, filter, Cut::default()).await?;
    Ok(totals.into_iter().map(|(place, total)| (place.measure_id, total)).collect())
}

/// The unit and all below it, by month and measure.
pub async fn by_month(
    conn: &mut Conn,
    unit: &Unit,
    period: Period,
    filter: &Filter,
) -> Result<BTreeMap<(Month, i64), Total>> {
    let totals = read(conn, unit, period, filter, Cut { time: Time::Month, ..Cut::default() }).await?;
    Ok(totals
        .into_iter()
        .filter_map(|(place, total)| Some(((Month::from_index(place.time)?, place.measure_id), total)))
        .collect())
}

/// The unit and all below it, by year and measure.
pub async fn by_year(
    conn: &mut Conn,
    unit: &Unit,
    period: Period,
    filter: &Filter,
) -> Result<BTreeMap<(i32, i64), Total>> {
    let totals = read(conn, unit, period, filter, Cut { time: Time::Year, ..Cut::default() }).await?;
    Ok(totals
        .into_iter()
        .filter_map(|(place, total)| Some(((i32::try_from(place.time / 100).ok()?, place.measure_id), total)))
        .collect())
}

/// Each unit right below with all below that, and what stands at the unit itself, by unit id and measure.
pub async fn by_child(
    conn: &mut Conn,
    unit: &Unit,
    period: Period,
    filter: &Filter,
) -> Result<BTreeMap<(i64, i64), Total>> {
    let totals = read(conn, unit, period, filter, Cut { units: Units::Children, ..Cut::default() }).await?;
    Ok(totals.into_iter().map(|(place, total)| ((place.unit_id, place.measure_id), total)).collect())
}

/// By theme id (0: none) and measure; an activity on several themes stands in each.
pub async fn by_theme(
    conn: &mut Conn,
    unit: &Unit,
    period: Period,
    filter: &Filter,
) -> Result<BTreeMap<(i64, i64), Total>> {
    let totals = read(conn, unit, period, filter, Cut { part: Part::Theme, ..Cut::default() }).await?;
    Ok(totals.into_iter().map(|(place, total)| ((place.part_id, place.measure_id), total)).collect())
}

/// By campaign id (0: none) and measure; an activity of several campaigns stands in each.
pub async fn by_campaign(
    conn: &mut Conn,
    unit: &Unit,
    period: Period,
    filter: &Filter,
) -> Result<BTreeMap<(i64, i64), Total>> {
    let totals = read(conn, unit, period, filter, Cut { part: Part::Campaign, ..Cut::default() }).await?;
    Ok(totals.into_iter().map(|(place, total)| ((place.part_id, place.measure_id), total)).collect())
}

/// What stands at each unit itself, at and below `root`, by unit id and measure.
pub async fn own_by_unit(
    conn: &mut Conn,
    root: &Unit,
    period: Period,
    filter: &Filter,
) -> Result<BTreeMap<(i64, i64), Total>> {
    let totals = read(conn, root, period, filter, Cut { units: Units::Own, ..Cut::default() }).await?;
    Ok(totals.into_iter().map(|(place, total)| ((place.unit_id, place.measure_id), total)).collect())
}

/// As [`own_by_unit`], by month too.
pub async fn own_by_unit_month(
    conn: &mut Conn,
    root: &Unit,
    period: Period,
    filter: &Filter,
) -> Result<BTreeMap<(i64, Month, i64), Total>> {
    let cut = Cut { units: Units::Own, time: Time::Month, ..Cut::default() };
    let totals = read(conn, root, period, filter, cut).await?;
    Ok(totals
        .into_iter()
        .filter_map(|(place, total)| Some(((place.unit_id, Month::from_index(place.time)?, place.measure_id), total)))
        .collect())
}

/// The totals of a period, told apart as `cut` asks: one query for whole months, one for each ragged end.
pub async fn read(conn: &mut Conn, root: &Unit, period: Period, filter: &Filter, cut: Cut) -> Result<Totals> {
    let mut totals = Totals::new();
    match slice(filter, cut.part) {
        Some((slice, slice_id)) => {
            let pieces = Pieces::of(period, cut.time, slice == 0);
            if let Some(stored) = &pieces.stored {
                read_rollup(conn, root, stored, (slice, slice_id), filter.measure, cut, &mut totals).await?;
            }
            if let Some(before) = pieces.before {
                for (place, total) in read_ledger(conn, root, before, filter, cut).await? {
                    *totals.entry(place).or_default() += total;
                }
            }
            if let Some(beyond) = pieces.beyond {
                for (place, total) in read_ledger(conn, root, beyond, filter, cut).await? {
                    let counted = totals.entry(place).or_default();
                    *counted = *counted - total;
                }
            }
        }
        None => totals = read_ledger(conn, root, period, filter, cut).await?,
    }
    totals.retain(|_, total| !total.is_zero());
    Ok(totals)
}

/// The slice of `rollup` that answers, and which of its parts (`None`: all); `None` where no slice does.
fn slice(filter: &Filter, part: Part) -> Option<(i64, Option<i64>)> {
    if filter.activity_type.is_some() || filter.interactive.is_some() {
        return None;
    }
    match (filter.theme, filter.campaign, part) {
        (None, None, Part::Whole) => Some((0, Some(0))),
        (theme, None, Part::Theme) => Some((1, theme)),
        (Some(theme), None, Part::Whole) => Some((1, Some(theme))),
        (None, campaign, Part::Campaign) => Some((2, campaign)),
        (None, Some(campaign), Part::Whole) => Some((2, Some(campaign))),
        _ => None,
    }
}

#[derive(FromRow)]
struct Stand {
    unit_id: i64,
    period: i64,
    slice_id: i64,
    measure_id: i64,
    exact: i64,
    at_least: i64,
    estimate: i64,
    activities: i64,
}

async fn read_rollup(
    conn: &mut Conn,
    root: &Unit,
    stored: &Stored,
    (slice, slice_id): (i64, Option<i64>),
    measure: Option<i64>,
    cut: Cut,
    totals: &mut Totals,
) -> Result<()> {
    let zero = "cast(0 as bigint)";
    let told = [
        if cut.units == Units::Whole { zero } else { "unit_id" },
        if cut.time == Time::Whole { zero } else { "period" },
        if cut.part == Part::Whole { zero } else { "slice_id" },
    ];
    let rows: Vec<Stand> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new("select ");
        for (column, name) in told.iter().zip(["unit_id", "period", "slice_id"]) {
            query.push(column).push(" as ").push(name).push(", ");
        }
        query.push("measure_id");
        for name in ["exact", "at_least", "estimate", "activities"] {
            query.push(", cast(sum(");
            match cut.units {
                Units::Whole => query.push(name),
                Units::Own => query.push("own_").push(name),
                Units::Children => query.push("case when unit_id = ").push_bind(root.id)
                    .push(" then own_").push(name).push(" else ").push(name).push(" end"),
            };
            query.push(") as bigint) as ").push(name);
        }
        query.push(" from rollup where unit_id ");
        match cut.units {
            Units::Whole => query.push("= ").push_bind(root.id),
            Units::Own => query.push("in (select id from unit where path >= ").push_bind(root.path.clone())
                .push(" and path < ").push_bind(path_end(&root.path)).push(")"),
            Units::Children => query.push("in (select id from unit where id = ").push_bind(root.id)
                .push(" or parent_id = ").push_bind(root.id).push(")"),
        };
        query.push(" and slice = ").push_bind(slice);
        match stored {
            Stored::Listed(periods) => {
                query.push(" and period in (");
                let mut list = query.separated(", ");
                for period in periods {
                    list.push_bind(*period);
                }
                query.push(")");
            }
            Stored::Months(from, to) => {
                query.push(" and period >= ").push_bind(*from).push(" and period <= ").push_bind(*to);
                query.push(" and period % 100 <> 0");
            }
        }
        if let Some(id) = slice_id {
            query.push(" and slice_id = ").push_bind(id);
        }
        if let Some(id) = measure {
            query.push(" and measure_id = ").push_bind(id);
        }
        query.push(" group by measure_id");
        for column in told.iter().filter(|column| **column != zero) {
            query.push(", ").push(column);
        }
        query.build_query_as().fetch_all(c).await
    })?;
    for row in rows {
        let time = match cut.time {
            Time::Year => row.period / 100 * 100,
            _ => row.period,
        };
        let Stand { unit_id, slice_id: part_id, measure_id, exact, at_least, estimate, activities, .. } = row;
        *totals.entry(Place { unit_id, time, part_id, measure_id }).or_default() +=
            Total { exact, at_least, estimate, activities };
    }
    Ok(())
}

/// Adds what narrows a filter besides measure, theme and campaign: the type, and whether people take part.
macro_rules! push_narrowed {
    ($query:expr, $filter:expr) => {
        if let Some(id) = $filter.activity_type {
            $query.push(" and activity.type_id = ").push_bind(id);
        }
        if let Some(yes) = $filter.interactive {
            $query.push(if yes { " and exists " } else { " and not exists " });
            $query.push(
                "(select 1 from quantity i join measure on measure.id = i.measure_id \
                 where i.activity_id = activity.id and measure.interactive)",
            );
        }
    };
}

pub(crate) use push_narrowed;

#[derive(FromRow)]
struct Line {
    id: Uuid,
    path: String,
    day: Day,
    day_to: Option<Day>,
    part_id: i64,
    measure_id: i64,
    #[sqlx(try_from = "String")]
    precision: Precision,
    value: i64,
}

/// What the ledger has in `window`: entries that begin in it, and those that began before and last into it.
async fn read_ledger(conn: &mut Conn, root: &Unit, window: Period, filter: &Filter, cut: Cut) -> Result<Totals> {
    let lines: Vec<Line> = run!(conn, c => {
        let mut query = QueryBuilder::new("");
        for begins_before in [false, true] {
            query.push(if begins_before { " union all " } else { "" });
            query.push("select activity.id, unit.path, activity.day, activity.day_to, ");
            query.push(match cut.part {
                Part::Whole => "cast(0 as bigint)",
                Part::Theme => "coalesce(part.theme_id, 0)",
                Part::Campaign => "coalesce(part.campaign_id, 0)",
            });
            query.push(" as part_id, quantity.measure_id, quantity.precision, quantity.value from activity \
                        join unit on unit.id = activity.unit_id join quantity on quantity.activity_id = activity.id");
            query.push(match cut.part {
                Part::Whole => "",
                Part::Theme => " left join activity_theme part on part.activity_id = activity.id",
                Part::Campaign => " left join activity_campaign part on part.activity_id = activity.id",
            });
            query.push(" where unit.path >= ").push_bind(root.path.clone());
            query.push(" and unit.path < ").push_bind(path_end(&root.path));
            query.push(" and activity.status <> 'withdrawn'");
            if begins_before {
                query.push(" and activity.day_to >= ").push_bind(window.from);
                query.push(" and activity.day < ").push_bind(window.from);
            } else {
                query.push(" and activity.day >= ").push_bind(window.from);
                query.push(" and activity.day <= ").push_bind(window.to);
            }
            push_narrowed!(query, filter);
            // 0 counts activities whatever they are made of.
            if let Some(id) = filter.measure.filter(|id| *id != 0) {
                query.push(" and quantity.measure_id = ").push_bind(id);
            }
            match filter.theme {
                None => {}
                Some(id) if cut.part == Part::Theme => {
                    query.push(" and coalesce(part.theme_id, 0) = ").push_bind(id);
                }
                Some(0) => {
                    query.push(" and not exists (select 1 from activity_theme x where x.activity_id = activity.id)");
                }
                Some(id) => {
                    query.push(" and exists (select 1 from activity_theme x where x.activity_id = activity.id \
                                and x.theme_id = ").push_bind(id).push(")");
                }
            }
            match filter.campaign {
                None => {}
                Some(id) if cut.part == Part::Campaign => {
                    query.push(" and coalesce(part.campaign_id, 0) = ").push_bind(id);
                }
                Some(0) => {
                    query.push(" and not exists (select 1 from activity_campaign x where x.activity_id = activity.id)");
                }
                Some(id) => {
                    query.push(" and exists (select 1 from activity_campaign x where x.activity_id = activity.id \
                                and x.campaign_id = ").push_bind(id).push(")");
                }
            }
        }
        query.build_query_as().fetch_all(c).await
    })?;
    let mut totals = Totals::new();
    add_lines(lines, root, window, filter.measure, cut, &mut totals);
    Ok(totals)
}

/// Adds lines of the ledger, their values spread over the days they lasted; an activity counts on its first day.
fn add_lines(lines: Vec<Line>, root: &Unit, window: Period, measure: Option<i64>, cut: Cut, totals: &mut Totals) {
    let mut counted: HashSet<(Uuid, i64, i64)> = HashSet::new();
    for line in lines {
        let unit_id = match cut.units {
            Units::Whole => 0,
            Units::Own => ancestry(&line.path).pop().unwrap_or(root.id),
            Units::Children => {
                ancestry(line.path.get(root.path.len()..).unwrap_or_default()).first().copied().unwrap_or(root.id)
            }
        };
        let lasted = Period { from: line.day, to: line.day_to.unwrap_or(line.day).max(line.day) };
        let Some(common) = lasted.intersection(window) else { continue };
        let place = |time, measure_id| Place { unit_id, time, part_id: line.part_id, measure_id };
        if measure != Some(0) {
            for piece in span::split(common, cut.time) {
                let value = span::within(line.value, lasted, piece);
                let total = totals.entry(place(span::name(cut.time, piece.from), line.measure_id)).or_default();
                *total += Total::of(line.precision, value);
            }
        }
        if window.contains(line.day) {
            let time = span::name(cut.time, line.day);
            // 0 counts the activity itself; asked for one measure, nobody asks for that.
            for id in [line.measure_id, 0] {
                let asked = measure.is_none_or(|asked| asked == id);
                if asked && counted.insert((line.id, line.part_id, id)) {
                    totals.entry(place(time, id)).or_default().activities += 1;
                }
            }
        }
    }
}

/// In which months of a year anything was logged, on a theme (0: none) where one is asked for, at which units at and below
/// `root` themselves.
pub async fn active_months(
    conn: &mut Conn,
    root: &Unit,
    year: i32,
    theme: Option<i64>,
) -> Result<HashSet<(i64, Month)>> {
    let period = Period::year(year);
    let rows: Vec<(i64, i64)> = run!(conn, c => sqlx::query_as(
        "select unit_id, period from rollup where unit_id in (select id from unit where path >= $1 and path < $2) \
         and slice = $3 and slice_id = $4 and measure_id = 0 and own_activities > 0 \
         and period >= $5 and period <= $6 and period % 100 <> 0",
    )
    .bind(&root.path).bind(path_end(&root.path)).bind(i64::from(theme.is_some())).bind(theme.unwrap_or(0))
    .bind(Month::of(period.from).index()).bind(Month::of(period.to).index()).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(|(unit, month)| Some((unit, Month::from_index(month)?))).collect())
}

/// The years in which anything was logged at a unit or below, the first first.
pub async fn years(conn: &mut Conn, unit: &Unit) -> Result<Vec<i32>> {
    let periods: Vec<i64> = run!(conn, c => sqlx::query_scalar(
        "select period from rollup where unit_id = $1 and slice = 0 and slice_id = 0 and measure_id = 0 \
         and period % 100 = 0 and activities > 0 order by period",
    ).bind(unit.id).fetch_all(c).await)?;
    Ok(periods.into_iter().filter_map(|period| i32::try_from(period / 100).ok()).collect())
}

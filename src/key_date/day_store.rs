//! Holidays, market days and blackouts in the database.

use super::store::push_above;
use crate::{
    domain::{
        day_mark::{Blackout, Calendar, DayMarks, Holiday, HolidayKind, Market, known_holidays},
        period::{Day, Period},
        unit::{Unit, path_end},
    },
    error::Result,
    execute, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use std::collections::BTreeMap;

/// Puts in the holidays of the notices that the almanac knows and that are missing.
pub(super) async fn seed(conn: &mut Conn) -> Result<()> {
    let known = known_holidays();
    run!(conn, c => {
        let mut query = QueryBuilder::new("insert into holiday (day, kind, name, name_en) ");
        query.push_values(&known, |mut row, (day, one)| {
            let kind = if one.rest { HolidayKind::Rest } else { HolidayKind::Work };
            row.push_bind(*day).push_bind(kind.key()).push_bind(&one.name).push_bind(&one.name_en);
        });
        query.push(" on conflict do nothing");
        query.build().execute(c).await.map(|_| ())
    })?;
    Ok(())
}

/// What a unit, or the program, says of a day.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct HolidayRow {
    pub day: Day,
    /// Nobody's: built in.
    pub unit_id: Option<i64>,
    #[sqlx(try_from = "String")]
    pub kind: HolidayKind,
    pub name: String,
    pub name_en: Option<String>,
}

/// What holds for a unit of each day of a period: what the nearest unit says of it. By day.
pub async fn holidays(conn: &mut Conn, unit: &Unit, period: Period) -> Result<Vec<HolidayRow>> {
    let ancestry = unit.ancestry();
    let rows: Vec<HolidayRow> = run!(conn, c => {
        let mut query = QueryBuilder::new("select day, unit_id, kind, name, name_en from holiday where day >= ");
        query.push_bind(period.from).push(" and day <= ").push_bind(period.to).push(" and ");
        push_above!(query, &ancestry);
        query.build_query_as().fetch_all(c).await
    })?;
    let nearness =
        |row: &HolidayRow| row.unit_id.and_then(|id| ancestry.iter().position(|own| *own == id).map(|at| at + 1));
    let mut nearest: BTreeMap<Day, HolidayRow> = BTreeMap::new();
    for row in rows {
        match nearest.get(&row.day) {
            Some(former) if nearness(former) > nearness(&row) => {}
            _ => {
                nearest.insert(row.day, row);
            }
        }
    }
    Ok(nearest.into_values().collect())
}

/// Puts what a unit says of a day in place of what it said before.
pub async fn put_holiday(conn: &mut Conn, unit_id: i64, day: Day, kind: HolidayKind, name: &str) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into holiday (day, unit_id, kind, name) values ($1, $2, $3, $4) \
             on conflict (day, coalesce(unit_id, 0)) do update set kind = excluded.kind, name = excluded.name"
        )
        .bind(day)
        .bind(unit_id)
        .bind(kind.key())
        .bind(name)
    )?;
    Ok(())
}

/// The market days of the units above and below a unit, its own included.
pub async fn markets(conn: &mut Conn, unit: &Unit) -> Result<Vec<Market>> {
    let rows: Vec<(String, String, String)> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select unit.path, market.calendar, market.digits from market join unit on unit.id = market.unit_id \
             where market.digits <> '' and ((unit.path >= ",
        );
        query.push_bind(unit.path.clone()).push(" and unit.path < ").push_bind(path_end(&unit.path)).push(") or ");
        push_above!(query, &unit.ancestry());
        query.push(")");
        query.build_query_as().fetch_all(c).await
    })?;
    let market = |(path, calendar, digits): (String, String, String)| {
        let digits = digits.split(',').filter_map(|digit| digit.parse().ok()).collect();
        Some(Market { path, calendar: Calendar::from_key(&calendar)?, digits })
    };
    Ok(rows.into_iter().filter_map(market).collect())
}

/// Puts a unit's market days in place of the former ones.
pub async fn put_market(conn: &mut Conn, unit_id: i64, calendar: Calendar, digits: &[u32]) -> Result<()> {
    let digits: Vec<String> = digits.iter().map(u32::to_string).collect();
    execute!(
        conn,
        sqlx::query(
            "insert into market (unit_id, calendar, digits) values ($1, $2, $3) \
             on conflict (unit_id) do update set calendar = excluded.calendar, digits = excluded.digits"
        )
        .bind(unit_id)
        .bind(calendar.key())
        .bind(digits.join(","))
    )?;
    Ok(())
}

/// A stored blackout.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct BlackoutRow {
    pub id: i64,
    pub unit_id: i64,
    pub unit_code: String,
    pub unit_name: String,
    pub unit_path: String,
    pub from_day: Day,
    pub to_day: Day,
    pub reason: String,
}

/// The blackouts with a day in the period, of the units above and below a unit, its own included. By beginning.
pub async fn blackouts(conn: &mut Conn, unit: &Unit, period: Period) -> Result<Vec<BlackoutRow>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select blackout.id, unit.id as unit_id, unit.code as unit_code, unit.short_name as unit_name, \
             unit.path as unit_path, from_day, to_day, reason from blackout join unit on unit.id = blackout.unit_id \
             where withdrawn_at is null and from_day <= ",
        );
        query.push_bind(period.to).push(" and to_day >= ").push_bind(period.from).push(" and ((unit.path >= ");
        query.push_bind(unit.path.clone()).push(" and unit.path < ").push_bind(path_end(&unit.path)).push(") or ");
        push_above!(query, &unit.ancestry());
        query.push(") order by from_day, unit.code, blackout.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// Stores a blackout; its id.
pub async fn add_blackout(conn: &mut Conn, unit_id: i64, period: Period, reason: &str) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "insert into blackout (unit_id, from_day, to_day, reason) values ($1, $2, $3, $4) returning id",
    ).bind(unit_id).bind(period.from).bind(period.to).bind(reason).fetch_one(c).await)?)
}

/// The unit of a blackout that was not withdrawn.
pub async fn blackout_unit(conn: &mut Conn, id: i64) -> Result<Option<i64>> {
    Ok(run!(conn, c => {
        sqlx::query_scalar("select unit_id from blackout where id = $1 and withdrawn_at is null")
            .bind(id).fetch_optional(c).await
    })?)
}

/// Withdraws a blackout.
pub async fn withdraw_blackout(conn: &mut Conn, id: i64, now: DateTime<Utc>) -> Result<()> {
    execute!(conn, sqlx::query("update blackout set withdrawn_at = $1 where id = $2").bind(now).bind(id))?;
    Ok(())
}

/// What a unit knows of the days of a period.
pub async fn marks(conn: &mut Conn, unit: &Unit, period: Period) -> Result<DayMarks> {
    let holidays = holidays(conn, unit, period).await?;
    let named = holidays.into_iter().filter(|row| row.kind != HolidayKind::Ordinary);
    let holiday = |row: HolidayRow| {
        (row.day, Holiday { name: row.name, name_en: row.name_en, rest: row.kind == HolidayKind::Rest })
    };
    let markets = markets(conn, unit).await?;
    let blackout = |row: BlackoutRow| {
        Some(Blackout { path: row.unit_path, period: Period::new(row.from_day, row.to_day)?, reason: row.reason })
    };
    let blackouts = blackouts(conn, unit, period).await?.into_iter().filter_map(blackout).collect();
    Ok(DayMarks { path: unit.path.clone(), holidays: named.map(holiday).collect(), markets, blackouts })
}

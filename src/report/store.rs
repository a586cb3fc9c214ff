//! What only the report reads: how a unit words its measures, which campaigns a year had, whom activities reached.

use crate::{
    domain::{
        measure::Wording,
        period::{Day, Period},
        unit::{Unit, UnitKind, path_end},
    },
    error::Result,
    run,
    server::db::Conn,
};
use sqlx::{FromRow, QueryBuilder, types::Json};
use std::collections::{BTreeMap, BTreeSet};

/// A measure as a unit words it.
#[derive(Clone, Debug)]
pub struct Worded {
    pub id: i64,
    pub key: String,
    pub name: String,
    pub name_en: Option<String>,
    pub unit_word: String,
    /// The unit's own wording, else that of the nearest unit above it that has one, else the measure's.
    pub wording: Wording,
}

#[derive(FromRow)]
struct MeasureRow {
    id: i64,
    key: String,
    name: String,
    name_en: Option<String>,
    unit_word: String,
    wording: Json<Wording>,
}

/// Every measure, retired ones too, in the order of the catalogue, with the wording that holds at `unit`.
pub async fn worded(conn: &mut Conn, unit: &Unit) -> Result<Vec<Worded>> {
    let rows: Vec<MeasureRow> = run!(&mut *conn, c => sqlx::query_as(
        "select id, key, name, name_en, unit_word, wording from measure order by position, id",
    ).fetch_all(c).await)?;
    let mut own: BTreeMap<i64, Wording> = BTreeMap::new();
    // From the root down: what stands nearer to the unit replaces what stands above it.
    for id in unit.ancestry() {
        let wordings: Vec<(i64, Json<Wording>)> = run!(&mut *conn, c => sqlx::query_as(
            "select measure_id, wording from unit_wording where unit_id = $1",
        ).bind(id).fetch_all(c).await)?;
        own.extend(wordings.into_iter().map(|(measure_id, wording)| (measure_id, wording.0)));
    }
    Ok(rows
        .into_iter()
        .map(|row| Worded {
            id: row.id,
            key: row.key,
            name: row.name,
            name_en: row.name_en,
            unit_word: row.unit_word,
            wording: own.remove(&row.id).unwrap_or(row.wording.0),
        })
        .collect())
}

/// The campaigns of a year that are not cancelled and have begun by `today`: those that the unit or one below it owns,
/// and of all others those in `joined`, in which it did something. A campaign belongs to the year it begins in.
pub async fn campaigns(
    conn: &mut Conn,
    unit: &Unit,
    year: Period,
    today: Day,
    joined: &BTreeSet<i64>,
) -> Result<Vec<i64>> {
    let rows: Vec<i64> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select campaign.id from campaign join unit on unit.id = campaign.unit_id \
             where cancelled_at is null and from_day >= ",
        );
        query.push_bind(year.from).push(" and from_day <= ").push_bind(year.to.min(today));
        query.push(" and ((path >= ").push_bind(unit.path.clone());
        query.push(" and path < ").push_bind(path_end(&unit.path)).push(") or campaign.id in (-1");
        for id in joined {
            query.push(", ").push_bind(*id);
        }
        query.push("))");
        query.build_query_scalar().fetch_all(c).await
    })?;
    Ok(rows)
}

/// A theme's name.
#[derive(Clone, Debug, FromRow)]
pub struct ThemeName {
    pub id: i64,
    pub name: String,
    pub name_en: Option<String>,
}

/// All themes in the order of the catalogue.
pub async fn themes(conn: &mut Conn) -> Result<Vec<ThemeName>> {
    Ok(run!(conn, c => sqlx::query_as("select id, name, name_en from theme order by position, id").fetch_all(c).await)?)
}

/// The themes of these campaigns.
pub async fn themes_of(conn: &mut Conn, campaigns: &[i64]) -> Result<BTreeSet<i64>> {
    let rows: Vec<i64> = run!(conn, c => {
        let mut query = QueryBuilder::new("select distinct theme_id from campaign_theme where campaign_id in (-1");
        for id in campaigns {
            query.push(", ").push_bind(*id);
        }
        query.push(")");
        query.build_query_scalar().fetch_all(c).await
    })?;
    Ok(rows.into_iter().collect())
}

/// The kinds of unit that entries of units above them were for (合计).
pub async fn covered(conn: &mut Conn, unit: &Unit, period: Period) -> Result<BTreeSet<UnitKind>> {
    let rows: Vec<String> = run!(conn, c => sqlx::query_scalar(
        "select distinct unit.kind from activity_cover join activity on activity.id = activity_cover.activity_id \
         join unit on unit.id = activity_cover.unit_id join unit as owner on owner.id = activity.unit_id \
         where owner.path >= $1 and owner.path < $2 and activity.day >= $3 and activity.day <= $4 \
         and activity.status <> 'withdrawn'",
    )
    .bind(&unit.path).bind(path_end(&unit.path)).bind(period.from).bind(period.to)
    .fetch_all(c).await)?;
    Ok(rows.iter().filter_map(|kind| UnitKind::from_key(kind)).collect())
}

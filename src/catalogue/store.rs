//! The catalogue in the database.

use super::{kept_store, word_store};
use crate::{
    domain::{
        catalogue::{
            Catalogue, EvidencePolicy,
            built_in::{MEASURES, THEMES, TYPES},
        },
        period::Day,
        unit::{Unit, path_end},
        wording::built_in,
    },
    error::Result,
    execute, run,
    server::db::{Conn, Db},
};
use sqlx::{FromRow, QueryBuilder, types::Json};
use std::collections::BTreeSet;

pub use super::word_store::{set_wording, wordings};

/// Positions of built-in entries are this far apart, so that others can stand between them.
const STEP: i64 = 10;

/// Since when the built-in counting rules hold: the first day of the 八五 plan.
fn built_in_since() -> Day {
    Day::from_ymd_opt(2021, 1, 1).unwrap_or(Day::MIN)
}

/// Puts in the built-in measures, types and themes that are missing. What is there stays as it is.
pub async fn seed(db: &Db) -> Result<()> {
    let mut conn = db.write().await?;
    for (position, one) in (1..).zip(MEASURES) {
        let id: Option<i64> = run!(&mut conn, c => sqlx::query_scalar(
            "insert into measure (key, name, name_en, unit_word, unit_word_en, counting_rule, rule_version, \
             interactive, is_stock, wording, position) values ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, $10) \
             on conflict do nothing returning id",
        ).bind(one.key).bind(one.name).bind(one.name_en).bind(one.unit_word).bind(one.unit_word_en)
        .bind(one.counting_rule).bind(one.interactive).bind(one.is_stock).bind(Json(built_in::wording(one.key)))
        .bind(STEP * position).fetch_optional(c).await)?;
        if let Some(id) = id {
            insert_rule(&mut conn, id, 1, one.counting_rule, built_in_since()).await?;
        }
    }
    for (position, one) in (1..).zip(TYPES) {
        let id: Option<i64> = run!(&mut conn, c => sqlx::query_scalar(
            "insert into activity_type (key, name, name_en, evidence, position) values ($1, $2, $3, $4, $5) \
             on conflict do nothing returning id",
        ).bind(one.key).bind(one.name).bind(one.name_en).bind(EvidencePolicy::Recommended.key())
        .bind(STEP * position).fetch_optional(c).await)?;
        let Some(id) = id else { continue };
        for (place, key) in (1_i64..).zip(one.measures) {
            execute!(
                &mut conn,
                sqlx::query(
                    "insert into activity_type_measure (type_id, measure_id, position) \
                     select $1, id, $2 from measure where key = $3 and unit_id is null"
                )
                .bind(id)
                .bind(place)
                .bind(*key)
            )?;
        }
    }
    for (position, (key, name, name_en)) in (1..).zip(THEMES) {
        execute!(
            &mut conn,
            sqlx::query(
                "insert into theme (key, name, name_en, position) values ($1, $2, $3, $4) on conflict do nothing"
            )
            .bind(*key)
            .bind(*name)
            .bind(*name_en)
            .bind(STEP * position)
        )?;
    }
    conn.commit().await
}

/// Notes the wording of a counting rule and since when it holds.
pub(super) async fn insert_rule(conn: &mut Conn, measure_id: i64, version: i64, rule: &str, since: Day) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into measure_rule (measure_id, version, counting_rule, valid_from) values ($1, $2, $3, $4)"
        )
        .bind(measure_id)
        .bind(version)
        .bind(rule)
        .bind(since)
    )?;
    Ok(())
}

/// What a unit sees: the built-in entries and those of itself and the units above it, retired ones included, in the
/// order in which the unit reads them.
pub async fn visible(conn: &mut Conn, unit: &Unit) -> Result<Catalogue> {
    read(conn, Some(unit.ancestry()), Some(unit)).await
}

/// Every entry of every unit, retired ones included: for rows that name entries by id.
pub async fn everything(conn: &mut Conn) -> Result<Catalogue> {
    read(conn, None, None).await
}

/// Every entry of every unit, in the order in which this unit reads them.
pub async fn everything_for(conn: &mut Conn, unit: &Unit) -> Result<Catalogue> {
    read(conn, None, Some(unit)).await
}

/// The entries of these units and the built-in ones, or all, as `reader` orders them.
async fn read(conn: &mut Conn, units: Option<Vec<i64>>, reader: Option<&Unit>) -> Result<Catalogue> {
    let kept = kept_store::kept(conn).await?;
    let seen = |owner: Option<i64>| match (&units, owner) {
        (Some(units), Some(owner)) => units.contains(&owner),
        _ => true,
    };
    let all = &kept.catalogue;
    let mut catalogue = Catalogue {
        measures: all.measures.iter().filter(|one| seen(one.unit_id)).cloned().collect(),
        types: all.types.iter().filter(|one| seen(one.unit_id)).cloned().collect(),
        themes: all.themes.iter().filter(|one| seen(one.unit_id)).cloned().collect(),
    };
    let above = reader.map(Unit::ancestry).unwrap_or_default();
    let orders = kept.orders.iter().filter(|(unit_id, _, _)| above.contains(unit_id)).cloned().collect();
    for (kind, (_, ids)) in word_store::nearest(&above, orders) {
        catalogue.arrange(kind, &ids);
    }
    Ok(catalogue)
}

/// The keys of one kind of entry (`measure`, `type`, `theme`) that the unit or a unit below it sees: whoever adds one
/// has to choose another.
pub async fn keys_seen(conn: &mut Conn, kind: &str, unit: &Unit) -> Result<BTreeSet<String>> {
    let keys: Vec<String> = run!(conn, c => {
        let mut query = QueryBuilder::new(match kind {
            "measure" => "select key from measure entry",
            "type" => "select key from activity_type entry",
            _ => "select key from theme entry",
        });
        query.push(" left join unit on unit.id = unit_id where unit_id is null or (unit.path >= ");
        query.push_bind(unit.path.clone()).push(" and unit.path < ").push_bind(path_end(&unit.path));
        query.push(") or unit_id in (-1");
        for id in unit.ancestry() {
            query.push(", ").push_bind(id);
        }
        query.push(")");
        query.build_query_scalar().fetch_all(c).await
    })?;
    Ok(keys.into_iter().collect())
}

/// A version of a measure's counting rule.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct RuleVersion {
    pub version: i64,
    pub counting_rule: String,
    pub valid_from: Day,
}

/// All versions of a measure's counting rule, the latest first.
pub async fn rules(conn: &mut Conn, measure_id: i64) -> Result<Vec<RuleVersion>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select version, counting_rule, valid_from from measure_rule where measure_id = $1 order by version desc",
    ).bind(measure_id).fetch_all(c).await)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::testing::each_engine;

    #[tokio::test]
    async fn the_built_in_entries_are_there_once_however_often_they_are_seeded() {
        each_engine(|db| async move {
            seed(&db).await.expect("a second seeding");
            let mut conn = db.read().await.expect("a transaction");
            let all = everything(&mut conn).await.expect("the catalogue");
            assert_eq!(
                (all.measures.len(), all.types.len(), all.themes.len()),
                (MEASURES.len(), TYPES.len(), THEMES.len())
            );
            let lecture = all.activity_type("lecture").expect("a built-in type");
            let asked: Vec<&str> =
                lecture.measures.iter().filter_map(|id| Some(all.measure_by_id(*id)?.key.as_str())).collect();
            assert_eq!(asked, ["lecture", "attendance", "leaflet"]);
            assert!(all.measure("venue").is_some_and(|venue| venue.is_stock && venue.unit_word == "处"));
            assert!(all.measure("consultation").is_some_and(|one| one.interactive && !one.is_stock));
        })
        .await;
    }
}

//! The catalogue in the database.

use super::word_store;
use crate::{
    domain::{
        catalogue::{
            ActivityType, Catalogue, EvidencePolicy, Theme,
            built_in::{MEASURES, THEMES, TYPES},
        },
        measure::{Measure, Wording},
        period::Day,
        unit::{Unit, path_end},
        wording::built_in,
    },
    error::{Error, Result},
    execute, run,
    server::db::{Conn, Db},
};
use sqlx::{FromRow, QueryBuilder, types::Json};
use std::collections::BTreeSet;

pub use super::word_store::{set_wording, wordings};

/// Keeps the entries of these units and the built-in ones; `None` keeps all.
macro_rules! push_owners {
    ($query:expr, $units:expr) => {{
        if let Some(units) = $units {
            $query.push(" where unit_id is null or unit_id in (-1");
            for id in units {
                $query.push(", ").push_bind(*id);
            }
            $query.push(")");
        }
    }};
}

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

/// An entry of any kind, or the order of a kind at a unit; what there is not of it is null.
#[derive(FromRow)]
struct Row {
    kind: String,
    id: i64,
    key: String,
    unit_id: Option<i64>,
    name: String,
    name_en: Option<String>,
    position: i64,
    retired: bool,
    unit_word: Option<String>,
    unit_word_en: Option<String>,
    counting_rule: Option<String>,
    rule_version: Option<i64>,
    interactive: Option<bool>,
    is_stock: Option<bool>,
    wording: Option<Json<Wording>>,
    evidence: Option<String>,
    /// The ids of the measures that a type asks, or of the entries in an order: `3,1,7`.
    asked: Option<String>,
}

impl Row {
    fn into_measure(self) -> Measure {
        Measure {
            id: self.id,
            key: self.key,
            unit_id: self.unit_id,
            name: self.name,
            name_en: self.name_en,
            unit_word: self.unit_word.unwrap_or_default(),
            unit_word_en: self.unit_word_en,
            counting_rule: self.counting_rule.unwrap_or_default(),
            rule_version: self.rule_version.unwrap_or_default(),
            interactive: self.interactive.unwrap_or_default(),
            is_stock: self.is_stock.unwrap_or_default(),
            wording: self.wording.map(|wording| wording.0).unwrap_or_default(),
            position: self.position,
            retired: self.retired,
        }
    }

    fn into_type(self) -> Result<ActivityType> {
        let evidence = EvidencePolicy::try_from(self.evidence.unwrap_or_default()).map_err(Error::internal)?;
        let asked = self.asked.unwrap_or_default();
        Ok(ActivityType {
            id: self.id,
            key: self.key,
            unit_id: self.unit_id,
            name: self.name,
            name_en: self.name_en,
            evidence,
            measures: asked.split(',').filter_map(|id| id.parse().ok()).collect(),
            position: self.position,
            retired: self.retired,
        })
    }

    fn into_theme(self) -> Theme {
        let Row { id, key, unit_id, name, name_en, position, retired, .. } = self;
        Theme { id, key, unit_id, name, name_en, position, retired }
    }
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

/// The entries of these units and the built-in ones, or all, as `reader` orders them: one statement, for nearly every
/// page begins with it.
async fn read(conn: &mut Conn, units: Option<Vec<i64>>, reader: Option<&Unit>) -> Result<Catalogue> {
    let above = reader.map(Unit::ancestry).unwrap_or_default();
    let rows: Vec<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select 'measure' as kind, id, key, unit_id, name, name_en, position, retired_at is not null as retired, \
             unit_word, unit_word_en, counting_rule, rule_version, interactive, is_stock, wording, \
             null as evidence, null as asked from measure",
        );
        push_owners!(query, &units);
        query.push(
            " union all select 'type', id, key, unit_id, name, name_en, position, retired_at is not null, \
             null, null, null, null, null, null, null, evidence, \
             (select string_agg(cast(measure_id as text), ',' order by asked.position) \
             from activity_type_measure asked where asked.type_id = activity_type.id) from activity_type",
        );
        push_owners!(query, &units);
        query.push(
            " union all select 'theme', id, key, unit_id, name, name_en, position, retired_at is not null, \
             null, null, null, null, null, null, null, null, null from theme",
        );
        push_owners!(query, &units);
        if reader.is_some() {
            query.push(
                " union all select 'order', 0, kind, unit_id, '', null, 0, false, \
                 null, null, null, null, null, null, null, null, ids from unit_order",
            );
            push_owners!(query, &Some(above.clone()));
        }
        query.push(" order by position, id");
        query.build_query_as().fetch_all(c).await
    })?;
    let mut catalogue = Catalogue::default();
    let mut orders = Vec::new();
    for row in rows {
        match row.kind.as_str() {
            "measure" => catalogue.measures.push(row.into_measure()),
            "type" => catalogue.types.push(row.into_type()?),
            "theme" => catalogue.themes.push(row.into_theme()),
            _ => orders.extend(row.unit_id.map(|unit_id| (unit_id, row.key, row.asked.unwrap_or_default()))),
        }
    }
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

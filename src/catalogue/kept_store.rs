//! The whole catalogue, kept in memory: nearly every page begins with it, and it changes a few times a year. What is kept
//! bears the mark that the database gives each state of its catalogue, so whoever changes it, also by the command line or
//! another server, is seen by the next request.

use crate::{
    domain::{
        catalogue::{ActivityType, Catalogue, EvidencePolicy, Theme},
        measure::{Measure, Wording},
    },
    error::{Error, Result},
    run,
    server::db::Conn,
};
use sqlx::{FromRow, types::Json};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Every entry of every unit, retired ones included, and every unit's own orders.
pub(super) struct Kept {
    pub catalogue: Catalogue,
    /// (unit, kind, ids)
    pub orders: Vec<(i64, String, String)>,
}

/// The state last read. A process serves one database; tests that open several only read more often.
static LAST: Mutex<Option<(Uuid, Arc<Kept>)>> = Mutex::new(None);

/// The catalogue as this transaction sees it.
pub(super) async fn kept(conn: &mut Conn) -> Result<Arc<Kept>> {
    let mark: Uuid = run!(&mut *conn, c => sqlx::query_scalar("select mark from catalogue_mark").fetch_one(c).await)?;
    let last = LAST.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((_, kept)) = last.filter(|(known, _)| *known == mark) {
        return Ok(kept);
    }
    let kept = Arc::new(read(conn).await?);
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some((mark, kept.clone()));
    Ok(kept)
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

async fn read(conn: &mut Conn) -> Result<Kept> {
    let rows: Vec<Row> = run!(conn, c => sqlx::query_as(
        "select 'measure' as kind, id, key, unit_id, name, name_en, position, retired_at is not null as retired, \
         unit_word, unit_word_en, counting_rule, rule_version, interactive, is_stock, wording, \
         null as evidence, null as asked from measure \
         union all select 'type', id, key, unit_id, name, name_en, position, retired_at is not null, \
         null, null, null, null, null, null, null, evidence, \
         (select string_agg(cast(measure_id as text), ',' order by asked.position) \
         from activity_type_measure asked where asked.type_id = activity_type.id) from activity_type \
         union all select 'theme', id, key, unit_id, name, name_en, position, retired_at is not null, \
         null, null, null, null, null, null, null, null, null from theme \
         union all select 'order', 0, kind, unit_id, '', null, 0, false, \
         null, null, null, null, null, null, null, null, ids from unit_order \
         order by position, id",
    ).fetch_all(c).await)?;
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
    Ok(Kept { catalogue, orders })
}

#[cfg(test)]
mod tests {
    use crate::{catalogue::store::everything, execute, server::testing::each_engine};

    #[tokio::test]
    async fn whoever_changes_the_catalogue_the_next_transaction_sees_it_and_what_was_undone_is_not_kept() {
        each_engine(|db| async move {
            let mut conn = db.read().await.expect("a transaction");
            let before = everything(&mut conn).await.expect("the catalogue");
            drop(conn);
            // Not by the program's own actions: as another process or a person with a SQL shell does it.
            let mut conn = db.write().await.expect("a transaction");
            execute!(&mut conn, sqlx::query("update theme set name = '反邪教' where key = 'drugs'")).expect("a change");
            let within = everything(&mut conn).await.expect("the catalogue");
            assert_eq!(within.theme("drugs").expect("it").name, "反邪教");
            drop(conn);
            let mut conn = db.read().await.expect("a transaction");
            assert_eq!(everything(&mut conn).await.expect("the catalogue"), before);
            drop(conn);
            let mut conn = db.write().await.expect("a transaction");
            execute!(&mut conn, sqlx::query("delete from activity_type_measure")).expect("a change");
            conn.commit().await.expect("a commit");
            let mut conn = db.read().await.expect("a transaction");
            let after = everything(&mut conn).await.expect("the catalogue");
            assert!(after.types.iter().all(|one| one.measures.is_empty()));
        })
        .await;
    }
}

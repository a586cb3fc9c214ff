//! Inspections in the database.

use crate::{
    domain::{
        access::Scope,
        evidence::Kind,
        inspection::{CheckedItem, CheckedScheme, Material, Points, Proof},
        period::{Day, Period},
        unit::{Unit, path_end},
    },
    error::{Error, Result},
    execute, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A stored scheme of rules.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Scheme {
    pub id: i64,
    pub unit_id: i64,
    pub unit_code: String,
    pub unit_path: String,
    pub unit_name: String,
    pub title: String,
    pub from_day: Day,
    pub to_day: Day,
    pub closed_at: Option<DateTime<Utc>>,
    /// Items that were not taken out.
    pub items: i64,
}

impl Scheme {
    pub fn period(&self) -> Period {
        Period { from: self.from_day, to: self.to_day }
    }
}

const SCHEME: &str = "select inspection.id, inspection.unit_id, unit.code as unit_code, unit.path as unit_path, \
     unit.short_name as unit_name, inspection.title, inspection.from_day, inspection.to_day, inspection.closed_at, \
     (select count(*) from inspection_item item where item.inspection_id = inspection.id and item.removed_at is null) \
     as items from inspection join unit on unit.id = inspection.unit_id where ";

/// Adds: the scheme's unit lies in the scope, or above it: rules hold for those below.
macro_rules! push_visible {
    ($query:expr, $scope:expr) => {
        $query.push("(");
        $crate::push_scope!($query, "unit.path", $scope);
        for path in $scope.paths() {
            $query.push(" or ").push_bind(path.clone()).push(" like unit.path || '%'");
        }
        $query.push(")");
    };
}

/// The schemes that the reader sees, the latest first, closed ones last.
pub async fn list(conn: &mut Conn, scope: &Scope) -> Result<Vec<Scheme>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(SCHEME);
        push_visible!(query, scope);
        query.push(" order by closed_at is not null, to_day desc, unit.code, inspection.id desc");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// One scheme.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or the reader sees neither its unit nor one below it.
pub async fn one(conn: &mut Conn, scope: &Scope, id: i64) -> Result<Scheme> {
    let row: Option<Scheme> = run!(conn, c => {
        let mut query = QueryBuilder::new(SCHEME);
        query.push("inspection.id = ").push_bind(id).push(" and ");
        push_visible!(query, scope);
        query.build_query_as().fetch_optional(c).await
    })?;
    row.ok_or(Error::NotFound)
}

pub async fn add(
    conn: &mut Conn,
    unit_id: i64,
    scheme: &CheckedScheme,
    account_id: i64,
    now: DateTime<Utc>,
) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "insert into inspection (unit_id, title, from_day, to_day, created_by, created_at) \
         values ($1, $2, $3, $4, $5, $6) returning id",
    ).bind(unit_id).bind(&scheme.title).bind(scheme.period.from).bind(scheme.period.to).bind(account_id).bind(now)
    .fetch_one(c).await)?)
}

/// Changes a scheme's title and period.
pub async fn update(conn: &mut Conn, id: i64, scheme: &CheckedScheme) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update inspection set title = $1, from_day = $2, to_day = $3 where id = $4")
            .bind(&scheme.title)
            .bind(scheme.period.from)
            .bind(scheme.period.to)
            .bind(id)
    )?;
    Ok(())
}

/// Closes a scheme, or with `None` takes it up again.
pub async fn close(conn: &mut Conn, id: i64, at: Option<DateTime<Utc>>) -> Result<()> {
    execute!(conn, sqlx::query("update inspection set closed_at = $1 where id = $2").bind(at).bind(id))?;
    Ok(())
}

/// An item of the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub id: i64,
    pub inspection_id: i64,
    pub number: String,
    pub name: String,
    pub materials: Vec<Material>,
    /// What else is asked for, in words without spaces.
    pub others: Vec<String>,
    pub points: Option<Points>,
    pub own_points: Option<Points>,
    pub reason: String,
    /// What shows it, and its key.
    pub proofs: Vec<(Proof, String)>,
}

#[derive(FromRow)]
struct ItemRow {
    id: i64,
    inspection_id: i64,
    number: String,
    name: String,
    materials: String,
    points: Option<i64>,
    own_points: Option<i64>,
    reason: String,
}

impl From<ItemRow> for Item {
    fn from(row: ItemRow) -> Item {
        Item {
            id: row.id,
            inspection_id: row.inspection_id,
            number: row.number,
            name: row.name,
            materials: row.materials.split_whitespace().filter_map(Material::from_key).collect(),
            others: row
                .materials
                .split_whitespace()
                .filter(|word| Material::from_key(word).is_none())
                .map(str::to_owned)
                .collect(),
            points: row.points.map(Points),
            own_points: row.own_points.map(Points),
            reason: row.reason,
            proofs: Vec::new(),
        }
    }
}

/// The items of a scheme in their order, with what shows each. Whoever calls has loaded the scheme under the reader's
/// scope.
pub async fn items(conn: &mut Conn, inspection_id: i64) -> Result<Vec<Item>> {
    let rows: Vec<ItemRow> = run!(&mut *conn, c => sqlx::query_as(
        "select id, inspection_id, number, name, materials, points, own_points, reason from inspection_item \
         where inspection_id = $1 and removed_at is null order by position, id",
    ).bind(inspection_id).fetch_all(c).await)?;
    let proofs: Vec<(i64, String, String)> = run!(conn, c => sqlx::query_as(
        "select item_id, what, key from inspection_proof join inspection_item on inspection_item.id = item_id \
         where inspection_id = $1 order by item_id, what, key",
    ).bind(inspection_id).fetch_all(c).await)?;
    let mut by_item: BTreeMap<i64, Vec<(Proof, String)>> = BTreeMap::new();
    for (item, what, key) in proofs {
        by_item.entry(item).or_default().extend(Proof::from_key(&what).map(|what| (what, key)));
    }
    let with = |row: ItemRow| {
        let proofs = by_item.remove(&row.id).unwrap_or_default();
        Item { proofs, ..row.into() }
    };
    Ok(rows.into_iter().map(with).collect())
}

/// What an item asks for as it is stored: the kinds by key, then the other words, with a space between them.
fn asked(item: &CheckedItem) -> String {
    let kinds = item.materials.iter().map(|one| one.key());
    kinds.chain(item.others.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
}

/// Adds an item behind the others.
pub async fn add_item(conn: &mut Conn, inspection_id: i64, item: &CheckedItem) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "insert into inspection_item (inspection_id, position, number, name, materials, points, own_points, reason) \
         select $1, coalesce(max(position), 0) + 1, $2, $3, $4, $5, $6, $7 from inspection_item \
         where inspection_id = $1 returning id",
    ).bind(inspection_id).bind(&item.number).bind(&item.name).bind(asked(item))
    .bind(item.points.map(|points| points.0)).bind(item.own_points.map(|points| points.0)).bind(&item.reason)
    .fetch_one(c).await)?)
}

pub async fn update_item(conn: &mut Conn, id: i64, item: &CheckedItem) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "update inspection_item set number = $1, name = $2, materials = $3, points = $4, own_points = $5, \
             reason = $6 where id = $7"
        )
        .bind(&item.number)
        .bind(&item.name)
        .bind(asked(item))
        .bind(item.points.map(|points| points.0))
        .bind(item.own_points.map(|points| points.0))
        .bind(&item.reason)
        .bind(id)
    )?;
    Ok(())
}

/// Takes an item out; it stays on record.
pub async fn remove_item(conn: &mut Conn, id: i64, at: DateTime<Utc>) -> Result<()> {
    execute!(conn, sqlx::query("update inspection_item set removed_at = $1 where id = $2").bind(at).bind(id))?;
    Ok(())
}

/// An item is shown by these and by nothing else.
pub async fn prove(conn: &mut Conn, item_id: i64, proofs: &[(Proof, String)]) -> Result<()> {
    execute!(&mut *conn, sqlx::query("delete from inspection_proof where item_id = $1").bind(item_id))?;
    for (what, key) in proofs {
        execute!(
            &mut *conn,
            sqlx::query("insert into inspection_proof (item_id, what, key) values ($1, $2, $3) on conflict do nothing")
                .bind(item_id)
                .bind(what.key())
                .bind(key)
        )?;
    }
    Ok(())
}

/// Which entries of the ledger show an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Campaign(i64),
    Theme(i64),
    Type(i64),
    Measure(i64),
}

/// A piece behind an entry of the ledger.
#[derive(Clone, Debug, FromRow)]
pub struct Shown {
    pub id: Uuid,
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    pub media_type: String,
    pub name: String,
    pub full_key: String,
    pub full_size: i64,
    pub children: bool,
    pub activity_id: Uuid,
    pub day: Day,
    pub place: String,
    pub unit_id: i64,
    pub unit_path: String,
    pub unit_name: String,
}

macro_rules! push_entries {
    ($query:expr, $unit:expr, $period:expr, $of:expr) => {
        $query.push("activity.status <> 'withdrawn' and unit.path >= ").push_bind($unit.path.clone());
        $query.push(" and unit.path < ").push_bind(path_end(&$unit.path));
        $query.push(" and activity.day >= ").push_bind($period.from);
        $query.push(" and activity.day <= ").push_bind($period.to);
        match $of {
            Of::Campaign(id) => $query
                .push(" and exists (select 1 from activity_campaign part where part.activity_id = activity.id and part.campaign_id = ")
                .push_bind(id)
                .push(")"),
            Of::Theme(id) => $query
                .push(" and exists (select 1 from activity_theme part where part.activity_id = activity.id and part.theme_id = ")
                .push_bind(id)
                .push(")"),
            Of::Type(id) => $query.push(" and activity.type_id = ").push_bind(id),
            Of::Measure(id) => $query
                .push(" and exists (select 1 from quantity part where part.activity_id = activity.id and part.measure_id = ")
                .push_bind(id)
                .push(")"),
        };
    };
}

/// The pieces behind the entries of a unit and all below it in a period, by day; at most `most`.
pub async fn pieces(conn: &mut Conn, unit: &Unit, period: Period, of: Of, most: i64) -> Result<Vec<Shown>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select evidence.id, evidence.kind, evidence.media_type, link.name, evidence.full_key, evidence.full_size, \
             evidence.children, activity.id as activity_id, activity.day, activity.place, activity.unit_id, \
             unit.path as unit_path, unit.short_name as unit_name from activity \
             join unit on unit.id = activity.unit_id \
             join evidence_link link on link.activity_id = activity.id and link.unlinked_at is null \
             join evidence on evidence.id = link.evidence_id where ",
        );
        push_entries!(query, unit, period, of);
        query.push(" order by activity.day, unit.code, activity.id, link.id limit ").push_bind(most);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// How many pieces there are, also of those that [`pieces`] does not reach.
pub async fn count_pieces(conn: &mut Conn, unit: &Unit, period: Period, of: Of) -> Result<i64> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select count(*) from activity join unit on unit.id = activity.unit_id \
             join evidence_link link on link.activity_id = activity.id and link.unlinked_at is null where ",
        );
        push_entries!(query, unit, period, of);
        query.build_query_scalar().fetch_one(c).await
    })?)
}

/// How many entries there are, and how many of them have nothing behind them.
pub async fn entries(conn: &mut Conn, unit: &Unit, period: Period, of: Of) -> Result<(i64, i64)> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select count(*), cast(coalesce(sum(case when exists (select 1 from evidence_link link \
             where link.activity_id = activity.id and link.unlinked_at is null) then 0 else 1 end), 0) as bigint) \
             from activity join unit on unit.id = activity.unit_id where ",
        );
        push_entries!(query, unit, period, of);
        query.build_query_as().fetch_one(c).await
    })?)
}

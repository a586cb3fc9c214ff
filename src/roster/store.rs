//! Rosters in the database: reading.

use super::stock_store::push_in_force;
use crate::{
    domain::{
        access::Scope,
        period::{Day, Period},
        roster::{Kind, Term},
        unit::{Unit, path_end},
    },
    error::{Error, Result},
    push_scope, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};

/// A stored entry.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Entry {
    pub id: i64,
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    pub unit_id: i64,
    pub unit_code: String,
    pub unit_path: String,
    pub unit_name: String,
    pub name: String,
    pub category: String,
    pub body: String,
    pub certificate: String,
    pub certificate_to: Option<Day>,
    pub from_day: Day,
    pub to_day: Option<Day>,
    pub left_day: Option<Day>,
    pub renews: bool,
    pub withdrawn_at: Option<DateTime<Utc>>,
    pub erased_at: Option<DateTime<Utc>>,
    /// Of its marks: how many, the last day, all hours.
    pub marks: i64,
    pub last_mark: Option<Day>,
    pub hours: i64,
    pub documents: i64,
}

impl Entry {
    pub fn term(&self) -> Term {
        Term::new(self.from_day, self.to_day, self.left_day)
    }

    /// Whether it counts on a day.
    pub fn holds_on(&self, day: Day) -> bool {
        self.withdrawn_at.is_none() && self.term().holds_on(day)
    }
}

const SELECT: &str = "select entry.id, entry.kind, entry.unit_id, unit.code as unit_code, unit.path as unit_path, \
     unit.short_name as unit_name, entry.name, entry.category, entry.body, entry.certificate, entry.certificate_to, \
     entry.from_day, entry.to_day, entry.left_day, entry.renews, entry.withdrawn_at, entry.erased_at, \
     (select count(*) from roster_mark mark where mark.entry_id = entry.id and mark.withdrawn_at is null) as marks, \
     (select max(day) from roster_mark mark where mark.entry_id = entry.id and mark.withdrawn_at is null) as last_mark, \
     (select cast(coalesce(sum(hours), 0) as bigint) from roster_mark mark \
     where mark.entry_id = entry.id and mark.withdrawn_at is null) as hours, \
     (select count(*) from evidence_link link where link.roster_entry_id = entry.id and link.unlinked_at is null) \
     as documents from roster_entry entry join unit on unit.id = entry.unit_id where ";

/// Which entries are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// In force on the day.
    On(Day),
    /// Ever, but for withdrawn ones.
    Ever,
}

/// The entries of a kind at a unit and below, by unit and first day.
pub async fn list(conn: &mut Conn, unit: &Unit, kind: Kind, which: Which) -> Result<Vec<Entry>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("unit.path >= ").push_bind(unit.path.clone());
        query.push(" and unit.path < ").push_bind(path_end(&unit.path));
        query.push(" and entry.kind = ").push_bind(kind.key()).push(" and ");
        match which {
            Which::On(day) => {
                push_in_force!(query, day);
            }
            Which::Ever => {
                query.push("entry.withdrawn_at is null");
            }
        }
        query.push(" order by unit.code, entry.from_day, entry.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// One entry.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or its unit lies outside the scope.
pub async fn one(conn: &mut Conn, scope: &Scope, id: i64) -> Result<Entry> {
    let row: Option<Entry> = run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("entry.id = ").push_bind(id).push(" and ");
        push_scope!(query, "unit.path", scope);
        query.build_query_as().fetch_optional(c).await
    })?;
    row.ok_or(Error::NotFound)
}

/// As much of an entry as others are held against.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Known {
    pub id: i64,
    pub unit_id: i64,
    pub unit_path: String,
    pub unit_name: String,
    /// Empty where it was erased.
    pub name: String,
    pub body: String,
    pub certificate: String,
    pub from_day: Day,
    pub to_day: Option<Day>,
    pub left_day: Option<Day>,
    /// Of one that is not stored yet: its row in what was pasted.
    #[sqlx(skip)]
    pub row: Option<u32>,
}

impl Known {
    pub fn term(&self) -> Term {
        Term::new(self.from_day, self.to_day, self.left_day)
    }
}

/// The entries of a kind at and below a path that were not withdrawn, by code; of one name, where one is given.
pub async fn known(conn: &mut Conn, path: &str, kind: Kind, name: Option<&str>) -> Result<Vec<Known>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select entry.id, entry.unit_id, unit.path as unit_path, unit.short_name as unit_name, entry.name, entry.body, \
             entry.certificate, entry.from_day, entry.to_day, entry.left_day from roster_entry entry \
             join unit on unit.id = entry.unit_id where entry.withdrawn_at is null and unit.path >= ",
        );
        query.push_bind(path.to_owned()).push(" and unit.path < ").push_bind(path_end(path));
        query.push(" and entry.kind = ").push_bind(kind.key());
        if let Some(name) = name {
            query.push(" and entry.name = ").push_bind(name.to_owned());
        }
        query.push(" order by unit.code, entry.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// What is called to mind: entries in force whose term or certificate ends within the period, those whose term ended there
/// and was not followed by another, and, in force on `today`, venues that are renewed every quarter and were not in this one.
pub async fn to_mind(conn: &mut Conn, unit: &Unit, ends: Period, today: Day, quarter: Period) -> Result<Vec<Entry>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("unit.path >= ").push_bind(unit.path.clone());
        query.push(" and unit.path < ").push_bind(path_end(&unit.path));
        query.push(" and entry.withdrawn_at is null and (entry.left_day is null or entry.left_day > ");
        query.push_bind(today).push(") and entry.from_day <= ").push_bind(today);
        query.push(" and (unit.active_to is null or unit.active_to >= ").push_bind(today);
        query.push(") and ((entry.to_day >= ").push_bind(ends.from).push(" and entry.to_day <= ").push_bind(ends.to);
        query.push(
            " and not exists (select 1 from roster_entry next where next.unit_id = entry.unit_id \
             and next.kind = entry.kind and next.name = entry.name and next.withdrawn_at is null \
             and next.id <> entry.id and next.from_day > entry.from_day)) or (entry.certificate_to >= ",
        );
        query.push_bind(ends.from).push(" and entry.certificate_to <= ").push_bind(ends.to);
        query.push(") or (entry.renews and entry.from_day < ").push_bind(quarter.from);
        query.push(
            " and not exists (select 1 from roster_mark mark where mark.entry_id = entry.id \
             and mark.withdrawn_at is null and mark.day >= ",
        );
        query.push_bind(quarter.from).push("))) order by unit.code, entry.kind, entry.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// Entries with a person's name, in the scope, that were not erased and ended before the day from which on their tree of
/// units keeps names (by its path); by when they ended.
pub async fn erasable(conn: &mut Conn, scope: &Scope, kept: &[(String, Day)], limit: i64) -> Result<Vec<Entry>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        push_scope!(query, "unit.path", scope);
        query.push(" and entry.erased_at is null and entry.kind in ('law_literate', 'vice_principal', ");
        query.push("'legal_adviser', 'model_household') and (false");
        for (path, before) in kept {
            query.push(" or (unit.path >= ").push_bind(path.clone());
            query.push(" and unit.path < ").push_bind(path_end(path));
            query.push(" and (entry.left_day <= ").push_bind(*before);
            query.push(" or entry.to_day < ").push_bind(*before);
            query.push(" or entry.withdrawn_at is not null))");
        }
        query.push(") order by coalesce(entry.left_day, entry.to_day), entry.id limit ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// What happened with an entry on a day.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Mark {
    pub id: i64,
    pub day: Day,
    pub hours: Option<i64>,
    pub note: String,
    pub withdrawn: bool,
}

/// The marks of an entry, the latest day first.
pub async fn marks(conn: &mut Conn, entry_id: i64) -> Result<Vec<Mark>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select id, day, hours, note, withdrawn_at is not null as withdrawn from roster_mark where entry_id = $1 \
         order by day desc, id desc",
    ).bind(entry_id).fetch_all(c).await)?)
}

/// Every entry with its unit's kind and path, for the check.
pub async fn all(conn: &mut Conn) -> Result<Vec<Entry>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("true order by entry.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

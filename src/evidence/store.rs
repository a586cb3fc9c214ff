//! Reading evidence: the pieces of an entry, a campaign, an indicator; who may see one; what else it supports.

use crate::{
    activity,
    activity::readable_store::push_readable,
    campaign,
    domain::{
        access::Scope,
        evidence::Kind,
        period::{Day, Period},
        unit::{Unit, path_end},
    },
    error::{Error, Result},
    push_scope, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

/// A piece as it supports something: what was sent, and who put it there.
#[derive(Clone, Debug, FromRow)]
pub struct Piece {
    pub id: Uuid,
    pub sha256: Vec<u8>,
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    pub media_type: String,
    /// As it was named when it was put here.
    pub name: String,
    /// Of the bytes as sent.
    pub size: i64,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub taken_at: Option<DateTime<Utc>>,
    pub full_key: String,
    pub full_size: i64,
    pub thumb_key: Option<String>,
    /// Children's pictures are never public.
    pub children: bool,
    pub link_id: i64,
    pub linked_by: i64,
    pub linked_by_name: String,
    pub linked_at: DateTime<Utc>,
}

const PIECE: &str = "select evidence.id, evidence.sha256, evidence.kind, evidence.media_type, link.name, evidence.size, \
     evidence.width, evidence.height, evidence.taken_at, evidence.full_key, evidence.full_size, evidence.thumb_key, \
     evidence.children, link.id as link_id, link.linked_by, account.display_name as linked_by_name, link.linked_at \
     from evidence_link link join evidence on evidence.id = link.evidence_id \
     join account on account.id = link.linked_by where link.unlinked_at is null and ";

/// The pieces of an entry, in the order they came. Whoever calls has loaded the entry under the reader's scope.
pub async fn of_activity(conn: &mut Conn, activity: Uuid) -> Result<Vec<Piece>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(PIECE);
        query.push("link.activity_id = ").push_bind(activity).push(" order by link.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// The piece with these bytes among those of an entry.
pub async fn of_activity_by_hash(conn: &mut Conn, activity: Uuid, sha256: &[u8]) -> Result<Option<Piece>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(PIECE);
        query.push("link.activity_id = ").push_bind(activity);
        query.push(" and evidence.sha256 = ").push_bind(sha256.to_vec());
        query.build_query_as().fetch_optional(c).await
    })?)
}

/// A campaign's documents, in the order they came. Whoever calls has loaded the campaign under the reader's scope.
pub async fn of_campaign(conn: &mut Conn, campaign_id: i64) -> Result<Vec<Piece>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(PIECE);
        query.push("link.campaign_id = ").push_bind(campaign_id).push(" order by link.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// An indicator's documents, those of the units in the scope, in the order they came.
pub async fn of_indicator(conn: &mut Conn, scope: &Scope, indicator_id: i64) -> Result<Vec<Piece>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(PIECE);
        query.push("link.indicator_id = ").push_bind(indicator_id);
        query.push(" and exists (select 1 from unit where unit.id = link.unit_id and ");
        push_scope!(query, "unit.path", scope);
        query.push(") order by link.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// The documents that a unit and those below it gave for an indicator, in the order they came. Whoever calls has loaded the
/// unit under the reader's scope.
pub async fn of_indicator_at(conn: &mut Conn, unit: &Unit, indicator_id: i64) -> Result<Vec<Piece>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(PIECE);
        query.push("link.indicator_id = ").push_bind(indicator_id);
        query.push(" and exists (select 1 from unit where unit.id = link.unit_id and unit.path >= ");
        query.push_bind(unit.path.clone()).push(" and unit.path < ").push_bind(path_end(&unit.path));
        query.push(") order by link.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// The documents of a roster's entry, in the order they came. Whoever calls has loaded the entry under the reader's scope.
pub async fn of_roster(conn: &mut Conn, entry_id: i64) -> Result<Vec<Piece>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(PIECE);
        query.push("link.roster_entry_id = ").push_bind(entry_id).push(" order by link.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// A piece that supported an entry of a roster at some time.
#[derive(Clone, Debug, FromRow)]
pub struct Once {
    pub id: Uuid,
    pub full_key: String,
    pub thumb_key: Option<String>,
    /// Whether it supports anything now.
    pub supports: bool,
}

/// All pieces that ever supported an entry of a roster and are not erased.
pub async fn once_of_roster(conn: &mut Conn, entry_id: i64) -> Result<Vec<Once>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select evidence.id, evidence.full_key, evidence.thumb_key, exists (select 1 from evidence_link other \
         where other.evidence_id = evidence.id and other.unlinked_at is null) as supports from evidence \
         where evidence.full_key <> '' and evidence.id in \
         (select evidence_id from evidence_link where roster_entry_id = $1) order by evidence.uploaded_at, evidence.id",
    ).bind(entry_id).fetch_all(c).await)?)
}

/// Whether a row names a file.
pub async fn names_file(conn: &mut Conn, key: &str) -> Result<bool> {
    let rows: i64 = run!(conn, c => sqlx::query_scalar(
        "select count(*) from evidence where full_key = $1 or thumb_key = $1",
    ).bind(key).fetch_one(c).await)?;
    Ok(rows > 0)
}

/// The documents of an inspection's item, in the order they came. Whoever calls has loaded the item under the reader's
/// scope.
pub async fn of_inspection_item(conn: &mut Conn, item_id: i64) -> Result<Vec<Piece>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(PIECE);
        query.push("link.inspection_item_id = ").push_bind(item_id).push(" order by link.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// A piece for whoever reads one of the entries, campaigns, indicators, rosters or inspections that it supports now. Withdrawn entries let
/// nobody in.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or the reader reads nothing that it supports.
pub async fn readable(conn: &mut Conn, scope: &Scope, id: Uuid) -> Result<Piece> {
    let by_entry: Option<Piece> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(PIECE);
        query.push("link.evidence_id = ").push_bind(id);
        query.push(
            " and exists (select 1 from activity join unit on unit.id = activity.unit_id \
             where activity.id = link.activity_id and activity.status <> 'withdrawn' and ",
        );
        push_readable!(query, scope);
        query.push(") order by link.id limit 1");
        query.build_query_as().fetch_optional(c).await
    })?;
    if let Some(piece) = by_entry {
        return Ok(piece);
    }
    let by_unit: Option<Piece> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(PIECE);
        query.push("link.evidence_id = ").push_bind(id);
        query.push(
            " and (link.indicator_id is not null or link.roster_entry_id is not null \
             or link.inspection_item_id is not null) and exists (select 1 from unit where unit.id = link.unit_id and ",
        );
        push_scope!(query, "unit.path", scope);
        query.push(") order by link.id limit 1");
        query.build_query_as().fetch_optional(c).await
    })?;
    if let Some(piece) = by_unit {
        return Ok(piece);
    }
    let campaigns: Vec<i64> = run!(&mut *conn, c => sqlx::query_scalar(
        "select campaign_id from evidence_link where evidence_id = $1 and campaign_id is not null and unlinked_at is null",
    ).bind(id).fetch_all(c).await)?;
    let read = campaign::store::by_ids(conn, scope, &campaigns).await?;
    let first = read.iter().map(|campaign| campaign.id).min().ok_or(Error::NotFound)?;
    of_campaign(conn, first).await?.into_iter().find(|piece| piece.id == id).ok_or(Error::NotFound)
}

/// An entry that a piece supports.
#[derive(Clone, Debug, FromRow)]
pub struct Use {
    pub activity: Uuid,
    pub day: Day,
    pub place: String,
    pub unit_code: String,
    pub unit_path: String,
    pub unit_name: String,
    pub type_id: i64,
    pub link_id: i64,
}

const USE: &str = "select activity.id as activity, activity.day, activity.place, unit.code as unit_code, \
     unit.path as unit_path, unit.short_name as unit_name, activity.type_id, link.id as link_id \
     from evidence_link link join activity on activity.id = link.activity_id join unit on unit.id = activity.unit_id \
     where link.unlinked_at is null and activity.status <> 'withdrawn' and ";

/// The entries in the reader's sight that a piece supports, the latest day first.
pub async fn uses(conn: &mut Conn, scope: &Scope, id: Uuid) -> Result<Vec<Use>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(USE);
        query.push("link.evidence_id = ").push_bind(id).push(" and ");
        push_readable!(query, scope);
        query.push(" order by activity.day desc, activity.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// A campaign, an indicator or an entry of a roster that a piece supports.
#[derive(Clone, Debug, FromRow)]
pub struct OtherUse {
    pub link_id: i64,
    pub campaign_key: Option<String>,
    pub campaign_id: Option<i64>,
    pub indicator_key: Option<String>,
    pub roster_kind: Option<String>,
    pub roster_entry_id: Option<i64>,
    pub inspection_id: Option<i64>,
    pub inspection_item_id: Option<i64>,
    /// The campaign's title, the indicator's name, who or what the roster's entry is about, the inspection's item.
    pub title: String,
    /// The unit whose document it is.
    pub owner_id: i64,
    pub owner_code: String,
    pub owner_path: String,
    pub owner_name: String,
}

/// The campaigns, indicators and entries of rosters that a piece supports, wherever: whoever shows them looks who may see each.
pub async fn other_uses(conn: &mut Conn, id: Uuid) -> Result<Vec<OtherUse>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select link.id as link_id, campaign.key as campaign_key, campaign.id as campaign_id, \
         indicator.key as indicator_key, roster.kind as roster_kind, link.roster_entry_id, \
         item.inspection_id, link.inspection_item_id, \
         coalesce(campaign.title, indicator.name, roster.name, item.name) as title, unit.id as owner_id, \
         unit.code as owner_code, unit.path as owner_path, unit.short_name as owner_name from evidence_link link \
         left join campaign on campaign.id = link.campaign_id left join indicator on indicator.id = link.indicator_id \
         left join roster_entry roster on roster.id = link.roster_entry_id \
         left join inspection_item item on item.id = link.inspection_item_id \
         join unit on unit.id = coalesce(campaign.unit_id, link.unit_id) \
         where link.evidence_id = $1 and link.unlinked_at is null and link.activity_id is null order by link.id",
    ).bind(id).fetch_all(c).await)?)
}

/// Other entries in the reader's sight that bear the same picture as one of an entry's, or one that looks like it: the
/// entry's piece, and the other entry.
pub async fn similar(conn: &mut Conn, scope: &Scope, activity: Uuid) -> Result<Vec<(Uuid, Use)>> {
    /// More than anybody looks through.
    const MOST: i64 = 60;
    #[derive(FromRow)]
    struct Row {
        own: Uuid,
        #[sqlx(flatten)]
        other: Use,
    }
    let rows: Vec<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select like_it.own, activity.id as activity, activity.day, activity.place, unit.code as unit_code, \
             unit.path as unit_path, unit.short_name as unit_name, activity.type_id, link.id as link_id from (\
             select link.evidence_id as own, link.evidence_id as other from evidence_link link \
             where link.unlinked_at is null and link.activity_id = ",
        );
        query.push_bind(activity);
        query.push(
            " union select link.evidence_id, alike.other_id from evidence_link link \
             join evidence_alike alike on alike.evidence_id = link.evidence_id \
             where link.unlinked_at is null and link.activity_id = ",
        );
        query.push_bind(activity);
        query.push(
            ") like_it join evidence_link link on link.evidence_id = like_it.other \
             join activity on activity.id = link.activity_id join unit on unit.id = activity.unit_id \
             where link.unlinked_at is null and activity.status <> 'withdrawn' and activity.id <> ",
        );
        query.push_bind(activity).push(" and ");
        push_readable!(query, scope);
        query.push(" order by like_it.own, activity.day desc, activity.id limit ").push_bind(MOST);
        query.build_query_as().fetch_all(c).await
    })?;
    let mut found: Vec<(Uuid, Use)> = rows.into_iter().map(|row| (row.own, row.other)).collect();
    // One entry may bear several pictures that look like this one.
    found.dedup_by_key(|(own, other)| (*own, other.activity));
    Ok(found)
}

/// An entry of a type whose policy asks for evidence, without any.
#[derive(Clone, Debug, FromRow)]
pub struct Lacking {
    pub activity: Uuid,
    pub day: Day,
    pub unit_id: i64,
    pub unit_name: String,
    pub type_id: i64,
}

/// The entries of a period in the scope whose type requires evidence and that have none, the latest first; for whoever
/// looks through the ledger. Nothing waits for them: they count.
pub async fn without_evidence(conn: &mut Conn, scope: &Scope, period: Period, limit: i64) -> Result<Vec<Lacking>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select activity.id as activity, activity.day, activity.unit_id, unit.short_name as unit_name, \
             activity.type_id from activity join unit on unit.id = activity.unit_id \
             join activity_type on activity_type.id = activity.type_id \
             where activity_type.evidence = 'required' and activity.status <> 'withdrawn' and activity.day >= ",
        );
        query.push_bind(period.from).push(" and activity.day <= ").push_bind(period.to).push(" and ");
        push_scope!(query, "unit.path", scope);
        query.push(
            " and not exists (select 1 from evidence_link link where link.activity_id = activity.id \
             and link.unlinked_at is null) order by activity.day desc, activity.id desc limit ",
        );
        query.push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// The photos of an entry that may go into a brief: none with children on it. Whoever calls need not have loaded the
/// entry; outside the scope there is nothing.
pub async fn fit_for_brief(conn: &mut Conn, scope: &Scope, activity: Uuid) -> Result<Vec<Piece>> {
    if activity::store::one(conn, scope, activity).await?.status == crate::domain::activity::Status::Withdrawn {
        return Ok(Vec::new());
    }
    let mut pieces = of_activity(conn, activity).await?;
    pieces.retain(|piece| piece.kind == Kind::Photo && !piece.children);
    Ok(pieces)
}

/// How many pieces each of some entries has; entries without any are left out.
pub async fn counts(conn: &mut Conn, activities: &[Uuid]) -> Result<Vec<(Uuid, i64)>> {
    if activities.is_empty() {
        return Ok(Vec::new());
    }
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select activity_id, count(*) from evidence_link where unlinked_at is null and activity_id in (",
        );
        let mut list = query.separated(", ");
        for id in activities {
            list.push_bind(*id);
        }
        query.push(") group by activity_id");
        query.build_query_as().fetch_all(c).await
    })?)
}

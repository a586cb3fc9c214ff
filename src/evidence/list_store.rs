//! All pieces in the reader's sight, newest first.

use super::store::Piece;
use crate::{
    domain::{
        access::Scope,
        evidence::Kind,
        period::Day,
        unit::{Unit, path_end},
    },
    error::Result,
    push_scope, run,
    server::db::Conn,
};
use sqlx::{FromRow, QueryBuilder};

/// Which pieces; everything narrows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub unit: Option<Unit>,
    pub kind: Option<Kind>,
    /// Only documents of campaigns and indicators.
    pub without_activity: bool,
    /// The campaigns that the reader sees, for documents.
    pub campaigns: Vec<i64>,
}

/// A piece and one thing that it supports.
#[derive(Clone, Debug, FromRow)]
pub struct Line {
    #[sqlx(flatten)]
    pub piece: Piece,
    pub day: Option<Day>,
    pub place: Option<String>,
    pub unit_name: Option<String>,
    pub campaign_title: Option<String>,
    pub indicator_name: Option<String>,
}

/// The campaigns that have documents, whoever's they are.
pub async fn campaigns(conn: &mut Conn) -> Result<Vec<i64>> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "select distinct campaign_id from evidence_link where campaign_id is not null and unlinked_at is null",
    ).fetch_all(c).await)?)
}

/// At most `limit` pieces, those put there last first, behind the link with the number `after`.
pub async fn page(
    conn: &mut Conn,
    scope: &Scope,
    filter: &Filter,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Line>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select evidence.id, evidence.sha256, evidence.kind, evidence.media_type, link.name, evidence.size, \
             evidence.width, evidence.height, evidence.taken_at, evidence.full_key, evidence.full_size, \
             evidence.thumb_key, evidence.children, link.id as link_id, link.linked_by, \
             account.display_name as linked_by_name, link.linked_at, activity.day, \
             activity.place, unit.short_name as unit_name, campaign.title as campaign_title, \
             indicator.name as indicator_name from evidence_link link \
             join evidence on evidence.id = link.evidence_id join account on account.id = link.linked_by \
             left join activity on activity.id = link.activity_id left join campaign on campaign.id = link.campaign_id \
             left join indicator on indicator.id = link.indicator_id \
             left join unit on unit.id = coalesce(activity.unit_id, campaign.unit_id, link.unit_id) \
             where link.unlinked_at is null and (activity.id is null or activity.status <> 'withdrawn') and (",
        );
        push_scope!(query, "unit.path", scope);
        query.push(" or link.campaign_id in (-1");
        for id in &filter.campaigns {
            query.push(", ").push_bind(*id);
        }
        query.push("))");
        if let Some(unit) = &filter.unit {
            query.push(" and unit.path >= ").push_bind(unit.path.clone());
            query.push(" and unit.path < ").push_bind(path_end(&unit.path));
        }
        if let Some(kind) = filter.kind {
            query.push(" and evidence.kind = ").push_bind(kind.key());
        }
        if filter.without_activity {
            query.push(" and link.activity_id is null");
        }
        if let Some(after) = after {
            query.push(" and link.id < ").push_bind(after);
        }
        query.push(" order by link.id desc limit ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?)
}

//! Writing evidence: pieces, what they support, which look alike.

use crate::{
    domain::evidence::{Kind, Looks, near_values},
    error::Result,
    execute, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;
use uuid::Uuid;

/// A piece whose files are stored already.
#[derive(Clone, Debug)]
pub struct NewPiece {
    pub id: Uuid,
    pub sha256: Vec<u8>,
    pub kind: Kind,
    pub media_type: &'static str,
    pub size: i64,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub taken_at: Option<DateTime<Utc>>,
    pub full_key: String,
    pub full_size: i64,
    pub thumb_key: Option<String>,
    pub looks: Option<Looks>,
}

/// What is known of a piece by its bytes.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Known {
    pub id: Uuid,
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    pub media_type: String,
    pub full_key: String,
    pub thumb_key: Option<String>,
}

/// The piece with these bytes, whoever sent it.
pub async fn by_hash(conn: &mut Conn, sha256: &[u8]) -> Result<Option<Known>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select id, kind, media_type, full_key, thumb_key from evidence where sha256 = $1",
    ).bind(sha256.to_vec()).fetch_optional(c).await)?)
}

/// Stores a piece: its id, and that of who came first where the same bytes came on two connections.
pub async fn insert(conn: &mut Conn, piece: &NewPiece, account_id: i64, at: DateTime<Utc>) -> Result<Uuid> {
    let bands = piece.looks.map(|looks| looks.bands().map(i64::from));
    let band = |place: usize| bands.map(|bands| bands[place]);
    let stored: Option<Uuid> = run!(&mut *conn, c => sqlx::query_scalar(
        "insert into evidence (id, sha256, kind, media_type, size, width, height, taken_at, full_key, full_size, \
         thumb_key, children, looks, band_0, band_1, band_2, band_3, uploaded_by, uploaded_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) \
         on conflict (sha256) do nothing returning id",
    )
    .bind(piece.id).bind(&piece.sha256).bind(piece.kind.key()).bind(piece.media_type).bind(piece.size)
    .bind(piece.width).bind(piece.height).bind(piece.taken_at).bind(&piece.full_key).bind(piece.full_size)
    .bind(&piece.thumb_key).bind(false).bind(piece.looks.map(|looks| looks.fine.to_vec()))
    .bind(band(0)).bind(band(1)).bind(band(2)).bind(band(3)).bind(account_id).bind(at)
    .fetch_optional(c).await)?;
    match (stored, &piece.looks) {
        (Some(id), Some(looks)) => {
            note_alike(conn, id, looks).await?;
            Ok(id)
        }
        (Some(id), None) => Ok(id),
        (None, _) => Ok(by_hash(conn, &piece.sha256).await?.map_or(piece.id, |known| known.id)),
    }
}

/// Notes which pictures look like a new one. They are found by index: whatever looks alike shares a band, but for one
/// bit, with it.
async fn note_alike(conn: &mut Conn, id: Uuid, looks: &Looks) -> Result<()> {
    /// Where many share a band, as pages of one form do, no more are held against each other; and no more are noted.
    const HELD: i64 = 2_000;
    const NOTED: usize = 20;
    type Row = (Uuid, Vec<u8>, i64, i64, i64, i64);
    let rows: Vec<Row> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new("select id, looks, band_0, band_1, band_2, band_3 from evidence where ");
        for (place, band) in looks.bands().into_iter().enumerate() {
            const BEGIN: [&str; 4] = ["(band_0 in (", ") or band_1 in (", ") or band_2 in (", ") or band_3 in ("];
            query.push(BEGIN[place]);
            let mut list = query.separated(", ");
            for value in near_values(band) {
                list.push_bind(i64::from(value));
            }
        }
        query.push(")) and id <> ").push_bind(id).push(" limit ").push_bind(HELD);
        query.build_query_as().fetch_all(c).await
    })?;
    let mut alike: Vec<(Uuid, i64)> = rows
        .into_iter()
        .filter_map(|(other, fine, a, b, d, e)| {
            let coarse = [a, b, d, e].into_iter().fold(0_u64, |sum, band| (sum << 16) | band.cast_unsigned());
            let other_looks = Looks { coarse, fine: fine.try_into().ok()? };
            Some((other, looks.distance(&other_looks)?.into()))
        })
        .collect();
    alike.sort_by_key(|(_, distance)| *distance);
    for (other, distance) in alike.into_iter().take(NOTED) {
        execute!(
            &mut *conn,
            sqlx::query(
                "insert into evidence_alike (evidence_id, other_id, distance) values ($1, $2, $3), ($2, $1, $3) \
                 on conflict do nothing"
            )
            .bind(id)
            .bind(other)
            .bind(distance)
        )?;
    }
    Ok(())
}

/// What a piece is put to.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    Activity(Uuid),
    Campaign(i64),
    /// An indicator, and whose document it is.
    Indicator(i64, i64),
    /// An entry of a roster, and its unit.
    Roster(i64, i64),
    /// An item of an inspection, and the unit that is looked at.
    Inspection(i64, i64),
}

/// Puts a piece to something: `false` where it was there.
pub async fn link(
    conn: &mut Conn,
    evidence: Uuid,
    target: Target,
    name: &str,
    account_id: i64,
    at: DateTime<Utc>,
) -> Result<bool> {
    let (activity, campaign, indicator, roster, item, unit) = match target {
        Target::Activity(id) => (Some(id), None, None, None, None, None),
        Target::Campaign(id) => (None, Some(id), None, None, None, None),
        Target::Indicator(id, unit) => (None, None, Some(id), None, None, Some(unit)),
        Target::Roster(id, unit) => (None, None, None, Some(id), None, Some(unit)),
        Target::Inspection(id, unit) => (None, None, None, None, Some(id), Some(unit)),
    };
    let made = execute!(
        conn,
        sqlx::query(
            "insert into evidence_link (evidence_id, activity_id, campaign_id, indicator_id, roster_entry_id, \
             inspection_item_id, unit_id, name, linked_by, linked_at, reason) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '') on conflict do nothing"
        )
        .bind(evidence)
        .bind(activity)
        .bind(campaign)
        .bind(indicator)
        .bind(roster)
        .bind(item)
        .bind(unit)
        .bind(name)
        .bind(account_id)
        .bind(at)
    )?;
    Ok(made > 0)
}

/// Takes a link back, with a reason: `false` where that was done already.
pub async fn unlink(conn: &mut Conn, link: i64, reason: &str, account_id: i64, at: DateTime<Utc>) -> Result<bool> {
    let done = execute!(
        conn,
        sqlx::query(
            "update evidence_link set unlinked_by = $2, unlinked_at = $3, reason = $4 \
             where id = $1 and unlinked_at is null"
        )
        .bind(link)
        .bind(account_id)
        .bind(at)
        .bind(reason)
    )?;
    Ok(done > 0)
}

/// Says whether children are on a picture.
pub async fn set_children(conn: &mut Conn, evidence: Uuid, children: bool) -> Result<()> {
    execute!(conn, sqlx::query("update evidence set children = $2 where id = $1").bind(evidence).bind(children))?;
    Ok(())
}

/// Takes out of a piece what tells what it was: its files' names, its hash and looks. The row stays, as its links do.
pub async fn erase(conn: &mut Conn, evidence: Uuid) -> Result<()> {
    // Nothing has this hash, and no other piece has it.
    let nobodys = [evidence.as_bytes().as_slice(), &[0; 16]].concat();
    execute!(
        &mut *conn,
        sqlx::query(
            "update evidence set sha256 = $2, full_key = '', thumb_key = null, size = 0, full_size = 0, width = null, \
             height = null, taken_at = null, looks = null, band_0 = null, band_1 = null, band_2 = null, band_3 = null \
             where id = $1"
        )
        .bind(evidence)
        .bind(nobodys)
    )?;
    execute!(conn, sqlx::query("delete from evidence_alike where evidence_id = $1 or other_id = $1").bind(evidence))?;
    Ok(())
}

/// Puts all that supports one entry to another one too: where two are merged, both evidences are kept.
pub async fn copy_links(conn: &mut Conn, from: Uuid, to: Uuid, account_id: i64, at: DateTime<Utc>) -> Result<u64> {
    Ok(execute!(
        conn,
        sqlx::query(
            "insert into evidence_link (evidence_id, activity_id, name, linked_by, linked_at, reason) \
             select evidence_id, $2, name, $3, $4, '' from evidence_link \
             where activity_id = $1 and unlinked_at is null on conflict do nothing"
        )
        .bind(from)
        .bind(to)
        .bind(account_id)
        .bind(at)
    )?)
}

//! How units word the catalogue for themselves and below, and in which order they read it, in the database.

use super::store::visible;
use crate::{
    domain::{catalogue::EntryKind, measure::Wording, unit::Unit},
    error::Result,
    execute, run,
    server::db::Conn,
};
use sqlx::{QueryBuilder, types::Json};
use std::collections::BTreeMap;

/// What units from the root down to one have chosen themselves: (unit, measure, wording), the root's first.
async fn chosen(conn: &mut Conn, unit: &Unit) -> Result<Vec<(i64, i64, Wording)>> {
    let mut all = Vec::new();
    for id in unit.ancestry() {
        let rows: Vec<(i64, Json<Wording>)> = run!(&mut *conn, c => sqlx::query_as(
            "select measure_id, wording from unit_wording where unit_id = $1",
        ).bind(id).fetch_all(c).await)?;
        all.extend(rows.into_iter().map(|(measure_id, wording)| (id, measure_id, wording.0)));
    }
    Ok(all)
}

/// How each measure that the unit sees is put into its official sentence, by the measure's id: the nearest unit's own
/// choice from it upwards, else the measure's.
pub async fn wordings(conn: &mut Conn, unit: &Unit) -> Result<BTreeMap<i64, Wording>> {
    let mut wordings: BTreeMap<i64, Wording> =
        visible(conn, unit).await?.measures.into_iter().map(|measure| (measure.id, measure.wording)).collect();
    // From the root down, so that the nearest one is said last and holds.
    wordings.extend(chosen(conn, unit).await?.into_iter().map(|(_, measure_id, wording)| (measure_id, wording)));
    Ok(wordings)
}

/// Which unit chose the words of a measure that hold at `unit`; none where they are the measure's own.
pub async fn wording_of(conn: &mut Conn, unit: &Unit, measure_id: i64) -> Result<Option<i64>> {
    let all = chosen(conn, unit).await?;
    Ok(all.iter().rev().find(|(_, measure, _)| *measure == measure_id).map(|(unit_id, _, _)| *unit_id))
}

/// Chooses how a measure is put into words by a unit and all below it.
pub async fn set_wording(conn: &mut Conn, unit_id: i64, measure_id: i64, wording: &Wording) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into unit_wording (unit_id, measure_id, wording) values ($1, $2, $3) \
             on conflict (unit_id, measure_id) do update set wording = excluded.wording"
        )
        .bind(unit_id)
        .bind(measure_id)
        .bind(Json(wording))
    )?;
    Ok(())
}

/// Takes back a unit's own choice of words: those of the level above hold again. Whether there was one.
pub async fn unset_wording(conn: &mut Conn, unit_id: i64, measure_id: i64) -> Result<bool> {
    let touched = execute!(
        conn,
        sqlx::query("delete from unit_wording where unit_id = $1 and measure_id = $2").bind(unit_id).bind(measure_id)
    )?;
    Ok(touched > 0)
}

/// For each kind of entry the order of the nearest unit that has one, with whose it is. `rows` are (unit, kind, ids),
/// `ancestry` the units from the root down.
pub(super) fn nearest(ancestry: &[i64], rows: Vec<(i64, String, String)>) -> BTreeMap<EntryKind, (i64, Vec<i64>)> {
    let mut rows: Vec<(i64, String, String)> = rows.into_iter().filter(|(_, _, ids)| !ids.is_empty()).collect();
    rows.sort_by_key(|(unit_id, _, _)| ancestry.iter().position(|id| id == unit_id));
    let found = |(unit_id, kind, ids): (i64, String, String)| {
        let ids = ids.split(',').filter_map(|id| id.parse().ok()).collect();
        Some((EntryKind::from_key(&kind)?, (unit_id, ids)))
    };
    // From the root down, so that the nearest one is said last and holds.
    rows.into_iter().filter_map(found).collect()
}

/// Whose order of a kind of entry holds at a unit: its own or that of the nearest one above; none where it is the usual.
pub async fn order_of(conn: &mut Conn, unit: &Unit, kind: EntryKind) -> Result<Option<i64>> {
    let ancestry = unit.ancestry();
    let rows: Vec<(i64, String, String)> = run!(conn, c => {
        let mut query = QueryBuilder::new("select unit_id, kind, ids from unit_order where unit_id in (-1");
        for id in &ancestry {
            query.push(", ").push_bind(*id);
        }
        query.push(")");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(nearest(&ancestry, rows).remove(&kind).map(|(unit_id, _)| unit_id))
}

/// Chooses the order in which a unit and all below it read a kind of entry; an empty one takes the choice back.
pub async fn set_order(conn: &mut Conn, unit_id: i64, kind: EntryKind, ids: &[i64]) -> Result<()> {
    let ids = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    execute!(
        conn,
        sqlx::query(
            "insert into unit_order (unit_id, kind, ids) values ($1, $2, $3) \
             on conflict (unit_id, kind) do update set ids = excluded.ids"
        )
        .bind(unit_id)
        .bind(kind.key())
        .bind(&ids)
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalogue::store::{everything, everything_for},
        domain::{access::Scope, catalogue::Catalogue, measure::Form, wording::built_in},
        server::testing::{World, each_engine},
        unit,
    };

    #[tokio::test]
    async fn a_unit_words_its_figures_for_itself_and_below() {
        each_engine(|db| async move {
            let world = World::new(db).await;
            let mut conn = world.db.write().await.expect("a transaction");
            let everything = Scope::everything();
            let county = unit::store::by_code(&mut conn, &everything, "500999").await.expect("the county");
            let town = unit::store::by_code(&mut conn, &everything, "500999001").await.expect("the town");
            let village = unit::store::by_code(&mut conn, &everything, "500999001201").await.expect("the village");
            let leaflet = visible(&mut conn, &town).await.expect("it").measure("leaflet").expect("it").id;
            let above = Wording { form: Form::Above, ..Wording::default() };
            let wan = Wording { ten_thousands: true, ..above.clone() };
            set_wording(&mut conn, county.id, leaflet, &wan).await.expect("the county's choice");
            set_wording(&mut conn, town.id, leaflet, &wan).await.expect("the town's first choice");
            set_wording(&mut conn, town.id, leaflet, &above).await.expect("the town's choice");
            assert_eq!(wordings(&mut conn, &village).await.expect("wordings")[&leaflet], above);
            assert_eq!(wordings(&mut conn, &county).await.expect("wordings")[&leaflet], wan);
            let banner = visible(&mut conn, &town).await.expect("it").measure("banner").expect("it").id;
            assert_eq!(wordings(&mut conn, &village).await.expect("wordings")[&banner], built_in::wording("banner"));
        })
        .await;
    }

    #[tokio::test]
    async fn a_unit_reads_its_catalogue_in_an_order_of_its_own_and_so_does_all_below() {
        each_engine(|db| async move {
            let world = World::new(db).await;
            let mut conn = world.db.write().await.expect("a transaction");
            let everywhere = Scope::everything();
            let county = unit::store::by_code(&mut conn, &everywhere, "500999").await.expect("the county");
            let town = unit::store::by_code(&mut conn, &everywhere, "500999001").await.expect("the town");
            let village = unit::store::by_code(&mut conn, &everywhere, "500999001201").await.expect("the village");
            let ids = |catalogue: Catalogue| catalogue.themes.into_iter().map(|theme| theme.id).collect::<Vec<_>>();
            let usual = ids(visible(&mut conn, &town).await.expect("themes"));
            let theme = EntryKind::Theme;
            set_order(&mut conn, county.id, theme, &[usual[2], usual[0]]).await.expect("the county's order");
            set_order(&mut conn, town.id, theme, &[usual[3]]).await.expect("the town's order");
            let own = ids(visible(&mut conn, &village).await.expect("themes"));
            assert_eq!((own[..3].to_vec(), own.len()), (vec![usual[3], usual[0], usual[1]], usual.len()));
            assert_eq!(ids(everything_for(&mut conn, &county).await.expect("themes"))[..2], [usual[2], usual[0]]);
            assert_eq!(order_of(&mut conn, &village, theme).await.expect("an order"), Some(town.id));
            assert_eq!(order_of(&mut conn, &village, EntryKind::Measure).await.expect("an order"), None);
            set_order(&mut conn, town.id, theme, &[]).await.expect("taken back");
            assert_eq!(ids(visible(&mut conn, &village).await.expect("themes"))[0], usual[2]);
            assert_eq!(ids(everything(&mut conn).await.expect("themes")), usual);
        })
        .await;
    }
}

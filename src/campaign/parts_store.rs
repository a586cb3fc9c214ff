//! What a campaign has several of, in the database: themes, target units, planned quantities.

use super::store::push_in;
use crate::{
    domain::campaign::{Campaign, CampaignTheme, Planned, UnitName},
    error::Result,
    run,
    server::db::Conn,
};
use sqlx::{FromRow, QueryBuilder};
use std::collections::BTreeMap;

#[derive(FromRow)]
struct ThemeRow {
    campaign_id: i64,
    id: i64,
    key: String,
    name: String,
    name_en: Option<String>,
}

#[derive(FromRow)]
struct UnitRow {
    campaign_id: i64,
    id: i64,
    code: String,
    path: String,
    short_name: String,
}

#[derive(FromRow)]
struct QuantityRow {
    campaign_id: i64,
    measure_id: i64,
    measure: String,
    name: String,
    name_en: Option<String>,
    unit_word: String,
    unit_word_en: Option<String>,
    value: i64,
}

/// Adds to each campaign its themes, units and quantities, in one statement a kind.
pub(super) async fn add(conn: &mut Conn, campaigns: &mut [Campaign]) -> Result<()> {
    if campaigns.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = campaigns.iter().map(|campaign| campaign.id).collect();
    let themes: Vec<ThemeRow> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(
            "select campaign_theme.campaign_id, theme.id, theme.key, theme.name, theme.name_en \
             from campaign_theme join theme on theme.id = campaign_theme.theme_id where ",
        );
        push_in!(query, "campaign_theme.campaign_id", &ids);
        query.push(" order by campaign_theme.position");
        query.build_query_as().fetch_all(c).await
    })?;
    let units: Vec<UnitRow> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(
            "select campaign_unit.campaign_id, unit.id, unit.code, unit.path, unit.short_name \
             from campaign_unit join unit on unit.id = campaign_unit.unit_id where ",
        );
        push_in!(query, "campaign_unit.campaign_id", &ids);
        query.push(" order by campaign_unit.position");
        query.build_query_as().fetch_all(c).await
    })?;
    let quantities: Vec<QuantityRow> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(
            "select campaign_quantity.campaign_id, campaign_quantity.measure_id, measure.key as measure, \
             measure.name, measure.name_en, measure.unit_word, measure.unit_word_en, campaign_quantity.value \
             from campaign_quantity join measure on measure.id = campaign_quantity.measure_id where ",
        );
        push_in!(query, "campaign_quantity.campaign_id", &ids);
        query.push(" order by campaign_quantity.position");
        query.build_query_as().fetch_all(c).await
    })?;
    let places: BTreeMap<i64, usize> =
        campaigns.iter().enumerate().map(|(place, campaign)| (campaign.id, place)).collect();
    for ThemeRow { campaign_id, id, key, name, name_en } in themes {
        if let Some(place) = places.get(&campaign_id) {
            campaigns[*place].themes.push(CampaignTheme { id, key, name, name_en });
        }
    }
    for UnitRow { campaign_id, id, code, path, short_name } in units {
        if let Some(place) = places.get(&campaign_id) {
            campaigns[*place].units.push(UnitName { id, code, path, short_name });
        }
    }
    for row in quantities {
        let QuantityRow { campaign_id, measure_id, measure, name, name_en, unit_word, unit_word_en, value } = row;
        if let Some(place) = places.get(&campaign_id) {
            let planned = Planned { measure_id, measure, name, name_en, unit_word, unit_word_en, value };
            campaigns[*place].quantities.push(planned);
        }
    }
    Ok(())
}

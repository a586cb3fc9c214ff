//! `pufa generate`: synthetic activities for measurements, fast, the same for the same seed.

use super::{generate_store, rollup_store};
use crate::{
    catalogue,
    domain::{
        access::Scope,
        activity::{Checked, Draft, DraftQuantity, Quantity},
        catalogue::Catalogue,
        measure::Precision,
        period::Day,
        rollup::{self, Counted, Rows},
        unit::ancestry,
    },
    error::{Error, Result},
    server::db::Db,
    unit,
};
use chrono::{DateTime, Days, NaiveTime, Utc};
use rand::{RngExt, SeedableRng, rngs::StdRng};

/// Entries in one transaction: their totals are added up in memory first.
const BATCH: i64 = 50_000;
/// The years over which they are strewn.
const FIRST_DAY: (i32, u32, u32) = (2021, 1, 1);
const DAYS: u64 = 5 * 365 + 1;

/// A kind of entry: type, how often among a hundred, and its measures with the least and the most of each.
type Recipe = (&'static str, u32, &'static [(&'static str, i64, i64)]);

const RECIPES: &[Recipe] = &[
    ("banner", 25, &[("banner", 1, 5)]),
    ("leaflet", 20, &[("leaflet", 20, 200)]),
    ("village_visit", 20, &[("village_visit", 1, 1), ("leaflet", 20, 80), ("attendance", 10, 90)]),
    ("lecture", 15, &[("lecture", 1, 1), ("attendance", 20, 150)]),
    ("broadcast", 12, &[("broadcast", 1, 14)]),
    ("led", 8, &[("led", 1, 7)]),
];

/// Puts `number` activities at the villages at or below `unit` (all of them without), and their totals.
///
/// # Errors
/// An unknown unit, no village, no account.
pub async fn generate(db: &Db, unit: Option<&str>, number: i64, seed: u64) -> Result<()> {
    let mut conn = db.read().await?;
    let root = match unit {
        Some(code) => match unit::store::by_code(&mut conn, &Scope::everything(), code).await {
            Err(Error::NotFound) => return Err(Error::internal(format!("there is no unit with the code {code}"))),
            other => Some(other?),
        },
        None => None,
    };
    let villages = generate_store::villages(&mut conn, root.as_ref()).await?;
    if villages.is_empty() {
        return Err(Error::internal("there is no village to put activities into"));
    }
    let author = generate_store::author(&mut conn).await?;
    let catalogue = catalogue::store::everything(&mut conn).await?;
    drop(conn);
    let mut random = StdRng::seed_from_u64(seed);
    let mut left = number;
    while left > 0 {
        let size = left.min(BATCH);
        left -= size;
        let mut rows = Rows::new();
        let mut entries = Vec::new();
        for _ in 0..size {
            let (unit_id, path, code) = &villages[random.random_range(0..villages.len())];
            let Some(entry) = entry(&mut random, &catalogue, *unit_id, code) else { continue };
            let counted = Counted {
                ancestry: &ancestry(path),
                day: entry.1.day,
                day_to: entry.1.day_to,
                quantities: &entry.1.quantities,
                theme_ids: &entry.1.theme_ids,
                campaign_ids: &[],
            };
            rollup::add(&mut rows, &counted, 1);
            entries.push(entry);
        }
        let mut conn = db.write().await?;
        generate_store::insert(&mut conn, &entries, author).await?;
        rollup_store::add(&mut conn, &rows).await?;
        conn.commit().await?;
    }
    Ok(())
}

fn entry(
    random: &mut StdRng,
    catalogue: &Catalogue,
    unit_id: i64,
    code: &str,
) -> Option<(Draft, Checked, DateTime<Utc>)> {
    let first = Day::from_ymd_opt(FIRST_DAY.0, FIRST_DAY.1, FIRST_DAY.2)?;
    let day = first + Days::new(random.random_range(0..DAYS));
    let mut dice = random.random_range(0..100);
    let (kind, _, measures) = RECIPES.iter().find(|recipe| {
        let hit = dice < recipe.1;
        dice = dice.saturating_sub(recipe.1);
        hit
    })?;
    let at = day.and_time(NaiveTime::MIN).and_utc();
    let millis = u64::try_from(at.timestamp_millis()).ok()?;
    let id = uuid::Builder::from_unix_timestamp_millis(millis, &random.random()).into_uuid();
    let mut drafted = Vec::new();
    let mut quantities = Vec::new();
    for (key, least, most) in *measures {
        let measure = catalogue.measure(key)?;
        let value = random.random_range(*least..=*most);
        let precision = match random.random_range(0..10) {
            0 if value > 20 => Precision::AtLeast,
            1 if value > 20 => Precision::Estimate,
            _ => Precision::Exact,
        };
        drafted.push(DraftQuantity { measure: measure.key.clone(), value, precision });
        quantities.push(Quantity { measure_id: measure.id, precision, value });
    }
    let mut themes = Vec::new();
    for _ in 0..[0, 1, 1, 1, 1, 1, 1, 1, 2, 2][random.random_range(0..10)] {
        let theme = &catalogue.themes[random.random_range(0..catalogue.themes.len().min(8))];
        if !themes.contains(&theme) {
            themes.push(theme);
        }
    }
    let draft = Draft {
        id,
        unit: code.into(),
        date: day,
        date_to: None,
        kind: Some((*kind).into()),
        themes: themes.iter().map(|theme| theme.key.clone()).collect(),
        campaigns: Vec::new(),
        event: None,
        classes: Vec::new(),
        covers: Vec::new(),
        quantities: drafted,
        note: String::new(),
        place: String::new(),
        organiser: String::new(),
        co_organisers: Vec::new(),
        handler: String::new(),
    };
    let checked = Checked {
        id,
        unit_id,
        day,
        day_to: None,
        type_id: catalogue.activity_type(kind)?.id,
        event_id: None,
        quantities,
        theme_ids: themes.iter().map(|theme| theme.id).collect(),
        campaign_ids: Vec::new(),
        class_ids: Vec::new(),
        cover_ids: Vec::new(),
        co_organisers: Vec::new(),
        place: String::new(),
        organiser: String::new(),
        handler: String::new(),
        note: String::new(),
    };
    Some((draft, checked, at))
}

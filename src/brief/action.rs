//! What there is to tell of an entry or a campaign, gathered for those who may read it.

use crate::{
    activity::{self, store::Entry},
    campaign::{self, figures},
    catalogue,
    domain::{
        access::Scope,
        activity::Status,
        brief::{Brief, Item, Sum, Told, brief, campaign_brief, days, message},
        campaign::Campaign,
        catalogue::Catalogue,
        day_text::Days,
        measure::{Measure, Total},
        unit::{Unit, UnitKind, ancestry},
    },
    error::{Error, Result},
    evidence::{self, files::Files},
    figure,
    server::{
        context::Ctx,
        db::Conn,
        document::{Document, Picture},
    },
    unit,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The most photos of a brief.
const PHOTOS: usize = 2;

/// How many of a campaign's latest entries are looked through for photos.
const LATEST: i64 = 60;

/// The texts of an entry.
#[derive(Debug)]
pub struct Texts {
    pub entry: Entry,
    /// For the villages' group.
    pub message: String,
    pub brief: Brief,
    pub photos: Vec<Photo>,
}

/// A photo that may go into a brief: none with children on it.
#[derive(Debug)]
pub struct Photo {
    pub id: Uuid,
    /// Where its bytes lie.
    key: String,
    /// Date, place, unit.
    pub caption: String,
}

/// The first photos of an entry that may go into a brief.
async fn photos(conn: &mut Conn, scope: &Scope, entry: &Entry, most: usize) -> Result<Vec<Photo>> {
    let pieces = evidence::store::fit_for_brief(conn, scope, entry.draft.id).await?;
    let day = days(Days { from: entry.draft.date, to: None }, true);
    let words = [day.as_str(), entry.draft.place.as_str(), entry.unit_name.as_str()];
    let caption = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let photo = |piece: evidence::store::Piece| Photo { id: piece.id, key: piece.full_key, caption: caption.clone() };
    Ok(pieces.into_iter().take(most).map(photo).collect())
}

/// The town above a village, as it stands before the village's name; empty for a town or county itself.
async fn above(conn: &mut Conn, unit: &Unit) -> Result<String> {
    if matches!(unit.kind, UnitKind::County | UnitKind::Town) {
        return Ok(String::new());
    }
    for id in ancestry(&unit.path).into_iter().rev().skip(1) {
        let above = unit::store::by_id(conn, &Scope::everything(), id).await?;
        if above.kind == UnitKind::Town {
            return Ok(above.short_name);
        }
    }
    Ok(String::new())
}

fn item(measure: &Measure, total: Total) -> Item {
    Item {
        key: measure.key.clone(),
        name: measure.name.clone(),
        unit_word: measure.unit_word.clone(),
        wording: measure.wording.clone(),
        total,
    }
}

/// The figures of an entry, those of one measure together, in the order of the catalogue.
fn items(entry: &Entry, catalogue: &Catalogue) -> Vec<Item> {
    let mut totals: BTreeMap<&str, Total> = BTreeMap::new();
    for quantity in &entry.draft.quantities {
        *totals.entry(&quantity.measure).or_default() += Total::of(quantity.precision, quantity.value);
    }
    catalogue.measures.iter().filter_map(|measure| Some(item(measure, *totals.get(measure.key.as_str())?))).collect()
}

/// The texts of an entry, for whoever may read it.
///
/// # Errors
/// [`Error::NotFound`] outside what the reader may see, and for an entry that was withdrawn.
pub async fn of_activity(ctx: &Ctx, id: Uuid) -> Result<Texts> {
    let mut conn = ctx.db.read().await?;
    let scope = ctx.scope()?;
    let entry = activity::store::one(&mut conn, &scope, id).await?;
    if entry.status == Status::Withdrawn {
        return Err(Error::NotFound);
    }
    let unit = unit::store::by_id(&mut conn, &Scope::everything(), entry.unit_id).await?;
    let catalogue = catalogue::store::visible(&mut conn, &unit).await?;
    let draft = &entry.draft;
    let theme_name = |key: &String| catalogue.theme(key).map_or(key.clone(), |theme| theme.name.clone());
    // Offices say whose activity it was by the campaign's name, where it is one.
    let campaign = match &draft.campaigns[..] {
        [only] => match campaign::store::by_key(&mut conn, &scope, only).await {
            Ok(campaign) => campaign.title,
            Err(Error::NotFound) => String::new(),
            Err(other) => return Err(other),
        },
        _ => String::new(),
    };
    let mut covers = Vec::new();
    if !draft.covers.is_empty() {
        let wanted: BTreeSet<&String> = draft.covers.iter().collect();
        let below = unit::store::at_and_below(&mut conn, &unit).await?;
        covers.extend(below.into_iter().filter(|unit| wanted.contains(&unit.code)).map(|unit| unit.short_name));
    }
    let told = Told {
        unit: unit.short_name.clone(),
        above: above(&mut conn, &unit).await?,
        days: Days { from: draft.date, to: draft.date_to },
        place: draft.place.clone(),
        organiser: draft.organiser.clone(),
        co_organisers: draft.co_organisers.clone(),
        handler: draft.handler.clone(),
        themes: draft.themes.iter().map(theme_name).collect(),
        campaign,
        covers,
        items: items(&entry, &catalogue),
    };
    let photos = photos(&mut conn, &scope, &entry, PHOTOS).await?;
    Ok(Texts { message: message(&told), brief: brief(&told), entry, photos })
}

/// The brief of a campaign: all that was logged for it at the reader's units, each activity once.
///
/// # Errors
/// [`Error::NotFound`] outside what the reader may see.
pub async fn of_campaign(ctx: &Ctx, key: &str) -> Result<(Campaign, Brief, Vec<Photo>)> {
    let home = ctx.actor()?.home_unit_id();
    campaign_in(ctx, key, &ctx.scope()?, home).await
}

/// The brief of a campaign as a unit tells it: of what was logged there and below, the same for all who read the unit.
///
/// # Errors
/// [`Error::NotFound`] where the reader does not read the unit, or the campaign does not concern it.
pub async fn of_campaign_at(ctx: &Ctx, key: &str, unit: &Unit) -> Result<(Campaign, Brief, Vec<Photo>)> {
    let scope = ctx.scope()?.within(unit).ok_or(Error::NotFound)?;
    campaign_in(ctx, key, &scope, Some(unit.id)).await
}

async fn campaign_in(ctx: &Ctx, key: &str, scope: &Scope, home: Option<i64>) -> Result<(Campaign, Brief, Vec<Photo>)> {
    let mut conn = ctx.db.read().await?;
    let campaign = campaign::action::find(&mut conn, scope, key).await?;
    // Whoever reads less than the campaign's own unit is told of their own units.
    let speaker = match scope.contains(&campaign.unit.path) {
        true => campaign.unit.id,
        false => home.unwrap_or(campaign.unit.id),
    };
    let speaker = unit::store::by_id(&mut conn, &Scope::everything(), speaker).await?;
    let catalogue = catalogue::store::visible(&mut conn, &speaker).await?;
    let totals = figures::of_campaigns(&mut conn, scope, Some(campaign.id)).await?;
    let of = |measure: i64| totals.get(&(campaign.id, measure)).copied().unwrap_or_default();
    let (mut villages, mut schools) = (0, 0);
    for unit in reached(&mut conn, scope, campaign.id).await? {
        match unit.kind {
            UnitKind::Village | UnitKind::Community => villages += 1,
            UnitKind::School => schools += 1,
            _ => {}
        }
    }
    let told = Told {
        unit: speaker.short_name.clone(),
        above: above(&mut conn, &speaker).await?,
        days: Days { from: campaign.period.from, to: Some(campaign.period.to).filter(|to| *to > campaign.period.from) },
        place: String::new(),
        organiser: String::new(),
        co_organisers: Vec::new(),
        handler: String::new(),
        themes: campaign.themes.iter().map(|theme| theme.name.clone()).collect(),
        campaign: campaign.title.clone(),
        covers: Vec::new(),
        items: catalogue.measures.iter().map(|measure| item(measure, of(measure.id))).collect(),
    };
    let sum = Sum { told, activities: of(0).activities, villages, schools };
    let brief = campaign_brief(&sum, ctx.today);
    let photos = photos_of_campaign(&mut conn, scope, &campaign, &speaker).await?;
    Ok((campaign, brief, photos))
}

/// A photo each of the latest entries of a campaign that have one.
async fn photos_of_campaign(conn: &mut Conn, scope: &Scope, campaign: &Campaign, unit: &Unit) -> Result<Vec<Photo>> {
    let filter = activity::store::Filter {
        campaign_id: Some(campaign.id),
        scope: Some(scope.clone()),
        ..activity::store::Filter::default()
    };
    let entries = activity::store::page(conn, unit, &filter, None, LATEST).await?;
    let ids: Vec<Uuid> = entries.iter().map(|entry| entry.draft.id).collect();
    let with: BTreeSet<Uuid> = evidence::store::counts(conn, &ids).await?.into_iter().map(|(id, _)| id).collect();
    let mut found = Vec::new();
    for entry in entries.iter().filter(|entry| with.contains(&entry.draft.id)) {
        found.extend(photos(conn, scope, entry, 1).await?);
        if found.len() == PHOTOS {
            break;
        }
    }
    Ok(found)
}

/// The units with an activity of the campaign.
async fn reached(conn: &mut Conn, scope: &Scope, campaign: i64) -> Result<Vec<Unit>> {
    let mut reached = Vec::new();
    for path in scope.paths() {
        let Some(root) = ancestry(path).last().copied() else { continue };
        let root = unit::store::by_id(conn, scope, root).await?;
        let filter = figure::Filter { measure: Some(0), ..figure::Filter::of_campaign(campaign) };
        let own = figure::store::own_by_unit(conn, &root, figures::always(), &filter).await?;
        let ids: BTreeSet<i64> =
            own.into_iter().filter(|(_, total)| total.activities > 0).map(|((id, _), _)| id).collect();
        reached.extend(unit::store::at_and_below(conn, &root).await?.into_iter().filter(|unit| ids.contains(&unit.id)));
    }
    Ok(reached)
}

/// The brief as an office's document, with its photos. One whose file is gone is left out.
///
/// # Errors
/// The files cannot be read.
pub async fn document(ctx: &Ctx, brief: &Brief, photos: Vec<Photo>) -> Result<Document> {
    let mut pictures = Vec::new();
    if !photos.is_empty() {
        let files = Files::open(&ctx.settings.data_dir)?;
        for photo in photos {
            let bytes = files.get(&photo.key).await?;
            pictures.extend(bytes.map(|bytes| Picture { bytes, caption: photo.caption }));
        }
    }
    Ok(Document {
        title: brief.title.clone(),
        to: String::new(),
        body: brief.body.clone(),
        pictures,
        end: vec![brief.sender.clone(), brief.day.clone()],
    })
}

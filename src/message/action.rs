//! Reading a pasted message for somebody, and storing the drafts that they confirmed.

use super::form::Typed;
use crate::{
    activity::{self, log_page},
    catalogue,
    domain::{
        access::Scope,
        activity::{Draft, Status},
        alias::Vocabulary,
        catalogue::Catalogue,
        message::{self, Known, Place, Reading},
        problem::{Problem, Problems},
        unit::{Unit, UnitKind},
    },
    error::{Error, Result},
    review,
    server::{context::Ctx, db::Conn},
    unit,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The most characters of a text.
pub const LONGEST: usize = 20_000;

/// The most drafts of a text.
pub const MOST: usize = 60;

/// A text that was read, and what it was held against.
pub struct Read {
    /// Its line ends made one kind: the places in [`Read::reading`] are counted in it.
    pub text: String,
    pub reading: Reading,
    /// An id for each draft; the same message has the same ids whenever it is pasted.
    pub ids: Vec<Uuid>,
    /// The units where the reader may log.
    pub units: Vec<Unit>,
    /// These and the others of the same town, which a message may name too.
    pub places: Vec<Place>,
    pub catalogue: Catalogue,
}

/// Reads a text for somebody who may log.
///
/// # Errors
/// [`Error::Forbidden`] for who may log nowhere, [`Error::Invalid`] where the text is empty, too long, or tells of nothing.
pub async fn read(ctx: &Ctx, conn: &mut Conn, text: &str) -> Result<Read> {
    let locale = ctx.locale;
    let units = log_page::loggable(conn, ctx).await?;
    let home = units.first().ok_or(Error::Forbidden)?;
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let length = text.chars().count();
    if text.trim().is_empty() {
        return Err(Error::invalid("text", locale.message_empty()));
    }
    if length > LONGEST {
        return Err(Error::invalid("text", locale.message_too_long(LONGEST)));
    }
    let catalogue = catalogue::store::visible(conn, home).await?;
    let places = places(conn, &units, home).await?;
    let vocabulary = Vocabulary::of(&catalogue);
    // Whose units are one village and what lies in it speaks of that village.
    let is_place =
        matches!(home.kind, UnitKind::Village | UnitKind::Community | UnitKind::School | UnitKind::Department);
    let own = (is_place && units.iter().all(|unit| unit.path.starts_with(&home.path))).then_some(home.code.as_str());
    let known = Known { today: ctx.today, catalogue: &catalogue, vocabulary: &vocabulary, places: &places, home: own };
    let reading = message::read(&text, &known);
    if reading.entries.is_empty() {
        return Err(Error::invalid("text", locale.message_nothing()));
    }
    if reading.entries.len() > MOST {
        return Err(Error::invalid("text", locale.message_too_many(reading.entries.len(), MOST)));
    }
    let ids = ids(&text, &reading);
    Ok(Read { text, reading, ids, units, places, catalogue })
}

/// The reader's units and, for who has one village alone, its neighbours: their names are known so that they can be
/// refused by name.
async fn places(conn: &mut Conn, units: &[Unit], home: &Unit) -> Result<Vec<Place>> {
    let mut places: Vec<Place> = units.iter().map(|unit| Place::of(unit, true)).collect();
    let above = match (home.kind, home.parent_id) {
        (UnitKind::Town | UnitKind::County, _) | (_, None) => return Ok(places),
        (_, Some(parent)) => unit::store::by_id(conn, &Scope::everything(), parent).await?,
    };
    for unit in unit::store::at_and_below(conn, &above).await? {
        if !places.iter().any(|place| place.code == unit.code) {
            places.push(Place::of(&unit, false));
        }
    }
    Ok(places)
}

/// The ids of the drafts, made from what was pasted: the words, the unit and the day.
fn ids(text: &str, reading: &Reading) -> Vec<Uuid> {
    let chars: Vec<char> = text.chars().collect();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut ids = Vec::new();
    for entry in &reading.entries {
        // Spaces come and go when a message is copied.
        let words: String = chars[entry.start..entry.end].iter().filter(|letter| !letter.is_whitespace()).collect();
        let unit = entry.unit.as_deref().or(entry.foreign.as_deref()).unwrap_or_default();
        let seed = format!("{words}\n{unit}\n{}", entry.date);
        let same = seen.entry(seed.clone()).or_default();
        ids.push(derived_id(&seed, &same.to_string()));
        *same += 1;
    }
    ids
}

/// An id made from words: the same words, the same id.
pub fn derived_id(seed: &str, part: &str) -> Uuid {
    let digest =
        Sha256::new().chain_update("message\n").chain_update(seed).chain_update("\n").chain_update(part).finalize();
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The most times that the same words are stored anew after they were withdrawn.
const ROUNDS: usize = 100;

/// The id under which a message's entry stands in the ledger, or where it is stored: that it is free. Withdrawn, it may
/// come again, under the next id. What was made one with another unit's entry counts there and does not.
async fn place_of(conn: &mut Conn, scope: &Scope, first: Uuid) -> Result<(Uuid, bool)> {
    let mut id = first;
    for round in 1..=ROUNDS {
        match activity::store::one(conn, scope, id).await {
            Err(Error::NotFound) => return Ok((id, true)),
            Ok(entry) if entry.status == Status::Withdrawn => {}
            Ok(_) => return Ok((id, false)),
            Err(other) => return Err(other),
        }
        let merges = review::double_store::merges_of(conn, id).await?;
        if merges.iter().any(|merge| merge.merged_id == id) {
            return Ok((id, false));
        }
        id = derived_id(&first.to_string(), &format!("again {round}"));
    }
    Ok((id, false))
}

/// What became of confirmed drafts.
#[derive(Debug, Default)]
pub struct Outcome {
    pub saved: Vec<Uuid>,
    /// These had been stored before.
    pub before: Vec<Uuid>,
}

/// Stores the confirmed drafts, all or none of them. What the same message brought before is not stored again, whatever
/// was corrected since, unless it was withdrawn.
///
/// # Errors
/// [`Error::Invalid`] with every problem by the field of its draft.
pub async fn store(ctx: &Ctx, confirmed: &[Typed]) -> Result<Outcome> {
    let scope = ctx.scope()?;
    let batch = (confirmed.iter().map(|typed| typed.drafts.len()).sum::<usize>() > 1).then(Uuid::now_v7);
    let mut outcome = Outcome::default();
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    for typed in confirmed {
        for draft in &typed.drafts {
            let (id, is_free) = place_of(&mut conn, &scope, draft.id).await?;
            if !is_free {
                outcome.before.push(id);
                continue;
            }
            let draft = &Draft { id, ..draft.clone() };
            match activity::action::save_in(&mut conn, ctx, draft, ctx.now, batch).await {
                Ok(saved) if saved.created => outcome.saved.push(draft.id),
                Ok(_) => outcome.before.push(draft.id),
                Err(Error::Invalid(found)) => {
                    for problem in found {
                        problems.add(typed.field_of(&problem.field), problem.message);
                    }
                }
                Err(Error::Forbidden) => problems.add(typed.field("unit"), ctx.locale.message_not_yours()),
                Err(Error::Conflict { message, .. }) => problems.add(typed.field("date"), message),
                Err(other) => return Err(other),
            }
        }
    }
    // One draft for many villages has one problem, not one for each.
    let mut problems: Vec<Problem> = problems.into_inner();
    problems.dedup();
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    conn.commit().await?;
    Ok(outcome)
}

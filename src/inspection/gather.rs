//! What there is for each item of a scheme, and what is missing. Everything is read under the reader's own sight, and
//! children's pictures only for who may be given them.

use super::store::{self, Item, Of, Scheme, Shown};
use crate::{
    campaign, catalogue,
    domain::{
        access::Scope,
        catalogue::Catalogue,
        evidence::{Format, Kind, caption},
        inspection::{Material, Proof, missing},
        period::Day,
        roster::Kind as Roster,
        unit::Unit,
    },
    error::{Error, Result},
    evidence::{self, store::Piece},
    figure::{self, Filter},
    locale::Locale,
    plan, roster,
    server::{context::Ctx, db::Conn},
    unit,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The most pieces behind one proof of an item that are listed: a town's year has some hundreds. The others are counted.
const MOST: i64 = 3_000;
/// What a file that this program writes is taken to weigh before it is written.
const WRITTEN: i64 = 200_000;

/// Where a file's bytes come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A stored piece: its key among the files.
    Stored(String),
    /// Written by this program: drafts of a campaign's notice and brief, a roster's list.
    Notice(String),
    Brief(String),
    Roster(Roster),
}

/// A file of the folder.
#[derive(Clone, Debug)]
pub struct File {
    pub material: Material,
    pub name: String,
    pub ending: String,
    pub source: Source,
    /// Date, place, unit.
    pub caption: String,
    pub day: Option<Day>,
    /// The piece, where it is one.
    pub id: Option<Uuid>,
    pub is_photo: bool,
    /// Written by this program in place of what the office has still to write: a help, and no proof.
    pub is_draft: bool,
    pub size: i64,
}

/// What one proof of an item comes to.
#[derive(Clone, Debug)]
pub struct Group {
    /// Nothing of these for the documents that were put to the item itself.
    pub what: Option<Proof>,
    pub title: String,
    /// Where it is read.
    pub address: String,
    /// Where documents are put to it; entries of the ledger get theirs one by one.
    pub add: Option<String>,
    pub files: Vec<File>,
    /// Entries of the ledger, and those with nothing behind them.
    pub entries: Option<(i64, i64)>,
    /// A measure's total, in words.
    pub figure: Option<String>,
    /// Children's pictures that were left out.
    pub left_out: usize,
    /// Pieces beyond [`MOST`], which are not listed.
    pub beyond: i64,
}

/// An item with what shows it.
#[derive(Clone, Debug)]
pub struct Filled {
    pub item: Item,
    pub groups: Vec<Group>,
    pub missing: Vec<Material>,
    /// What else is asked for and not there, in the rules' own words.
    pub lacking: Vec<String>,
    /// Proofs that are no longer there: a campaign in nobody's sight, a measure that was retired.
    pub gone: usize,
}

impl Filled {
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.groups.iter().flat_map(|group| &group.files)
    }

    /// Files of a kind that show the item, each once; drafts show nothing.
    pub fn count(&self, material: Material) -> usize {
        let own = self.files().filter(|file| file.material == material && !file.is_draft);
        let (pieces, written): (Vec<_>, Vec<_>) = own.partition(|file| file.id.is_some());
        pieces.iter().filter_map(|file| file.id).collect::<BTreeSet<_>>().len() + written.len()
    }

    /// Whether anything that the rules ask for is not there.
    pub fn lacks(&self) -> bool {
        !self.missing.is_empty() || !self.lacking.is_empty()
    }

    pub fn drafts(&self) -> usize {
        self.files().filter(|file| file.is_draft).count()
    }
}

/// What the reader may be given of children's pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Children {
    /// None of them.
    Out,
    /// Those of entries at units that the reader manages.
    In,
}

/// All items of a scheme, filled for its unit.
pub async fn all(ctx: &Ctx, conn: &mut Conn, scheme: &Scheme, unit: &Unit, children: Children) -> Result<Vec<Filled>> {
    let catalogue = catalogue::store::everything_for(conn, unit).await?;
    let mut filled = Vec::new();
    for item in store::items(conn, scheme.id).await? {
        filled.push(fill(ctx, conn, scheme, unit, &catalogue, item, children).await?);
    }
    Ok(filled)
}

/// One item of a scheme, filled for its unit.
pub async fn one(ctx: &Ctx, conn: &mut Conn, scheme: &Scheme, unit: &Unit, item: Item) -> Result<Filled> {
    let catalogue = catalogue::store::everything_for(conn, unit).await?;
    fill(ctx, conn, scheme, unit, &catalogue, item, Children::Out).await
}

async fn fill(
    ctx: &Ctx,
    conn: &mut Conn,
    scheme: &Scheme,
    unit: &Unit,
    catalogue: &Catalogue,
    item: Item,
    children: Children,
) -> Result<Filled> {
    let (mut groups, mut gone) = (Vec::new(), 0);
    for (what, key) in &item.proofs {
        match group(ctx, conn, scheme, unit, catalogue, *what, key, children).await {
            Ok(group) => groups.push(group),
            Err(Error::NotFound) => gone += 1,
            Err(other) => return Err(other),
        }
    }
    if let Some(own) = own(ctx, conn, scheme, unit, &item, children).await? {
        groups.push(own);
    }
    let files = groups.iter().flat_map(|group| &group.files);
    let there: BTreeSet<Material> = files.filter(|file| !file.is_draft).map(|file| file.material).collect();
    let missing = missing(&item.materials, there);
    let lacking = item.others.iter().filter(|word| !is_there(word, &groups)).cloned().collect();
    Ok(Filled { item, groups, missing, lacking, gone })
}

/// Whether something is there that rules ask for in their own words: a file that is called so, a roster, entries.
fn is_there(word: &str, groups: &[Group]) -> bool {
    let is_it = |file: &File| {
        let is_roster = word.contains("名册") && matches!(file.source, Source::Roster(_));
        !file.is_draft && (is_roster || file.name.contains(word))
    };
    let has_entries = |group: &Group| word.contains("台账") && group.entries.is_some_and(|(entries, _)| entries > 0);
    groups.iter().any(|group| has_entries(group) || group.files.iter().any(is_it))
}

#[allow(clippy::too_many_arguments)] // One question, asked in one place.
async fn group(
    ctx: &Ctx,
    conn: &mut Conn,
    scheme: &Scheme,
    unit: &Unit,
    catalogue: &Catalogue,
    what: Proof,
    key: &str,
    children: Children,
) -> Result<Group> {
    let locale = ctx.locale;
    let ledger = |more: &str| {
        let period = scheme.period();
        format!("/activities?unit={}&from={}&to={}&{more}={key}", unit.code, period.from, period.to)
    };
    let mut group = Group::of(Some(what));
    let of = match what {
        Proof::Campaign => {
            // As the scheme's unit sees it: all who may open the folder find the same in it.
            let scope = ctx.scope()?.within(unit).ok_or(Error::NotFound)?;
            let campaign = campaign::action::find(conn, &scope, key).await?;
            group.title = campaign.title.clone();
            group.address = format!("/campaigns/{}", campaign.key);
            group.add = Some(format!("/campaigns/{}/evidence", campaign.key));
            let owner = unit::store::by_id(conn, &Scope::everything(), campaign.unit.id).await?;
            let manages = ctx.actor()?.may_manage(&owner);
            for piece in evidence::store::of_campaign(conn, campaign.id).await? {
                group.put(locale, piece, children, manages, &campaign.unit.short_name);
            }
            // Where the office has put nothing, this program lays a draft of it; its notice where the unit plans it.
            let has = |group: &Group, material: Material| group.files.iter().any(|file| file.material == material);
            if scope.contains(&owner.path) && !has(&group, Material::Notice) {
                let source = Source::Notice(campaign.key.clone());
                group.files.push(written(Material::Notice, campaign.title.clone(), "docx", source, true));
            }
            if !has(&group, Material::Brief) {
                let source = Source::Brief(campaign.key.clone());
                group.files.push(written(Material::Brief, campaign.title.clone(), "docx", source, true));
            }
            Of::Campaign(campaign.id)
        }
        Proof::Theme => {
            let theme = catalogue.theme(key).ok_or(Error::NotFound)?;
            group.title = locale.name(&theme.name, theme.name_en.as_deref()).to_owned();
            group.address = ledger("theme");
            Of::Theme(theme.id)
        }
        Proof::Type => {
            let kind = catalogue.types.iter().find(|one| one.key == key).ok_or(Error::NotFound)?;
            group.title = locale.name(&kind.name, kind.name_en.as_deref()).to_owned();
            group.address = ledger("type");
            Of::Type(kind.id)
        }
        Proof::Measure => {
            let measure = catalogue.measure(key).ok_or(Error::NotFound)?;
            group.title = locale.name(&measure.name, measure.name_en.as_deref()).to_owned();
            group.address = ledger("measure");
            let filter = Filter::of_measure(measure.id);
            let totals = figure::store::total_by_measure(conn, unit, scheme.period(), &filter).await?;
            let total = totals.get(&measure.id).copied().unwrap_or_default();
            group.figure = Some(crate::ledger::words::total_text(locale, Some(measure), total));
            Of::Measure(measure.id)
        }
        Proof::Indicator => {
            let indicator = plan::indicator_action::seen_indicator(conn, unit, key).await?;
            group.title = locale.name(&indicator.name, indicator.name_en.as_deref()).to_owned();
            group.address = format!("/indicators/{key}?unit={}", unit.code);
            group.add = Some(format!("/indicators/{key}/evidence?unit={}", unit.code));
            let manages = ctx.actor()?.may_manage(unit);
            for piece in evidence::store::of_indicator_at(conn, unit, indicator.id).await? {
                group.put(locale, piece, children, manages, &unit.short_name);
            }
            return Ok(group);
        }
        Proof::Roster => {
            let kind = Roster::from_key(key).ok_or(Error::NotFound)?;
            let day = scheme.to_day.min(ctx.today);
            group.title = roster::words::title(locale, kind).to_owned();
            group.address = format!("/rosters/{kind}?unit={}&as_of={day}", unit.code);
            let entries = roster::store::list(conn, unit, kind, roster::store::Which::On(day)).await?;
            group.figure = Some(format!("{} {}", entries.len(), roster::words::counter(locale, kind)));
            if !entries.is_empty() {
                let name = locale.roster_title(roster::words::title(locale, kind), &unit.short_name);
                group.files.push(written(Material::Other, name, "xlsx", Source::Roster(kind), false));
            }
            let manages = ctx.actor()?.may_manage(unit);
            for entry in entries.iter().filter(|entry| entry.documents > 0) {
                for piece in evidence::store::of_roster(conn, entry.id).await? {
                    group.put(locale, piece, children, manages, &entry.unit_name);
                }
            }
            return Ok(group);
        }
    };
    group.entries = Some(store::entries(conn, unit, scheme.period(), of).await?);
    let actor = ctx.actor()?;
    let pieces = store::pieces(conn, unit, scheme.period(), of, MOST).await?;
    if pieces.len() as i64 == MOST {
        group.beyond = store::count_pieces(conn, unit, scheme.period(), of).await? - MOST;
    }
    for shown in pieces {
        let manages = actor.grants.iter().any(|grant| {
            use crate::domain::access::Role;
            matches!(grant.role, Role::Admin | Role::Officer) && shown.unit_path.starts_with(&grant.path)
        });
        group.put_shown(locale, shown, children, manages);
    }
    group.files.sort_by_key(|file| (file.material, file.is_draft, file.day));
    Ok(group)
}

/// The documents that were put to the item itself; nothing where there are none.
async fn own(
    ctx: &Ctx,
    conn: &mut Conn,
    scheme: &Scheme,
    unit: &Unit,
    item: &Item,
    children: Children,
) -> Result<Option<Group>> {
    let locale = ctx.locale;
    let pieces = evidence::store::of_inspection_item(conn, item.id).await?;
    if pieces.is_empty() {
        return Ok(None);
    }
    let mut group = Group::of(None);
    group.title = locale.inspection_own_documents().to_owned();
    group.address = format!("/inspection/{}/items/{}/evidence", scheme.id, item.id);
    group.add = Some(group.address.clone());
    let manages = ctx.actor()?.may_manage(unit);
    for piece in pieces {
        group.put(locale, piece, children, manages, &unit.short_name);
    }
    group.files.sort_by_key(|file| file.material);
    Ok(Some(group))
}

/// A file that this program writes.
fn written(material: Material, name: String, ending: &str, source: Source, is_draft: bool) -> File {
    File {
        material,
        name,
        ending: ending.into(),
        source,
        caption: String::new(),
        day: None,
        id: None,
        is_photo: false,
        is_draft,
        size: WRITTEN,
    }
}

/// The ending of a stored file, by what its bytes are.
fn ending(media_type: &str) -> String {
    let format = Format::ALL.iter().find(|format| format.media_type() == media_type);
    format.map_or_else(|| "bin".into(), |format| format.ending().to_owned())
}

impl Group {
    pub(super) fn of(what: Option<Proof>) -> Group {
        Group {
            what,
            title: String::new(),
            address: String::new(),
            add: None,
            files: Vec::new(),
            entries: None,
            figure: None,
            left_out: 0,
            beyond: 0,
        }
    }

    /// A document of an office, unless it shows children and may not be given.
    fn put(&mut self, locale: Locale, piece: Piece, children: Children, manages: bool, unit: &str) {
        if piece.children && !(manages && children == Children::In) {
            self.left_out += 1;
            return;
        }
        let day = crate::server::clock::day_of(piece.linked_at);
        self.files.push(File {
            material: Material::of_piece(&piece.name, piece.kind),
            name: evidence::view::shown_name(locale, &piece),
            ending: ending(&piece.media_type),
            source: Source::Stored(piece.full_key),
            caption: caption(day, "", unit, locale),
            day: None,
            id: Some(piece.id),
            is_photo: piece.kind == Kind::Photo,
            is_draft: false,
            size: piece.full_size,
        });
    }

    /// What stands behind an entry, once.
    fn put_shown(&mut self, locale: Locale, shown: Shown, children: Children, manages: bool) {
        if self.files.iter().any(|file| file.id == Some(shown.id)) {
            return;
        }
        if shown.children && !(manages && children == Children::In) {
            self.left_out += 1;
            return;
        }
        let material = Material::of_piece(&shown.name, shown.kind);
        let words = [shown.day.to_string(), shown.place.clone(), shown.unit_name.clone()];
        // A photo is called by what it shows; a document as its office named it.
        let name = match material {
            Material::Photo => words.iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>().join(" "),
            _ => format!("{} {}", shown.day, shown.name),
        };
        self.files.push(File {
            material,
            name,
            ending: ending(&shown.media_type),
            source: Source::Stored(shown.full_key),
            caption: caption(shown.day, &shown.place, &shown.unit_name, locale),
            day: Some(shown.day),
            id: Some(shown.id),
            is_photo: shown.kind == Kind::Photo,
            is_draft: false,
            size: shown.full_size,
        });
    }
}
